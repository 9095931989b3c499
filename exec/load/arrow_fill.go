package load

import (
	"math"
	"slices"

	"github.com/segq/segq/exec/load/arrow"
)

// arrowFill adds the values of one column of Arrow arrays to the nodes of a chunk.
type arrowFill struct {
	loader *loader
	leaves map[*node]*typedLeaf
	order  []*typedLeaf
	codes  map[partOf][]uint32 // of the texts of dictionaries, in the node
	held   int64               // what was charged
}

// arrowPlaces are values of an array, and the slots of a node, in ascending order, that they
// belong to.
type arrowPlaces struct{ in, slots []uint32 }

func (f *arrowFill) charge(n int64) error {
	f.held += n
	return f.loader.meter.charge(n)
}

// leaf returns what adds values to a node.
func (f *arrowFill) leaf(n *node) *typedLeaf {
	t := f.leaves[n]
	if t == nil {
		t = newTypedLeaf(n)
		f.leaves[n] = t
		f.order = append(f.order, t)
	}
	return t
}

// formOf returns the node for values of a form at n.
func formOf(n *node, form kinds) *node {
	n = n.as(form)
	n.seen |= form
	return n
}

// declare notes what kinds of values there may be in a field, though there may be none.
func (f *arrowFill) declare(n *node, field *arrowField) {
	switch t := field.Type; t.Kind {
	case arrow.Null:
	case arrow.Struct:
		n = formOf(n, kindObject)
		for _, c := range field.fields {
			f.declare(n.child(c.Name), c)
		}
	case arrow.List, arrow.LargeList, arrow.FixedSizeList, arrow.ListView, arrow.LargeListView:
		f.declare(formOf(n, kindList).element(), field.fields[0])
	case arrow.Map:
		n = formOf(n, kindMap)
		f.declare(n.key(), field.fields[0])
		f.declare(n.element(), field.fields[1])
	case arrow.RunEndEncoded:
		f.declare(n, field.fields[0])
	case arrow.Union:
		for _, c := range field.fields {
			if c != nil {
				f.declare(n, c)
			}
		}
	case arrow.Decimal:
		f.leaf(n).declareDecimal(t.Scale)
	default:
		leaf := f.leaf(n)
		leaf.declare(arrowKind(field.Field))
		leaf.clock |= arrowClock(t)
	}
}

// arrowKind returns the kind of values of a leaf.
func arrowKind(f *arrow.Field) kinds {
	switch f.Type.Kind {
	case arrow.Bool:
		return kindBool
	case arrow.Int:
		if f.Extension == "arrow.bool8" {
			return kindBool
		}
		return kindInt
	case arrow.Time, arrow.Duration:
		return kindInt
	case arrow.Float:
		return kindFloat
	case arrow.Date, arrow.Timestamp:
		return kindInstant
	}
	return kindString
}

// values adds the values of an array at some places.
func (f *arrowFill) values(n *node, field *arrowField, a *arrow.Array, at arrowPlaces) error {
	if at, ok := f.there(a, at); ok {
		done := 8 * int64(len(at.in))
		if err := f.charge(done); err != nil {
			return err
		}
		defer f.charge(-done) //nolint:errcheck // less is always there
		return f.present(n, field, a, at)
	}
	return f.present(n, field, a, at)
}

// there leaves out places of nulls, and says whether it made others.
func (f *arrowFill) there(a *arrow.Array, at arrowPlaces) (arrowPlaces, bool) {
	if !a.Nulls() {
		return at, false
	}
	some := arrowPlaces{make([]uint32, 0, len(at.in)), make([]uint32, 0, len(at.in))}
	for k, i := range at.in {
		if !a.Null(int(i)) {
			some.in, some.slots = append(some.in, i), append(some.slots, at.slots[k])
		}
	}
	return some, true
}

// present adds values that are not null.
func (f *arrowFill) present(n *node, field *arrowField, a *arrow.Array, at arrowPlaces) error {
	if field.Index != nil {
		return f.indexed(n, field, a, at)
	}
	switch field.Type.Kind {
	case arrow.Null:
		return nil
	case arrow.Struct:
		return f.objects(n, field, a, at)
	case arrow.List, arrow.LargeList, arrow.FixedSizeList, arrow.ListView, arrow.LargeListView:
		n = formOf(n, kindList)
		return f.lists(n, a, at, func(elements arrowPlaces) error {
			return f.values(n.element(), field.fields[0], a.Children[0], elements)
		})
	case arrow.Map:
		return f.maps(n, field, a, at)
	case arrow.RunEndEncoded:
		return f.runs(n, field, a, at)
	case arrow.Union:
		return f.union(n, field, a, at)
	}
	if err := f.charge(8 * int64(len(at.in))); err != nil { // about what the values take
		return err
	}
	f.scalars(f.leaf(n), a, at)
	return nil
}

