package peek_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"go.uber.org/goleak"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/peek"
	"github.com/segq/segq/cmd/segq/internal/rules"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestScripts runs the scripts of testdata: "data" has profiles as lines of JSON, and "peek" a text with a bar
// at the cursor, of which it gives what there is to show. Arguments are parameters, but now, and seg, a
// query of that name, with _ for each space.
func TestScripts(t *testing.T) {
	t.Parallel()
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		var c *peek.Counter
		datadriven.RunTest(t, path, func(t *testing.T, td *datadriven.TestData) string {
			switch td.Cmd {
			case "data":
				c = peek.Patient(t.Context(), open(t, "p.ndjson", td.Input))
				return ""
			case "peek":
				q := question(t, td)
				first := shown(q.Text, c.Count(t.Context(), q))
				if again := shown(q.Text, c.Count(t.Context(), q)); again != first {
					t.Errorf("%s: %s, and then %s", q.Text, first, again)
				}
				return first
			}
			return "there is no command " + td.Cmd
		})
	})
}

func open(t *testing.T, name, data string) *dataset.Dataset {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := dataset.Open(t.Context(), []string{name}, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func question(t *testing.T, td *datadriven.TestData) peek.Question {
	before, after, ok := strings.Cut(td.Input, "|")
	if !ok {
		td.Fatalf(t, "no cursor")
	}
	q := peek.Question{Text: before + after, Cursor: len(before), Params: map[string]any{}, Segments: map[string]string{}}
	for _, a := range td.CmdArgs {
		switch a.Key {
		case "now":
			q.Now, _ = rules.Instant(a.Vals[0])
		case "seg":
			q.Segments["seg"] = strings.ReplaceAll(a.Vals[0], "_", " ")
		default:
			var n int64
			if _, err := fmt.Sscan(a.Vals[0], &n); err != nil {
				td.Fatalf(t, "%v", err)
			}
			q.Params[a.Key] = n
		}
	}
	return q
}

// shown writes what there is to show.
func shown(text string, r peek.Result) string {
	if r == (peek.Result{}) {
		return "nothing\n"
	}
	if r.Loading {
		return fmt.Sprintf("`%s` is being loaded\n", text[r.Counted.Start:r.Counted.End])
	}
	out := fmt.Sprintf("`%s`: %d of %d\n", text[r.Counted.Start:r.Counted.End], r.Count, r.Total)
	if c := r.Clause; c != nil {
		out += fmt.Sprintf("`%s`: %d pass, %d without\n", text[c.At.Start:c.At.End], c.Pass, c.Without)
	}
	return out
}
