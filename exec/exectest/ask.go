package exectest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// ask puts a query or value command to the engine.
func (s *script) ask(t *testing.T, d *datadriven.TestData, q *check.Query) string {
	t.Helper()
	matched, err := s.engine.Match(s.snap, q, s.now)
	if err != nil {
		return "error: " + err.Error()
	}
	var only string
	d.MaybeScanArgs(t, "only", &only)
	switch {
	case d.Cmd == "value":
		return s.values(t, d, q, matched, only)
	case d.Cmd != "query":
		d.Fatalf(t, "unknown command %s", d.Cmd)
	case only != "":
		return strconv.FormatBool(slices.Contains(matched, only))
	}
	answer := fmt.Sprintf("%d of %d", len(matched), len(s.ids))
	if len(matched) > 0 {
		answer += ": " + strings.Join(matched, " ")
	}
	return answer
}

// values answers a value command, and sees that the profiles which were matched
// are those whose value is true as a condition.
func (s *script) values(t *testing.T, d *datadriven.TestData, q *check.Query, matched []string, only string) string {
	t.Helper()
	valuer, ok := s.engine.(Valuer)
	if !ok {
		s.agree(t, d, d.Expected, matched, only)
		return d.Expected
	}
	values, err := valuer.Values(s.snap, q, s.now)
	if err != nil {
		return "error: " + err.Error()
	}
	var b strings.Builder
	for i, v := range values {
		switch only {
		case "":
			fmt.Fprintf(&b, "%s: %s\n", s.ids[i], v)
		case s.ids[i]:
			b.WriteString(v)
		}
	}
	s.agree(t, d, b.String(), matched, only)
	return b.String()
}

// agree compares the profiles that an engine matched with the values in the
// answer of a value command: null, false and the empty list are not true.
func (s *script) agree(t *testing.T, d *datadriven.TestData, answer string, matched []string, only string) {
	t.Helper()
	for line := range strings.Lines(answer) {
		id, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if only != "" {
			id, value, ok = only, strings.TrimSpace(line), true
		}
		want := value != "null" && value != "false" && value != "[]"
		if got := slices.Contains(matched, id); !ok || got != want {
			t.Errorf("%s: %s: as a condition %v for a value of %s", d.Pos, id, got, value)
		}
	}
}

// rowIDs returns the id of every row as text.
func rowIDs(snap *column.Snapshot) []string {
	ids := make([]string, snap.Rows())
	for i := range ids {
		ids[i] = rowID(snap, i)
	}
	return ids
}

func rowID(snap *column.Snapshot, row int) string {
	if snap.ID == nil {
		return strconv.Itoa(row)
	}
	c := snap.Root.Fields[snap.ID.Index]
	if c.Null(row) {
		return strconv.Itoa(row)
	}
	c, row = column.At(c, row)
	text, _ := column.AppendCell(nil, c, row, snap.ID.Type)
	return string(text)
}
