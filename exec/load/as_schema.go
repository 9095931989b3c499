package load

import (
	"slices"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// settled leaves out what a schema says of a path where it says nothing, or where
// [Options.Types] does.
func (a at) settled() at {
	if a.schema != nil && (a.schema.Kind == check.Any || !a.want.free()) {
		a.schema = nil
	}
	return a
}

// part returns the branch of a field that was read of a table; nil where all that is below was read.
func (b *branch) part(name string) *branch {
	if b == nil {
		return nil
	}
	return b.fields[name].below()
}

// partOfList returns that of the elements of a list.
func (b *branch) partOfList() *branch {
	if b == nil {
		return nil
	}
	return b.elem.below()
}

func (b *branch) below() *branch {
	if b != nil && b.unit != nil {
		return nil
	}
	return b
}

// formOfType returns the form of the values of a type.
func formOfType(t *check.Type) form {
	switch t.Kind {
	case check.Object, check.Map:
		return formObject
	case check.List:
		return formList
	}
	return formScalar
}

// otherForm says whether some values have another form than the schema says.
func (a at) otherForm(pieces []piece) bool {
	if a.schema == nil {
		return false
	}
	form := [...]kinds{formObject: kindObject | kindMap, formList: kindList, formScalar: 0}[formOfType(a.schema)]
	return slices.ContainsFunc(pieces, func(p piece) bool {
		own := p.node.seen & kindForms
		return own&^form != 0 || own == 0 && form != 0
	})
}

// settleAs is settle where a schema says what the field is: single values are lists of one where that is
// a list of such.
func (f *forms) settleAs(t *check.Type, want *wanted) {
	if t == nil {
		f.settle(want)
		return
	}
	f.form = formOfType(t)
	if len(f.lists) > 0 {
		f.look(want) // which of them are empty
	}
	if f.form != formList {
		return
	}
	core := t.Elem
	for core.Kind == check.List {
		core = core.Elem
	}
	of := formOfType(core)
	if core.Kind == check.Any {
		of = f.joining()
	}
	if of == formObject && len(f.objects) > 0 || of == formScalar && len(f.scalars) > 0 {
		f.single = of
	}
}

// withoutMaps counts maps, as a format has them, where the schema has an object, and returns the
// others.
func (d *decision) withoutMaps(a at, pieces []piece) []piece {
	if a.schema == nil || a.schema.Kind != check.Object {
		return pieces
	}
	lost := &tallies{}
	var objects []piece
	for _, p := range pieces {
		if p.node.seen&kindMap == 0 {
			objects = append(objects, p)
			continue
		}
		p.node.lanesBelow()
		lost.form("a map", p, p.node.present.slots)
		p.node.drop()
	}
	d.report(a, a.schema, lost)
	return objects
}

// recastAs brings the scalars of a path into the lanes of a type, and counts those that
// it cannot hold.
func recastAs(t *check.Type, pieces []piece, lost *tallies) {
	for _, p := range pieces {
		p.node.toLanes()
	}
	recast(kindOf[t.Kind], pieces, lost)
	if t.Kind != check.Int {
		return
	}
	for _, p := range pieces {
		recaster{p, lost}.wholes()
	}
}

// wholes leaves the fractions that are whole numbers among these.
func (r recaster) wholes() {
	n := r.node
	fractions := n.floats
	n.floats, n.digits = lane[float64]{}, nil
	for slot, v := range fractions.all() {
		if v >= -1<<63 && v < 1<<63 && v == float64(int64(v)) {
			n.ints.add(slot, int64(v))
		} else {
			r.lose("a number that is not whole", slot)
		}
	}
}

// recasted completes a choice of which the schema says what it is.
func (d *decision) recasted(a at, c *choice, s *survey, lost *tallies) *choice {
	if c.t.Kind == check.String {
		for _, p := range c.pieces {
			p.node.spellDates()
		}
	}
	d.numbers(a, c.t, c.pieces, lost)
	d.coerced(a, c.t, s, lost)
	d.report(a, c.t, lost)
	return c
}

// bySchema puts the fields of an object in the order of the schema, those that it does not name
// last, and adds those that the data does not have, unless only some were read. some says that
// there are objects.
func (d *decision) bySchema(a at, names []string, of map[string][]piece, some bool) []string {
	if a.schema == nil {
		return names
	}
	var all []string
	for _, f := range a.schema.Fields {
		missing := of[f.Name] == nil
		if missing && a.branch != nil {
			continue
		}
		all = append(all, f.Name)
		if missing && some {
			d.beside.missing = append(d.beside.missing, a.field(f.Name).path)
		}
	}
	for _, name := range names {
		if a.schema.Field(name) == nil {
			all = append(all, name)
			if a.branch == nil {
				d.beside.more = append(d.beside.more, a.field(name).path)
			}
		}
	}
	return all
}

// besideSchema lists the fields that either the data or the schema lacks.
type besideSchema struct{ missing, more []string }

func (b *besideSchema) note(l *loader) {
	one := func(paths []string, single, several string) {
		if len(paths) == 1 {
			l.note("%s %s", paths[0], single)
		} else if len(paths) > 1 {
			l.note("%s fields %s: %s", thousands(len(paths)), several, someOf(paths))
		}
	}
	one(b.missing, "is in the schema and not in the data: it is null", "are in the schema and not in the data: they are null")
	one(b.more, "is in the data and not in the schema: it is read by its values", "are in the data and not in the schema: they are read by their values")
}

// someOf lists the first of some paths.
func someOf(paths []string) string {
	const most = 12
	if len(paths) <= most {
		return strings.Join(paths, ", ")
	}
	return strings.Join(paths[:most], ", ") + " and " + thousands(len(paths)-most) + " more"
}

// nothing returns the column of n nulls of a type.
func nothing(t *check.Type, n int) column.Column {
	none := func() column.Bitmap {
		if n == 0 {
			return nil
		}
		return column.NewBitmap(n)
	}
	switch t.Kind {
	case check.Object:
		s := &column.Struct{Valid: none(), N: n}
		for _, f := range t.Fields {
			s.Fields = append(s.Fields, nothing(f.Type, n))
		}
		return s
	case check.List:
		l := &column.List{Valid: none(), Offsets: make([]uint32, n+1), Elem: nothing(t.Elem, 0)}
		l.Index()
		return l
	case check.Map:
		return &column.Map{Valid: none(), Offsets: make([]uint32, n+1), Keys: &column.Strings{Dict: &column.Dict{}}, Values: nothing(t.Elem, 0)}
	}
	return &column.Nulls{N: n}
}
