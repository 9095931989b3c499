package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/cmd/segq/internal/exit"
)

// fields is a record as JSON has it.
type fields = map[string]any

// door is a way to ask.
type door struct {
	name string
	// ops are the operations that it has.
	ops []string
	// places is what the places in an error or a warning count from: the text of the run,
	// as somebody has written it, or what the door is given of it.
	places places
	// alone says that each query is a job of its own, which knows no place in a run.
	alone bool
	ask   func(r *doorRun) []fields
}

type places int

const (
	inText places = iota
	inStatement
	inQuery
)

// doorRun is a run through one door. Who asks as a tenant of its own finds nothing in the
// cache.
type doorRun struct {
	*testing.T
	*doorAsk
	hall   *hall
	tenant string
	status *int // how the program has ended, where there is one
	notes  *string
}

var (
	sizes    = []string{"query"}
	queries  = append(sizes, "breakdown", "funnel", "near", "lift", "overlap")
	overJobs = append(queries, "sample")
	exports  = []string{"export"}
)

// doors are all of them. The first that has an operation is what the others are held to.
var doors = []door{
	{"file", queries, inText, false, (*doorRun).file},
	{"command", queries, inStatement, false, (*doorRun).command},
	{"stdin", queries, inText, false, (*doorRun).stdin},
	{"rule-file", queries, inQuery, false, (*doorRun).ruleFile},
	{"array", queries, inText, false, (*doorRun).array},
	{"redis", queries, inText, false, (*doorRun).redis},
	{"attach", queries, inText, false, (*doorRun).attach},
	{"submit", append(overJobs, exports...), inText, false, (*doorRun).submit},
	{"together", sizes, inText, false, (*doorRun).together},
	{"ingress", append(overJobs, exports...), inQuery, true, (*doorRun).ingress},
	{"preview", overJobs, inQuery, true, (*doorRun).preview},
	{"preview-rules", sizes, inQuery, true, (*doorRun).previewRules},
	{"publish", exports, inText, false, (*doorRun).publish},
	{"session", sizes, inQuery, true, (*doorRun).session},
	{"session-attached", sizes, inQuery, true, (*doorRun).sessionAttached},
}

// TestDoors asks everything in testdata/doors, and the tour, through every door, and
// compares the records whole: once as a tenant who finds nothing in the cache, and once as
// one for whom another door has left its answers there.
func TestDoors(t *testing.T) {
	t.Parallel()
	building := openBuilding(t)
	all := []*doorAsk{tourOfDoors(), manyOfTour()}
	for _, file := range []string{"people", "sample"} {
		all = append(all, readDoors(t, filepath.Join("testdata/doors", file+".txt"))...)
	}
	for i, a := range all {
		h := building.hall(a.over)
		t.Run(a.title, func(t *testing.T) {
			t.Parallel()
			want := reference(t, h, a)
			for _, cached := range []bool{false, true} {
				for _, d := range doors {
					if !d.has(a) || cached && (d.local() || a.op == "export") {
						continue
					}
					tenant := "preview-" + strconv.Itoa(i)
					if !cached && !strings.HasPrefix(d.name, "preview") {
						tenant = fmt.Sprintf("t-%d-%s", i, d.name)
					}
					name := d.name
					if cached {
						name += ", cached"
					}
					t.Run(name, func(t *testing.T) { d.compare(t, h, a, tenant, want) })
				}
			}
		})
	}
}

// has says whether the run goes through the door.
func (d *door) has(a *doorAsk) bool {
	for _, op := range d.ops {
		if op == a.op {
			return a.but[d.name] == ""
		}
	}
	return false
}

// local says whether a door has no queue, or one of its own.
func (d *door) local() bool {
	switch d.name {
	case "file", "command", "stdin", "rule-file", "array", "redis", "session":
		return true
	}
	return false
}

// outcome is how a run has ended.
type outcome struct {
	records []fields
	status  int
	notes   string // to standard error
}

// reference returns what the first door says, which must have the counts of the script.
func reference(t *testing.T, h *hall, a *doorAsk) outcome {
	t.Helper()
	for _, d := range doors {
		if !d.has(a) {
			continue
		}
		want := d.enter(t, h, a, "reference")
		if a.op != "overlap" && len(want.records) != len(a.statements) {
			t.Fatalf("%d records for %d queries", len(want.records), len(a.statements))
		}
		for i, s := range a.statements {
			if got := answered(want.records, i, a.op); got != s.want {
				t.Errorf("%s: %s, not %s", s.query, got, s.want)
			}
		}
		return want
	}
	t.Fatal("no door has", a.op)
	return outcome{}
}

// answered is the count that records give to query i, or its error.
func answered(records []fields, i int, op string) string {
	if op == "overlap" {
		r := records[0]
		if o, ok := r["overlap"].(fields); ok {
			row, _ := o["both"].([]any)[i].([]any)
			return fmt.Sprint(row[i])
		}
		records, i = []fields{r}, 0
	}
	r := records[i]
	if e, ok := r["error"].(fields); ok {
		return fmt.Sprint(e["code"])
	}
	return jsonText(r["count"])
}

