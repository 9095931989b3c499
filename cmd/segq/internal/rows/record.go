package rows

import (
	"encoding/json"
	"fmt"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// Record takes rows into a record, with their values as [NDJSON] writes them. It is full, which is
// an error, when they have more than most bytes.
func Record(to *record.Rows, most int, o Options) Writer {
	to.Columns, to.Rows = make([]record.RowColumn, len(o.Fields)), [][]json.RawMessage{}
	for k, f := range o.Fields {
		to.Columns[k] = record.RowColumn{Name: f.Name, Type: f.Type.String(), Parts: partsOf(f.Type)}
	}
	return &recorder{to: to, most: most, left: most, fields: o.Fields}
}

// FullError says that the rows of a record have too many bytes: there is room for so many of them.
type FullError struct{ Rows int }

// Error says it.
func (e *FullError) Error() string {
	return fmt.Sprintf("a record has no room for more than the first %d profiles", e.Rows)
}

// partsOf returns a type that has parts as JSON, nothing for another.
func partsOf(t *check.Type) json.RawMessage {
	if t.Kind != check.List && t.Kind != check.Map && t.Kind != check.Object {
		return nil
	}
	text, err := json.Marshal(t)
	if err != nil { // a type is a tree of names
		return nil
	}
	return text
}

type recorder struct {
	to         *record.Rows
	most, left int
	fields     []*check.Field
}

func (r *recorder) Begin() Part  { return &recorderPart{r: r} }
func (r *recorder) Close() error { return nil }

// recorderPart is rows as JSON, with the bytes of each.
type recorderPart struct {
	r     *recorder
	rows  [][]json.RawMessage
	bytes []int
	all   int
}

// Add encodes rows, up to the first for which there is no room in any case: the others are not
// wanted.
func (p *recorderPart) Add(n int, columns []column.Column) error {
	for i := range n {
		if p.all > p.r.most {
			return nil
		}
		row, size := make([]json.RawMessage, len(columns)), 0
		var b []byte
		for k, c := range columns {
			begin := len(b)
			b = column.AppendJSON(b, c, i, p.r.fields[k].Type)
			row[k] = b[begin:len(b):len(b)]
			size += len(row[k])
		}
		p.rows, p.bytes, p.all = append(p.rows, row), append(p.bytes, size), p.all+size
	}
	return nil
}

func (p *recorderPart) End() error { return nil }

func (p *recorderPart) Emit() error {
	r := p.r
	for i, row := range p.rows {
		if r.left -= p.bytes[i]; r.left < 0 {
			return &FullError{len(r.to.Rows)}
		}
		r.to.Rows = append(r.to.Rows, row)
	}
	return nil
}
