package load

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/lang/check"
)

// piece is what one chunk has of a path.
type piece struct {
	node  *node
	chunk int
}

// choice says what the field of a path is, and which nodes hold its values.
type choice struct {
	t      *check.Type
	pieces []piece
	fields []*choice // of an object, along the fields of its type
	elem   *choice   // of a list or a map
	ones   int       // values read as lists of one, in lists of lists those inside as well
	mixed  check.Mixture
}

// decision finds out what the field of every path is, from the values of all
// chunks together: so neither their order nor how they are spread over files
// matters. It gathers what does not fit.
type decision struct {
	loader *loader
	chunks []*chunk
	mixed  map[*check.Field]check.Mixture
	beside besideSchema
}

// decide chooses for the whole table.
func (l *loader) decide() (*choice, map[*check.Field]check.Mixture) { return l.decideSome(nil) }

// decideSome chooses for those fields of a table that were read of it, of which all is known; top
// is nil for all.
func (l *loader) decideSome(top *branch) (*choice, map[*check.Field]check.Mixture) {
	d := &decision{loader: l, chunks: l.chunks, mixed: map[*check.Field]check.Mixture{}}
	roots := make([]piece, len(l.chunks))
	for i, c := range l.chunks {
		roots[i] = piece{c.root, i}
	}
	all := d.object(at{want: l.want, schema: l.options.Schema, branch: top}, roots)
	d.beside.note(l)
	return all, d.mixed
}

// at is the place of a choice: the path as reports write it, and what was said
// about it.
type at struct {
	path   string
	want   *wanted
	schema *check.Type // what it has to be; nil for what the values say
	branch *branch     // of what was read of a table; nil where all is there
	inner  bool        // in a list or a map
	item   bool        // the element of a list itself
	// beside says that single values beside the lists are among the elements: then a
	// type of the field, rather than of its elements, would make the lists null.
	beside bool
}

// typed returns the path for which --type says what the values here are.
func (a at) typed() string {
	if a.beside {
		return a.path + "[]"
	}
	return a.path
}

// typed returns the path of a field as Types are given.
func (o *Options) typed(path string) string {
	if o.Object == "" {
		return path
	}
	return o.Object + "." + path
}

// untold says whether no value may be told of the field at a path.
func (o *Options) untold(path string) bool { return o.Untold != nil && o.Untold(o.typed(path)) }

func (a at) field(name string) at {
	path := quotedName(name)
	if a.path != "" {
		path = a.path + "." + path
	}
	below := at{path: path, want: a.want.field(name), inner: a.inner, branch: a.branch.part(name)}
	if a.schema != nil {
		if f := a.schema.Field(name); f != nil {
			below.schema = f.Type
		}
	}
	return below.settled()
}

func (a at) element() at {
	below := at{path: a.path, want: a.want, inner: true, item: true, branch: a.branch.partOfList()}
	if a.schema != nil && a.schema.Kind == check.List {
		below.schema = a.schema.Elem
	}
	return below.settled()
}

func (a at) value() at {
	below := at{path: a.path + "{}", want: a.want.value(), inner: true}
	if a.schema != nil && a.schema.Kind == check.Map {
		below.schema = a.schema.Elem
	}
	return below.settled()
}

// column chooses for one path.
func (d *decision) column(a at, pieces []piece) *choice {
	settleWholes(!a.want.free() || a.otherForm(pieces), pieces)
	f := splitForms(pieces)
	f.settleAs(a.schema, a.want)
	if a.want != nil {
		a.want.met = a.want.met || f.form != formList
	}
	above := len(d.loader.report.Misfits)
	var c *choice
	switch f.form {
	case formObject:
		c = d.objectOrMap(a, d.withoutMaps(a, f.withEmpty()))
	case formList:
		c = d.list(a, f)
	default:
		c = d.leaf(a, f.scalars)
		if n := f.counts[formList]; n > 0 && a.want.scalar() && !a.want.each {
			d.loader.note("%s has only single values, as --type says: with --type %s[]=%s it is a list, and single values are lists of one",
				a.path, d.loader.options.typed(a.path), a.want.kind)
		}
	}
	below := len(d.loader.report.Misfits)
	d.losers(a, f, c.t)
	d.formatMisfits(a, pieces, c.t)
	// What is said of a field comes before what is said of those below it.
	all := d.loader.report.Misfits
	copy(all[above:], slices.Concat(all[below:], all[above:below]))
	return c
}

