//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// desk is an analyst's session of the plain build on a terminal, attached to workers behind a Redis server.
type desk struct {
	*screen
	program, redis, space string
	data                  string
	mine                  bool   // the data is named by who runs the test
	root                  string // of exports
}

// The audiences of the day. Rising has to visit the profiles one by one: some order was larger than an earlier one.
const (
	canadians = `loyalty.tier = "gold" and homeAddress.countryCode = "CA" and xEvent.count() >= 3`
	rising    = `exists A from xEvent, B from xEvent where A.timestamp < B.timestamp and ` +
		`A.commerce.order.priceTotal < B.commerce.order.priceTotal`
)

// risingIn asks the same of the profiles of a country alone.
func risingIn(country string) string {
	return fmt.Sprintf("homeAddress.countryCode = %q and (%s)", country, rising)
}

// TestDesk is a day at the desk, in a minute: what an analyst asks about an audience, five queries at once, one of them
// cancelled, an export, a worker that is killed, and another that goes on. What the session says is what the command
// line says of the same data. SEGQ_DESK_DATA is data to use in the place of 200,000 profiles that are made here; with
// UPDATE_SCRIPTS=1 the last screens over it become the text and the picture of README:
//
//	segq gen --profiles 5000000 -o /tmp/desk.parquet
//	UPDATE_SCRIPTS=1 SEGQ_DESK_DATA=/tmp/desk.parquet go test ./cmd/segq -run 'TestDesk$' -timeout 60m -v
func TestDesk(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first := d.serve(t)
	d.sitDown(t)
	d.about()
	d.fiveAtOnce(t)
	d.export(t)
	d.workerLost(t, first)
	d.keys(".quit\r")
	if status := d.end(); status != 0 {
		t.Errorf("status %d", status)
	}
	d.restored()
	t.Log(d.text())
	if d.mine && os.Getenv("UPDATE_SCRIPTS") != "" {
		writeBlock(t, attachedBlock, d.text())
	}
}

// newDesk builds segq, and makes what it is to work with.
func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{redis: workertest.Redis(t), space: "desk-" + uuid.NewString(), root: t.TempDir(), data: os.Getenv("SEGQ_DESK_DATA")}
	d.program = filepath.Join(t.TempDir(), "segq")
	if out, err := exec.Command("go", "build", "-o", d.program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	if d.mine = d.data != ""; !d.mine {
		d.data = filepath.Join(t.TempDir(), "profiles.parquet")
		if out, err := d.segq("gen", "--profiles", "200000", "-o", d.data).CombinedOutput(); err != nil {
			t.Fatalf("segq gen: %v\n%s", err, out)
		}
	}
	return d
}

// segq returns a command of the plain build.
func (d *desk) segq(args ...string) *exec.Cmd {
	c := exec.Command(d.program, args...)
	c.Env = append(os.Environ(), "SEGQ_NO_CONFIG=true", "SEGQ_HISTORY=off")
	return c
}

// serve starts a worker, and waits until it works.
func (d *desk) serve(t *testing.T) *served {
	w := serveBy(t, d.segq("--serve", "--redis", d.redis, "--namespace", d.space, "--export-root", d.root, d.data))
	w.until("working")
	return w
}

// sitDown starts the session.
func (d *desk) sitDown(t *testing.T) {
	c := d.segq("--attach", "--redis", d.redis, "--namespace", d.space)
	c.Env = append(c.Env, "TERM=xterm-256color", "XDG_STATE_HOME="+t.TempDir(), "NO_COLOR=", "ACCESSIBLE=", "SEGQ_PAGER=off")
	d.screen = newScreen(t, c, 100, 46)
	if d.limit = 2 * time.Minute; d.mine {
		d.limit = 15 * time.Minute // of millions of profiles, on few processors
	}
	d.until(" profiles")
	d.until("segq>")
}

// about asks about an audience, whose answers are the tables of the command line.
func (d *desk) about() {
	d.keys(canadians + "\r")
	d.answered(1)
	d.same(map[int]string{1: canadians})
	d.keys(".funnel\r")
	d.answered(2)
	d.table("--funnel", "-c", canadians)
}