// enter asks through a door, and gives the records in the form in which they are compared.
func (d *door) enter(t *testing.T, h *hall, a *doorAsk, tenant string) outcome {
	t.Helper()
	status := -1
	start := time.Now().UTC().Truncate(time.Millisecond)
	var notes string
	records := d.ask(&doorRun{T: t, doorAsk: a, hall: h, tenant: tenant, status: &status, notes: &notes})
	end := time.Now().UTC()
	for i, r := range records {
		if a.now == "" && r["partial"] == nil {
			at, err := time.Parse(time.RFC3339, fmt.Sprint(r["now"]))
			if err != nil || at.Before(start) || at.After(end) {
				t.Errorf("now is %v, and the run was from %v to %v", r["now"], start, end)
			}
		}
		if a.now == "" {
			delete(r, "now")
		}
		d.level(t, a, i, r)
	}
	return outcome{records, status, notes}
}

// level takes out of a record what is not the same at two doors, and no more than that.
func (d *door) level(t *testing.T, a *doorAsk, i int, r fields) {
	t.Helper()
	// What an answer is called and how long it took is no part of it, nor is where it came from.
	for _, key := range []string{"id", "elapsed_ms", "cached"} {
		if _, ok := r[key]; !ok && r["partial"] == nil {
			t.Errorf("there is no %s in %v", key, r)
		}
		delete(r, key)
	}
	// Each publication has a version of its own.
	if e, ok := r["export"].(fields); ok {
		if a.to != "file" && e["version"] == nil {
			t.Errorf("an export without a version: %v", e)
		}
		delete(e, "version")
	}
	// A job of its own has no place in a run.
	if d.alone && r["partial"] == nil {
		if jsonText(r["index"]) != "0" {
			t.Errorf("the index of a job of one query is %v", r["index"])
		}
		r["index"] = json.Number(strconv.Itoa(i))
	}
	// Places count from the beginning of what the door was given.
	if a.op == "overlap" || d.places == inText {
		return
	}
	line, column := a.place(i, d.places == inQuery)
	if e, ok := r["error"].(fields); ok && e["line"] != nil {
		l, c := moved(t, e["line"], e["column"], line, column)
		e["line"], e["column"] = json.Number(l), json.Number(c)
	}
	warnings, _ := r["warnings"].([]any)
	for k, w := range warnings {
		warnings[k] = placed.ReplaceAllStringFunc(w.(string), func(text string) string {
			m := placed.FindStringSubmatch(text)
			l, c := moved(t, m[1], m[2], line, column)
			return fmt.Sprintf("line %s, column %s: ", l, c)
		})
	}
}

// placed is how a warning says where it is.
var placed = regexp.MustCompile(`^line (\d+), column (\d+): `)

// moved returns a place in a text that begins at the line and column of another.
func moved(t *testing.T, line, column any, byLines, byColumns int) (l, c string) {
	t.Helper()
	atLine, err := strconv.Atoi(fmt.Sprint(line))
	if err != nil {
		t.Fatal(err)
	}
	atColumn, err := strconv.Atoi(fmt.Sprint(column))
	if err != nil {
		t.Fatal(err)
	}
	if atLine == 1 {
		atColumn += byColumns
	}
	return strconv.Itoa(atLine + byLines), strconv.Itoa(atColumn)
}

// compare asks through a door, and compares what it says with what was said elsewhere.
func (d *door) compare(t *testing.T, h *hall, a *doorAsk, tenant string, want outcome) {
	got := d.enter(t, h, a, tenant)
	if len(got.records) == 0 && (d.name == "submit" || d.name == "together") {
		refused(t, want, got)
		return
	}
	if len(got.records) != len(want.records) {
		t.Fatalf("%d records, not %d", len(got.records), len(want.records))
	}
	for i, r := range got.records {
		wanted := want.records[i]
		if r["partial"] != nil {
			// A session asks nothing where the check says what is wrong: it has the
			// error, and no record.
			delete(r, "partial")
			wanted = fields{"status": wanted["status"], "error": wanted["error"]}
		}
		if diff := cmp.Diff(wanted, r); diff != "" {
			t.Errorf("record %d differs (-elsewhere +here)\n%s", i, diff)
		}
	}
	if got.status >= 0 && want.status >= 0 && got.status != want.status {
		t.Errorf("the status is %d, not %d", got.status, want.status)
	}
}

// refused holds segq submit to what it does where it sees itself that a query is wrong: it
// puts none in the queue, and says what is wrong in the words, and at the places, of the
// records elsewhere.
func refused(t *testing.T, want, got outcome) {
	t.Helper()
	wrong := 0
	for _, r := range want.records {
		e, ok := r["error"].(fields)
		if !ok {
			continue
		}
		wrong++
		if line := fmt.Sprintf("q.pql:%v:%v: error: %v\n", e["line"], e["column"], e["message"]); !strings.Contains(got.notes, line) {
			t.Errorf("%q is not said in %q", line, got.notes)
		}
	}
	if wrong == 0 || got.status != exit.WrongQuery {
		t.Errorf("status %d, %d of %d queries are wrong: %s", got.status, wrong, len(want.records), got.notes)
	}
}
