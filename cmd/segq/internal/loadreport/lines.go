package loadreport

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/repl/show"
)

// linesOfEach is how many lines of each kind there are below the table: all of them are in the JSON.
const linesOfEach = 20

// Lines returns the report for people.
func (r *Report) Lines(look show.Look) []string {
	lines := []string{r.facts()}
	if speed := r.speed(); speed != "" {
		lines = append(lines, speed)
	}
	if r.Counted >= 100 {
		lines = append(lines, "counting how the fields are filled took "+show.Took(time.Duration(r.Counted*float64(time.Millisecond))))
	}
	if len(r.Fields) > 0 {
		lines = append(append(lines, ""), r.table(look)...)
	}
	if r.Left > 0 {
		lines = append(lines, fmt.Sprintf("and %s, which segq schema --report tells of where the data is", show.Plural(r.Left, "more field", "more fields")))
	}
	for _, section := range []struct {
		head  string
		lines []string
		all   int
	}{
		{"read as another type:", r.coerced(), 0},
		{"null, as they do not fit:", r.unfit(), 0},
		{show.Plural(r.Rejected, "row", "rows") + " left out, unreadable:", r.rejects(), r.Rejected},
		{"about the data:", r.Notes, 0},
	} {
		if len(section.lines) == 0 {
			continue
		}
		lines = append(lines, "", section.head)
		shown := section.lines[:min(len(section.lines), linesOfEach)]
		for _, line := range shown {
			lines = append(lines, "  "+show.OneLine(line))
		}
		if more := max(len(section.lines), section.all) - len(shown); more > 0 {
			lines = append(lines, fmt.Sprintf("  and %s more", show.Count(more)))
		}
	}
	return lines
}

// facts says how much it is.
func (r *Report) facts() string {
	facts := []string{show.Clean(r.Data), show.Plural(r.Rows, "profile", "profiles")}
	if r.Events != nil {
		facts = append(facts, show.Plural(*r.Events, "event", "events"))
	}
	return strings.Join(append(facts, show.Plural(r.Columns, "field", "fields")), " · ")
}

// speed says how fast it was read.
func (r *Report) speed() string {
	in := ""
	if n := len(r.Files); n > 0 {
		in = " in " + show.Plural(n, "file", "files")
	}
	if r.Elapsed == 0 && r.Bytes > 0 {
		return fmt.Sprintf("%s%s, of which nothing was read yet", size(float64(r.Bytes)), in)
	}
	if r.Elapsed == 0 {
		return ""
	}
	took := show.Took(time.Duration(r.Elapsed * float64(time.Millisecond)))
	if r.Bytes == 0 {
		return fmt.Sprintf("read in %s: %s rows a second", took, show.Count(r.RowsPerSecond))
	}
	if r.Read > 0 {
		return fmt.Sprintf("%s of the %s%s, read in %s: %s a second", size(float64(r.Read)), size(float64(r.Bytes)), in, took, size(float64(r.BytesPerSecond)))
	}
	return fmt.Sprintf("%s%s, read in %s: %s rows and %s a second", size(float64(r.Bytes)), in, took, show.Count(r.RowsPerSecond), size(float64(r.BytesPerSecond)))
}

// size writes a number of bytes.
func size(bytes float64) string {
	switch {
	case bytes >= 1e9:
		return fmt.Sprintf("%.1f GB", bytes/1e9)
	case bytes >= 1e6:
		return fmt.Sprintf("%.1f MB", bytes/1e6)
	case bytes >= 1e3:
		return fmt.Sprintf("%.0f KB", bytes/1e3)
	}
	return show.Plural(int(bytes), "byte", "bytes")
}

// table has a line for each field.
func (r *Report) table(look show.Look) []string {
	columns := []show.Column{
		{Head: "field", Fold: true, Role: show.Name}, {Head: "type", Spare: 1, Fold: true}, {Head: "filled", Right: true}, {Head: "distinct", Right: true},
		{Head: "coerced", Right: true, Spare: 2}, {Head: "unfit", Right: true},
	}
	rows, unknown := make([][]string, len(r.Fields)), false
	for i, f := range r.Fields {
		rows[i] = []string{f.Field, f.Type, f.filled(), f.distinct(), f.coercedCount(), f.unfitCount()}
		unknown = unknown || slices.Contains(rows[i], notKnown)
	}
	t := show.NewTable(columns, look, rows)
	lines := []string{t.Head()}
	for _, row := range rows {
		lines = append(lines, t.Line(row))
	}
	if unknown {
		lines = append(lines, look.Said(show.Faint, notKnown+" not known yet: the column is not in memory, and the files do not say it; a query that names the field has it loaded, segq schema --report reads all")...)
	}
	return lines
}

// notKnown stands for a number that would take a column that is not in memory.
const notKnown = "–"

// filled is the share of the places that have a value; nothing where there are no places.
func (f *Field) filled() string {
	switch {
	case f.Values == nil:
		return notKnown
	case *f.Of == 0:
		return ""
	}
	return show.Share(*f.Values, *f.Of)
}

// distinct is how many different values there are; nothing for objects, of which nobody counts how many differ.
func (f *Field) distinct() string {
	switch {
	case f.Distinct != nil:
		return show.Count(*f.Distinct)
	case strings.Trim(strings.ReplaceAll(f.Type, "list<", ""), ">") == "object":
		return ""
	}
	return notKnown
}

func (f *Field) coercedCount() string {
	n := 0
	for _, c := range f.Coerced {
		n += c.Values
	}
	return some(n)
}

func (f *Field) unfitCount() string {
	n := 0
	for _, u := range f.Unfit {
		n += u.Values.Values
	}
	return some(n)
}

// some is nothing for none, so that what there is stands out.
func some(n int) string {
	if n == 0 {
		return ""
	}
	return show.Count(n)
}

func (r *Report) coerced() (lines []string) {
	for _, f := range r.Fields {
		for _, c := range f.Coerced {
			lines = append(lines, fmt.Sprintf("%s is %s: %s where it was %s", f.Field, f.Type, show.Plural(c.Values, "value", "values"), c.From))
		}
	}
	return lines
}

func (r *Report) unfit() (lines []string) {
	for _, f := range r.Fields {
		for _, u := range f.Unfit {
			lines = append(lines, u.line(f.Field))
		}
	}
	return lines
}

// line says it of a field.
func (u *UnfitKind) line(field string) string {
	at := "the first at " + u.First
	if u.Values.Values == 1 {
		at = "at " + u.First
	}
	return fmt.Sprintf("%s is %s: null where it was %s (%s, %s)", field, u.Type, u.From, show.Plural(u.Values.Values, "value", "values"), at)
}

func (r *Report) rejects() (lines []string) {
	for _, reject := range r.Rejects {
		lines = append(lines, reject.Where+": "+reject.Message)
	}
	return lines
}