// formatMisfits reports what the reader of the format could not make anything of.
func (d *decision) formatMisfits(a at, pieces []piece, t *check.Type) {
	var all []misfit
	var first []Reject
	for _, p := range pieces {
		for _, m := range p.node.misfits {
			i := slices.IndexFunc(all, func(k misfit) bool { return k.found == m.found })
			if i >= 0 {
				all[i].count += m.count
				continue
			}
			place := d.chunks[p.chunk].from
			place.Row += m.row
			if place.Line += m.line; m.line == 0 {
				place.Line = 0
			}
			all, first = append(all, m), append(first, place)
		}
	}
	for i, m := range all {
		d.addMisfit(a, t, m.found, m.count, first[i])
	}
}

// losers counts the values that are of no use in the form of the field, and frees
// them.
func (d *decision) losers(a at, f *forms, t *check.Type) {
	lost := &tallies{}
	if f.form != formObject && f.single != formObject {
		for _, p := range f.objects {
			lost.form("an object", p, p.node.present.slots)
			p.node.drop()
		}
	}
	if f.form != formList {
		for _, p := range f.lists {
			slots := p.node.present.slots
			if f.form == formObject {
				slots = p.node.listSlots(false)
			}
			lost.form("a list", p, slots)
			p.node.drop()
		}
	}
	if f.form != formScalar && f.single != formScalar {
		for _, p := range f.scalars {
			lost.scalars(p)
			p.node.release()
		}
	}
	d.report(a, t, lost)
}

// object chooses for the fields of objects, in the order in which they were first
// met.
func (d *decision) object(a at, pieces []piece) *choice {
	var names []string
	byName := map[string][]piece{}
	for i, p := range pieces {
		pieces[i].node = p.node.unspilled()
		for _, c := range pieces[i].node.children {
			if byName[c.name] == nil {
				names = append(names, c.name)
			}
			byName[c.name] = append(byName[c.name], piece{c, p.chunk})
		}
	}
	names = d.bySchema(a, names, byName, len(pieces) > 0)
	o := &choice{pieces: pieces}
	fields := make([]*check.Field, len(names))
	for i, name := range names {
		c := d.column(a.field(name), byName[name])
		fields[i] = &check.Field{Name: name, Type: c.t}
		if c.mixed != (check.Mixture{}) {
			d.mixed[fields[i]] = c.mixed
		}
		o.fields = append(o.fields, c)
	}
	o.t = check.ObjectOf(fields...)
	return o
}

func (d *decision) objectOrMap(a at, pieces []piece) *choice {
	if a.schema != nil && a.schema.Kind != check.Map || a.schema == nil && !isMap(a.want, pieces, d.chunks) {
		return d.object(a, pieces)
	}
	var values []piece
	for i, p := range pieces {
		if m := p.node.mapped(); m != p.node {
			pieces[i].node = m
			p.node.drop()
		}
		if elem := pieces[i].node.elem; elem != nil {
			values = append(values, piece{elem, p.chunk})
		}
	}
	elem := d.column(a.value(), values)
	return &choice{t: check.MapOf(elem.t), pieces: pieces, elem: elem, mixed: elem.mixed}
}

func (d *decision) list(a at, f *forms) *choice {
	pieces := f.listed()
	inside := a.element()
	inside.beside = a.beside || f.single == formScalar || a.want != nil && a.want.each
	elem := d.column(inside, elements(pieces))
	c := &choice{t: check.ListOf(elem.t), pieces: pieces, elem: elem, mixed: elem.mixed, ones: elem.ones}
	if f.single != formList {
		c.ones += f.counts[f.single]
	}
	if c.ones > 0 && !a.item {
		d.noteOnes(a, c)
	}
	return c
}

