package memberships

import (
	"strconv"

	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// ChangeFields returns the columns of who entered and left.
func ChangeFields(id *check.Field) []*check.Field {
	return []*check.Field{id, {Name: Single, Type: check.StringType}, {Name: "change", Type: check.StringType}}
}

// ChangeRows writes who entered and left an audience, a row each.
type ChangeRows struct {
	to       rows.Writer
	ids      *column.Texts
	numbers  *column.Ints // instead of ids, where these are numbers
	names    *column.Texts
	entered  *column.Strings
	Rows     int
	numbered bool
}

// NewChangeRows writes to a writer of [ChangeFields].
func NewChangeRows(to rows.Writer, id *check.Field) *ChangeRows {
	c := &ChangeRows{to: to, numbered: id.Type.Kind == check.Int}
	c.clear()
	return c
}

func (c *ChangeRows) clear() {
	c.ids, c.numbers, c.names = &column.Texts{Offsets: []uint32{0}}, &column.Ints{}, &column.Texts{Offsets: []uint32{0}}
	c.entered = &column.Strings{Dict: &column.Dict{Bytes: []byte("enteredleft"), Offsets: []uint32{0, 7, 11}}}
}

// add adds a row.
func (c *ChangeRows) add(id, audience string, entered bool) error {
	if c == nil {
		return nil
	}
	if c.numbered {
		n, _ := strconv.ParseInt(id, 10, 64) // it was one
		c.numbers.I64 = append(c.numbers.I64, n)
	} else {
		appendText(c.ids, id)
	}
	appendText(c.names, audience)
	code := uint8(1)
	if entered {
		code = 0
	}
	c.entered.Codes.U8 = append(c.entered.Codes.U8, code)
	if c.Rows++; len(c.entered.Codes.U8) < pairsAtOnce {
		return nil
	}
	return c.flush()
}

func appendText(to *column.Texts, text string) {
	to.Bytes = append(to.Bytes, text...)
	to.Offsets = append(to.Offsets, uint32(len(to.Bytes)))
}

func (c *ChangeRows) flush() error {
	n := len(c.entered.Codes.U8)
	if n == 0 {
		return nil
	}
	var ids column.Column = c.ids
	if c.numbered {
		ids = c.numbers
	}
	part := c.to.Begin()
	if err := part.Add(n, []column.Column{ids, c.names, c.entered}); err != nil {
		return err
	}
	if err := part.End(); err != nil {
		return err
	}
	c.clear()
	return part.Emit()
}

// Close writes what is left.
func (c *ChangeRows) Close() error {
	if err := c.flush(); err != nil {
		return err
	}
	return c.to.Close()
}

// SummaryFields are the columns of what became of audiences.
func SummaryFields() []*check.Field {
	fields := []*check.Field{{Name: Single, Type: check.StringType}}
	for _, name := range []string{"before", "entered", "left", "stayed", "now"} {
		fields = append(fields, &check.Field{Name: name, Type: check.IntType})
	}
	return fields
}

// WriteSummary writes what became of audiences. An audience that is not among the rules any more has no now.
func WriteSummary(to rows.Writer, all []Audience) error {
	names, now := &column.Texts{Offsets: []uint32{0}}, &column.Ints{Valid: column.NewBitmap(len(all)), I64: []int64{}}
	figures := make([]*column.Ints, 4)
	for i := range figures {
		figures[i] = &column.Ints{I64: []int64{}}
	}
	for i, a := range all {
		appendText(names, a.Name)
		for k, n := range []int{a.Before, a.Entered, a.Left, a.Stayed} {
			figures[k].I64 = append(figures[k].I64, int64(n))
		}
		now.I64 = append(now.I64, int64(a.Now))
		if !a.Gone {
			now.Valid.Set(i)
		}
	}
	part := to.Begin()
	columns := []column.Column{names, figures[0], figures[1], figures[2], figures[3], now}
	if err := part.Add(len(all), columns); err != nil {
		return err
	}
	if err := part.End(); err != nil {
		return err
	}
	if err := part.Emit(); err != nil {
		return err
	}
	return to.Close()
}
