package turnover

import (
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Fields are the columns of who has changed: the id, as a text, and entered or left.
func Fields() []*check.Field {
	return []*check.Field{{Name: "id", Type: check.StringType}, {Name: "change", Type: check.StringType}}
}

// Rows writes who has changed, a row each. Nil writes nothing.
type Rows struct {
	to          rows.Writer
	ids, change *column.Texts
	n           int
}

// rowsAtOnce is how many rows are written together.
const rowsAtOnce = 8 << 10

// NewRows writes to a writer of [Fields].
func NewRows(to rows.Writer) *Rows {
	r := &Rows{to: to}
	r.clear()
	return r
}

func (r *Rows) clear() {
	r.n, r.ids, r.change = 0, &column.Texts{Offsets: []uint32{0}}, &column.Texts{Offsets: []uint32{0}}
}

// Add writes one.
func (r *Rows) Add(id string, entered bool) error {
	if r == nil {
		return nil
	}
	change := "left"
	if entered {
		change = "entered"
	}
	add(r.ids, id)
	add(r.change, change)
	if r.n++; r.n < rowsAtOnce {
		return nil
	}
	return r.flush()
}

func add(to *column.Texts, text string) {
	to.Bytes = append(to.Bytes, text...)
	to.Offsets = append(to.Offsets, uint32(len(to.Bytes)))
}

func (r *Rows) flush() error {
	if r.n == 0 {
		return nil
	}
	part := r.to.Begin()
	if err := part.Add(r.n, []column.Column{r.ids, r.change}); err != nil {
		return err
	}
	if err := part.End(); err != nil {
		return err
	}
	r.clear()
	return part.Emit()
}

// Close writes what is left.
func (r *Rows) Close() error {
	if r == nil {
		return nil
	}
	if err := r.flush(); err != nil {
		return err
	}
	return r.to.Close()
}
