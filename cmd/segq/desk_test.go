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
	program, data, space, redis, root string
	shown                             []string // the screens that were kept, as text
}

// rising is a rule that has to visit the profiles one by one: some purchase was larger than an earlier one.
const rising = `exists A from xEvent, B from xEvent where A.eventType = "commerce.purchases" and A.timestamp < B.timestamp and ` +
	`B.commerce.order.priceTotal > A.commerce.order.priceTotal`

// TestDesk is a day at the desk, in minutes: five queries at once, one of them cancelled, what an analyst asks about an
// audience, an export, a worker that is killed, and another that goes on. What the session says is what the command
// line says of the same data. Over data of one's own, whose screens are then the picture and the text of README:
//
//	segq gen --profiles 5000000 -o /tmp/desk.parquet
//	SEGQ_DESK_DATA=/tmp/desk.parquet go test ./cmd/segq -run TestDesk -timeout 60m -v
func TestDesk(t *testing.T) {
	t.Parallel()
	redis := workertest.Redis(t)
	d := &desk{program: filepath.Join(t.TempDir(), "segq"), space: "desk-" + uuid.NewString(), redis: redis, root: t.TempDir()}
	if out, err := exec.Command("go", "build", "-o", d.program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	if d.data = os.Getenv("SEGQ_DESK_DATA"); d.data == "" {
		d.data = filepath.Join(t.TempDir(), "profiles.parquet")
		if out, err := d.segq("gen", "--profiles", "200000", "-o", d.data).CombinedOutput(); err != nil {
			t.Fatalf("segq gen: %v\n%s", err, out)
		}
	}
	first := d.serve(t)
	session := d.segq("--attach", "--redis", redis, "--namespace", d.space)
	session.Env = append(session.Env, "TERM=xterm-256color", "XDG_STATE_HOME="+t.TempDir(), "NO_COLOR=", "ACCESSIBLE=", "SEGQ_PAGER=off")
	d.screen = newScreen(t, session, 100, 48)
	d.limit = 10 * time.Minute // of millions of profiles, on few processors
	d.until(" profiles")

	d.fiveAtOnce(t)
	d.about(t)
	d.export(t)
	d.workerLost(t, first)
	d.keys(".quit\r")
	if status := d.end(); status != 0 {
		t.Errorf("status %d", status)
	}
	d.restored()
	t.Log(d.text())
}

// segq returns a command of the plain build.
func (d *desk) segq(args ...string) *exec.Cmd {
	c := exec.Command(d.program, args...)
	c.Env = append(os.Environ(), "SEGQ_NO_CONFIG=true", "SEGQ_HISTORY=off")
	return c
}

// serve starts a worker.
func (d *desk) serve(t *testing.T) *served {
	return serveBy(t, d.segq("--serve", "--redis", d.redis, "--namespace", d.space, "--export-root", d.root, d.data))
}

// ofTier asks the same of the profiles of a tier alone.
func ofTier(tier string) string { return fmt.Sprintf("loyalty.tier = %q and (%s)", tier, rising) }

// fiveAtOnce enters five queries, one for each tier and one over all, which is cancelled.
func (d *desk) fiveAtOnce(t *testing.T) {
	queries := []string{rising}
	for _, tier := range []string{"bronze", "silver", "gold", "platinum"} {
		queries = append(queries, ofTier(tier))
	}
	for _, q := range queries {
		d.keys(q + "\r")
	}
	d.running(1)
	d.keys(".cancel #1\r")
	d.matching(regexp.MustCompile(`(?m)^#1 .*stopped at \d+ %.*≈ [\d,]+ ± [\d,]+`))
	for i, q := range queries[1:] {
		d.same(i+2, q)
	}
}

// running waits until a query is under way with an estimate, and keeps the screen.
func (d *desk) running(number int) {
	d.matching(regexp.MustCompile(fmt.Sprintf(`(?m)^#%d .*≈ [\d,]+ ± [\d,]+ .*%%`, number)))
}

// matching waits until the screen has what an expression matches, and returns that.
func (d *desk) matching(want *regexp.Regexp) string {
	d.Helper()
	return want.FindString(d.wait(want.String(), want.MatchString))
}

// answered waits for the answer of a query, and returns its line.
func (d *desk) answered(number int) string {
	d.Helper()
	return d.matching(regexp.MustCompile(fmt.Sprintf(`(?m)^#%d .*→ .*$`, number)))
}

// same waits for the answer of a query: it is that of the command line.
func (d *desk) same(number int, q string) {
	d.Helper()
	if line, want := d.answered(number), show.Count(d.count(q)); !strings.Contains(line, "→  "+want+" of ") {
		d.Errorf("%s\nand the command line has %s", line, want)
	}
}

// count is how many profiles match a query, by the command line.
func (d *desk) count(q string) int {
	d.Helper()
	var answers []record.Record
	out := d.printed("-q", "--json", "-c", q)
	if err := json.Unmarshal([]byte(out), &answers); err != nil || len(answers) != 1 || answers[0].Count == nil {
		d.Fatalf("%v\n%s", err, out)
	}
	return *answers[0].Count
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

// canadians are the audience that the analyst asks about.
const canadians = `loyalty.tier = "gold" and homeAddress.countryCode = "CA" and xEvent.count() >= 3`

// about asks about an audience, whose answers are the tables of the command line.
func (d *desk) about(t *testing.T) {
	d.keys(canadians + "\r")
	d.same(6, canadians)
	d.keys(".funnel\r")
	d.answered(7)
	d.table("--funnel", "-c", canadians)
	d.keys(".overlap #4 #6\r")
	d.answered(8)
	d.table("--overlap", "-c", "#4: "+ofTier("gold"), "-c", "#6: "+canadians)
	d.keys(".lift loyalty.tier #4\r")
	d.answered(9)
	d.table("--lift", "loyalty.tier", "-c", ofTier("gold"))
	id := strings.TrimSpace(d.printed("-q", "-c", canadians, "--ids", "--limit", "1", "--format", "tsv"))
	d.keys(".why " + id + "\r")
	d.until(id + " is in #6")
	d.keys(".near\r")
	d.answered(11)
	d.table("--near", "-c", canadians)
}

// table looks for each row of a table of the command line on the screen.
func (d *desk) table(args ...string) {
	d.Helper()
	all := d.text()
	for _, row := range strings.Split(d.printed(append([]string{"-q"}, args...)...), "\n") {
		if numbers.MatchString(row) && !strings.Contains(all, strings.TrimSpace(row)) {
			d.Errorf("no row %q on\n%s", row, all)
		}
	}
}

// numbers are the end of a row of a table.
var numbers = regexp.MustCompile(`\d  +[\d,.]+( %)?$`)

// export has the worker write the audience.
func (d *desk) export(t *testing.T) {
	d.keys(".export canada.csv #6\r")
	d.answered(12)
	name := filepath.Join(d.root, "default", "canada.csv")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Count(string(text), "\n")-1, d.count(canadians); got != want {
		t.Errorf("%d rows, not %d", got, want)
	}
}

// workerLost kills the worker of a query, and has another go on with it.
func (d *desk) workerLost(t *testing.T, w *served) {
	d.keys(rising + "\r")
	d.running(13)
	if err := w.c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	d.until("worker lost")
	d.serve(t)
	d.same(13, rising)
}
