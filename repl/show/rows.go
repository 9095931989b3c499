package show

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/segq/segq/redisx/record"
)

// rowsParts shows the profiles that match.
func rowsParts(r *record.Record, l Look) []Part {
	if r.Rows == nil || len(r.Rows.Columns) == 0 {
		return nil
	}
	p := Part{}
	for i, c := range r.Rows.Columns {
		number := slices.Contains([]string{"int", "float"}, c.Type)
		p.Columns = append(p.Columns, Column{Head: Clean(c.Name), Right: number, Fold: !number && c.Type != "bool" && c.Type != "timestamp", HeadRole: Name, Spare: i})
	}
	for _, row := range r.Rows.Rows {
		cells := make([]string, len(p.Columns))
		for i := range min(len(row), len(cells)) {
			cells[i] = NullOr(Clean(Cell(row[i])), bytes.Equal(row[i], []byte("null")))
		}
		p.Rows = append(p.Rows, cells)
	}
	if r.Rows.Limited || cut(r, "rows") {
		p.Below = append(p.Below, l.more("more profiles match", "rows")...)
	}
	return []Part{p}
}

// NullOr returns a value for people. A text that reads as null does has quotes.
func NullOr(value string, null bool) string {
	switch {
	case null:
		return Null
	case value == Null:
		return `"` + Null + `"`
	}
	return value
}

// Cell returns a value as text: texts as they are, nothing for null, anything else as JSON.
func Cell(v json.RawMessage) string {
	var s string
	if bytes.Equal(v, []byte("null")) {
		return ""
	}
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	var b bytes.Buffer
	if json.Compact(&b, v) != nil {
		return string(v)
	}
	return b.String()
}

// exportParts says where profiles are.
func exportParts(r *record.Record) []Part {
	e := r.Export
	if e == nil {
		return nil
	}
	p := Part{Facts: []Fact{{"published as the " + Clean(e.To), Clean(e.Name)}}}
	if e.File != "" {
		p.Facts = []Fact{{"written to", Clean(e.File)}, {"bytes", Count(e.Bytes)}}
		if e.Rows != nil {
			p.Facts = append(p.Facts, Fact{"rows", Count(*e.Rows)})
		}
	}
	if e.Version != "" {
		p.Facts = append(p.Facts, Fact{"version", Clean(e.Version)})
	}
	if e.Bits > 0 {
		p.Facts = append(p.Facts, Fact{"bits", Count(int64(e.Bits))}, Fact{"hashes", Count(e.Hashes)})
	}
	if len(e.Holds) > 0 {
		p.Facts = append(p.Facts, Fact{"holds", Personal(e.Holds)})
	}
	return []Part{p}
}

// schemaParts shows the fields of the data.
func schemaParts(r *record.Record) []Part {
	if len(r.Schema) == 0 {
		return nil
	}
	p := Part{Columns: []Column{{Head: "field", Fold: true, Role: Name}, {Head: "type", Fold: true}}}
	for _, f := range r.Schema {
		p.Rows = append(p.Rows, []string{Clean(f.Path), Clean(f.Type)})
	}
	return []Part{p}
}

// cut says whether a record holds less than there is of something.
func cut(r *record.Record, name string) bool { return slices.Contains(r.Truncated, name) }
