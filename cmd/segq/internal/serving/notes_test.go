package serving_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/serving"
)

// TestNotes: each line that is told is one of the log, with what it is about.
func TestNotes(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	w := serving.Notes(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	})))
	fmt.Fprint(w, "segq: 2 of 3 rows could not be read:\n  a.ndjson:1: no\n")
	fmt.Fprint(w, "  and 1 mo")
	fmt.Fprint(w, "re\nsegq: alone\n  below nothing\n\n")
	want := `level=WARN msg="2 of 3 rows could not be read" note="a.ndjson:1: no"
level=WARN msg="2 of 3 rows could not be read" note="and 1 more"
level=WARN msg=alone
level=WARN msg="below nothing"
`
	if out.String() != want {
		t.Errorf("logged:\n%swant:\n%s", &out, want)
	}
}
