package memberships

import (
	"slices"
	"strconv"

	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// ChangeFields returns the columns of who entered and left. Ids with parts are texts there, as in a cell.
func ChangeFields(id *check.Field) []*check.Field {
	if slices.Contains([]check.Kind{check.List, check.Map, check.Object}, id.Type.Kind) {
		id = &check.Field{Name: id.Name, Type: check.StringType}
	}
	return []*check.Field{id, {Name: Single, Type: check.StringType}, {Name: "change", Type: check.StringType}}
}

// ChangeRows writes who entered and left an audience, a row each.
type ChangeRows struct {
	to      rows.Writer
	id      *check.Type
	ids     []string
	names   *column.Texts
	entered *column.Strings
	Rows    int
}

// NewChangeRows writes to a writer of [ChangeFields].
func NewChangeRows(to rows.Writer, id *check.Field) *ChangeRows {
	c := &ChangeRows{to: to, id: id.Type}
	c.clear()
	return c
}

func (c *ChangeRows) clear() {
	c.ids, c.names = c.ids[:0], &column.Texts{Offsets: []uint32{0}}
	c.entered = &column.Strings{Dict: &column.Dict{Bytes: []byte("enteredleft"), Offsets: []uint32{0, 7, 11}}}
}

// add adds a row.
func (c *ChangeRows) add(id, audience string, entered bool) error {
	if c == nil {
		return nil
	}
	c.ids = append(c.ids, id)
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
	part := c.to.Begin()
	if err := part.Add(n, []column.Column{idsOf(c.ids, c.id), c.names, c.entered}); err != nil {
		return err
	}
	if err := part.End(); err != nil {
		return err
	}
	c.clear()
	return part.Emit()
}

// idsOf returns ids that were values of a type as such again, those with parts as texts.
func idsOf(texts []string, t *check.Type) column.Column {
	switch t.Kind {
	case check.Int:
		return &column.Ints{I64: each(texts, func(id string) int64 {
			n, _ := strconv.ParseInt(id, 10, 64) // it was one, as those below were
			return n
		})}
	case check.Float:
		return &column.Floats{V: each(texts, func(id string) float64 {
			v, _ := strconv.ParseFloat(id, 64)
			return v
		})}
	case check.Timestamp:
		return &column.Timestamps{V: each(texts, func(id string) int64 {
			ms, _ := check.ParseTimestamp(id)
			return ms
		})}
	case check.Bool:
		c := &column.Bools{Bits: column.NewBitmap(len(texts)), N: len(texts)}
		for i, id := range texts {
			if id == "true" {
				c.Bits.Set(i)
			}
		}
		return c
	}
	out := &column.Texts{Offsets: make([]uint32, 1, len(texts)+1)}
	for _, id := range texts {
		appendText(out, id)
	}
	return out
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
	for _, name := range []string{"before", "entered", "left", "stayed", "now", "without_id"} {
		fields = append(fields, &check.Field{Name: name, Type: check.IntType})
	}
	return fields
}

// WriteSummary writes what became of audiences: of those that have an id, and how many are in it now that have none. An
// audience that is not among the rules any more has no now.
func WriteSummary(to rows.Writer, all []Audience) error {
	names, now := &column.Texts{Offsets: []uint32{0}}, &column.Ints{Valid: column.NewBitmap(len(all)), I64: []int64{}}
	figures := make([]*column.Ints, 5)
	for i := range figures {
		figures[i] = &column.Ints{I64: []int64{}}
	}
	for i, a := range all {
		appendText(names, a.Name)
		for k, n := range []int{a.Before, a.Entered, a.Left, a.Stayed, a.Without} {
			figures[k].I64 = append(figures[k].I64, int64(n))
		}
		now.I64 = append(now.I64, int64(a.Now))
		if !a.Gone {
			now.Valid.Set(i)
		}
	}
	return writeAll(to, len(all), []column.Column{names, figures[0], figures[1], figures[2], figures[3], now, figures[4]})
}

// CountFields are the columns of the sizes of audiences, called as those of answers in other formats are.
func CountFields() []*check.Field {
	return []*check.Field{{Name: "name", Type: check.StringType}, {Name: "query", Type: check.StringType}, {Name: "count", Type: check.IntType}, {Name: "total", Type: check.IntType}}
}

// Size is how many profiles are in an audience, of all.
type Size struct {
	Name, Query  string
	Count, Total int
}

// WriteCounts writes the sizes of audiences.
func WriteCounts(to rows.Writer, all []Size) error {
	names, queries := &column.Texts{Offsets: []uint32{0}}, &column.Texts{Offsets: []uint32{0}}
	counts, totals := &column.Ints{I64: []int64{}}, &column.Ints{I64: []int64{}}
	for _, a := range all {
		appendText(names, a.Name)
		appendText(queries, a.Query)
		counts.I64, totals.I64 = append(counts.I64, int64(a.Count)), append(totals.I64, int64(a.Total))
	}
	return writeAll(to, len(all), []column.Column{names, queries, counts, totals})
}

// writeAll writes all rows of a file.
func writeAll(to rows.Writer, n int, columns []column.Column) error {
	part := to.Begin()
	if err := part.Add(n, columns); err != nil {
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