func (f *arrowFill) objects(n *node, field *arrowField, a *arrow.Array, at arrowPlaces) error {
	n = formOf(n, kindObject)
	if err := f.charge(4 * int64(len(at.slots))); err != nil {
		return err
	}
	n.present.slots = append(n.present.slots, at.slots...)
	for _, c := range field.fields {
		if err := f.values(n.child(c.Name), c, a.Children[c.place], at); err != nil {
			return err
		}
	}
	return nil
}

// lists notes lists, and calls below with their elements.
func (f *arrowFill) lists(n *node, a *arrow.Array, at arrowPlaces, below func(arrowPlaces) error) error {
	total := int64(0)
	for _, i := range at.in {
		from, to := a.Range(int(i))
		total += int64(to - from)
	}
	if int64(n.count)+total > math.MaxUint32 {
		return errTooManyElements
	}
	if err := f.charge(8*total + 8*int64(len(at.in))); err != nil {
		return err
	}
	elements := arrowPlaces{make([]uint32, 0, total), make([]uint32, 0, total)}
	for k, i := range at.in {
		from, to := a.Range(int(i))
		for e := from; e < to; e++ {
			elements.in, elements.slots = append(elements.in, uint32(e)), append(elements.slots, n.count)
			n.count++
		}
		n.present.put(at.slots[k], n.count)
	}
	err := below(elements)
	f.charge(-8 * total) //nolint:errcheck // less is always there
	return err
}

func (f *arrowFill) maps(n *node, field *arrowField, a *arrow.Array, at arrowPlaces) error {
	n = formOf(n, kindMap)
	entries := a.Children[0]
	return f.lists(n, a, at, func(elements arrowPlaces) error {
		keys := entries.Children[0]
		for _, i := range elements.in {
			if keys.Null(int(i)) || entries.Null(int(i)) {
				return errKeyless
			}
		}
		if err := f.values(n.key(), field.fields[0], keys, elements); err != nil {
			return err
		}
		return f.values(n.element(), field.fields[1], entries.Children[1], elements)
	})
}

// runs adds values that are there once for each run of them.
func (f *arrowFill) runs(n *node, field *arrowField, a *arrow.Array, at arrowPlaces) error {
	ends, values := a.Children[0], a.Children[1]
	if err := f.charge(4 * int64(len(at.in))); err != nil {
		return err
	}
	in := make([]uint32, len(at.in))
	run := 0
	for k, i := range at.in {
		if k > 0 && i < at.in[k-1] { // as the elements of list views may be
			run = 0
		}
		for ends.Int(run) <= int64(i) {
			run++
		}
		in[k] = uint32(run)
	}
	err := f.values(n, field.fields[0], values, arrowPlaces{in, at.slots})
	f.charge(-4 * int64(len(at.in))) //nolint:errcheck // less is always there
	return err
}

// union adds values of several types: those of one after another at a time, since slots
// ascend.
func (f *arrowFill) union(n *node, field *arrowField, a *arrow.Array, at arrowPlaces) error {
	in := make([]uint32, 0, len(at.in))
	for from, end := 0, 0; from < len(at.in); from = end {
		in = in[:0]
		first, _ := a.Choice(int(at.in[from]))
		for end = from; end < len(at.in); end++ {
			child, i := a.Choice(int(at.in[end]))
			if child != first {
				break
			}
			in = append(in, uint32(i))
		}
		if c := field.fields[first]; c != nil {
			if err := f.values(n, c, a.Children[first], arrowPlaces{in, at.slots[from:end]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// indexed adds values of a dictionary, whose parts are each an array.
func (f *arrowFill) indexed(n *node, field *arrowField, a *arrow.Array, at arrowPlaces) error {
	entry := *field
	value := *field.Field
	value.Index = nil
	entry.Field = &value
	parts := a.Parts()
	in := make([]uint32, 0, len(at.in))
	for from, end := 0, 0; from < len(at.in); from = end {
		in = in[:0]
		part, first := partAt(parts, a.Index(int(at.in[from])))
		for end = from; end < len(at.in); end++ {
			i := a.Index(int(at.in[end])) - first
			if i < 0 || i >= parts[part].Len {
				break
			}
			in = append(in, uint32(i))
		}
		if err := f.values(n, &entry, parts[part], arrowPlaces{in, at.slots[from:end]}); err != nil {
			return err
		}
	}
	return nil
}

// partAt returns which part of a dictionary has an index, and the first index of it.
func partAt(parts []*arrow.Array, index int) (part, first int) {
	for part = range parts {
		if index < first+parts[part].Len {
			break
		}
		first += parts[part].Len
	}
	return part, first
}

// partOf is the texts of an array as those of a node.
type partOf struct {
	array *arrow.Array
	node  *node
}

// textCodes returns room for the codes of the texts of an array, if it is worth it to keep
// them: where they are fewer than the values that are read.
func (f *arrowFill) textCodes(n *node, a *arrow.Array, asked int) []uint32 {
	key := partOf{a, n}
	codes := f.codes[key]
	if codes == nil && a.Len < asked {
		codes = slices.Repeat([]uint32{unasked}, a.Len)
		f.codes[key] = codes
	}
	return codes
}

// unasked is the code of a text that nobody has asked for.
const unasked = noText - 1