// noteOnes says that single values of a field are lists of one, and how to have
// only these.
func (d *decision) noteOnes(a at, c *choice) {
	is, what, are, hint := "is a list", "single value", "are read as lists", ""
	d.addCoercion(a, c.t, "a single value", c.ones)
	core := c.t.Elem
	for ; core.Kind == check.List; core = core.Elem {
		is = "is a list of lists"
	}
	if c.ones == 1 {
		are = "is read as a list"
	}
	if kind := kindOf[core.Kind]; kind == "" {
		what = "object"
	} else if a.want.free() {
		hint = fmt.Sprintf("; --type %s=%s keeps the single values, and makes the lists null", d.loader.options.typed(a.path), kind)
	}
	d.loader.note("%s %s: %s %s of one%s", a.path, is, counted(c.ones, what), are, hint)
}

// kindOf names the types of single values as --type does.
var kindOf = map[check.Kind]string{
	check.String: "text", check.Int: "number", check.Float: "number", check.Timestamp: "timestamp", check.Bool: "boolean",
}

// leaf chooses the type of scalars, and brings them into its lanes.
func (d *decision) leaf(a at, pieces []piece) *choice {
	settleScalars(pieces)
	c := &choice{pieces: pieces}
	lost := &tallies{}
	s := surveyOf(pieces)
	switch natural := s.natural(); {
	case a.want.scalar():
		c.t = recast(a.want.kind, pieces, lost)
	case a.schema != nil && a.schema.Kind != natural.Kind:
		c.t = a.schema
		recastAs(a.schema, pieces, lost)
		return d.recasted(a, c, s, lost)
	default:
		c.t = natural
	}
	if c.t.Kind == check.String {
		for _, p := range pieces {
			p.node.spellDates()
		}
	}
	if !a.want.scalar() {
		c.mixed = s.mixture(a, c.t, d.loader.options.untold(a.path))
		if c.t.Kind == check.Timestamp && s.ints > 0 {
			d.loader.note("%s: %s among the dates, read as milliseconds since 1970", a.path, counted(s.ints, "whole number"))
		}
	}
	d.numbers(a, c.t, pieces, lost)
	d.coerced(a, c.t, s, lost)
	d.report(a, c.t, lost)
	return c
}

// numbers settles what the lanes of a field of numbers cannot hold, and says how
// many numbers lost digits.
func (d *decision) numbers(a at, t *check.Type, pieces []piece, lost *tallies) {
	if t.Kind != check.Int && t.Kind != check.Float {
		return
	}
	rounded := &tallies{}
	for _, p := range pieces {
		p.node.settleLarge(t.Kind == check.Float, p, lost)
		if t.Kind == check.Float {
			p.node.inexact(p, rounded)
		}
	}
	for _, r := range rounded.all {
		d.loader.note("%s: %s with more digits than a 64-bit float has, the first at %s: comparisons see them rounded; --type %s=text keeps the digits",
			a.path, counted(r.count, "number"), d.placeOf(r.first, r.slot).Where(), d.loader.options.typed(a.typed()))
	}
}

// report adds what was lost at a path to the misfits.
func (d *decision) report(a at, t *check.Type, lost *tallies) {
	for _, m := range lost.all {
		d.addMisfit(a, t, m.found, m.count, d.placeOf(m.first, m.slot))
	}
}

func (d *decision) addMisfit(a at, t *check.Type, found string, count int, first Reject) {
	name := typeName(t)
	if a.item {
		name, found = "a list of "+strings.TrimPrefix(strings.TrimPrefix(name, "an "), "a ")+"s", found+" in a list"
	}
	d.loader.report.Misfits = append(d.loader.report.Misfits, Misfit{
		Field: a.path, Type: name, Found: found, Count: count, File: first.File, Line: first.Line, Row: first.Row, Shared: first.Shared,
	})
}

func (d *decision) placeOf(p piece, slot uint32) Reject {
	return d.chunks[p.chunk].place(p.node.rowOf(slot))
}