// fiveAtOnce enters five queries, of which the first is cancelled; and asks more about an audience when they have ended.
func (d *desk) fiveAtOnce(t *testing.T) {
	asked := map[int]string{}
	d.keys(rising + "\r")
	for i, country := range []string{"BR", "IL", "JP", "CA"} {
		asked[i+4] = risingIn(country)
		d.keys(asked[i+4] + "\r")
	}
	d.running(3)
	if d.mine && os.Getenv("UPDATE_SCRIPTS") != "" {
		d.keys(`loyalty.tier = "`)
		d.until("› ")
		if err := os.WriteFile("../../repl/session.svg", []byte(d.picture("A session of segq over five million profiles")), 0o644); err != nil {
			t.Fatal(err)
		}
		d.keys("\x15")
	}
	d.keys(".cancel #3\r")
	d.matching(`(?m)^#3 .*stopped at .*%.*≈ [\d,]+ ± [\d,]+`)
	d.same(asked)

	d.keys(".overlap #1 #7\r")
	d.answered(8)
	d.table("--overlap", "-c", canadians, "-c", asked[7])
	d.keys(".lift loyalty.tier #7\r")
	d.answered(9)
	d.table("--lift", "loyalty.tier", "-c", asked[7])
	id := strings.TrimSpace(d.printed("-q", "-c", canadians, "--ids", "--limit", "1", "--format", "ndjson"))
	if id = regexp.MustCompile(`p-\d+`).FindString(id); id == "" {
		t.Fatal("nobody is one")
	}
	d.keys(".why " + id + " #1\r")
	d.until(id + " matches")
	d.keys(".near #1\r")
	d.answered(11)
	d.table("--near", "-c", canadians)
}

// export has the worker write an audience.
func (d *desk) export(t *testing.T) {
	d.keys(".export canada.csv #1\r")
	d.answered(12)
	text, err := os.ReadFile(filepath.Join(d.root, "default", "canada.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Count(string(text), "\n")-1, d.counts(canadians)[0]; got != want {
		t.Errorf("%d rows, not %d", got, want)
	}
}

// workerLost kills the worker of a query, and has another go on with it.
func (d *desk) workerLost(t *testing.T, w *served) {
	q := rising
	if d.mine { // it is long enough
		q = risingIn("US")
	}
	d.keys(q + "\r")
	d.running(13)
	if err := w.c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	d.until("no worker serves this data")
	d.serve(t)
	d.same(map[int]string{13: q})
}

// running waits until a query is under way, with an estimate and a few percent of its bar.
func (d *desk) running(number int) {
	d.Helper()
	d.matching(fmt.Sprintf(`(?m)^#%d .*≈ [\d,]+ ± [\d,]+ .* ([5-9]|\d\d) %%`, number))
}

// answered waits for the answer of a query, and returns its line.
func (d *desk) answered(number int) string {
	d.Helper()
	return d.matching(fmt.Sprintf(`(?m)^#%d .*→ .*$`, number))
}

// matching waits until the screen has what an expression matches, and returns that.
func (d *desk) matching(expression string) string {
	d.Helper()
	want := regexp.MustCompile(expression)
	return want.FindString(d.wait(expression, want.MatchString))
}

// same waits for the answers of queries: they are those of the command line.
func (d *desk) same(asked map[int]string) {
	d.Helper()
	var numbers []int
	var queries []string
	for number, q := range asked {
		numbers, queries = append(numbers, number), append(queries, q)
	}
	for i, n := range d.counts(queries...) {
		if line, want := d.answered(numbers[i]), "→  "+show.Count(n)+" of "; !strings.Contains(line, want) {
			d.Errorf("%s\nand the command line has %s", line, want)
		}
	}
}

// counts is how many profiles match queries, by the command line.
func (d *desk) counts(queries ...string) []int {
	d.Helper()
	args := []string{"-q", "--json"}
	for _, q := range queries {
		args = append(args, "-c", q)
	}
	var answers []record.Record
	if err := json.Unmarshal([]byte(d.printed(args...)), &answers); err != nil || len(answers) != len(queries) {
		d.Fatal(err, answers)
	}
	found := make([]int, len(answers))
	for i, a := range answers {
		found[i] = *a.Count
	}
	return found
}

// printed is what the command line prints of the data.
func (d *desk) printed(args ...string) string {
	d.Helper()
	c := d.segq(append(args, d.data)...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		d.Fatalf("segq %s: %v", strings.Join(args, " "), err)
	}
	return string(out)
}

// rowOfNumbers is the end of a row of a table, two columns of numbers or more.
var rowOfNumbers = regexp.MustCompile(`(  +[+\d][\d,.]*( [%×])?){2,}.*$`)

// table looks on the screen for the numbers of each row of a table of the command line.
func (d *desk) table(args ...string) {
	d.Helper()
	all, rows := spaced(d.text()), 0
	for row := range strings.SplitSeq(d.printed(append([]string{"-q"}, args...)...), "\n") {
		if row = spaced(rowOfNumbers.FindString(row)); row == "" {
			continue
		}
		if rows++; !strings.Contains(all, row) {
			d.Errorf("%s has %q, which is not on\n%s", args[0], row, all)
		}
	}
	if rows == 0 {
		d.Errorf("%s has no row", args[0])
	}
}

// spaced has one space where there were several.
func spaced(text string) string { return regexp.MustCompile(` +`).ReplaceAllString(text, " ") }
