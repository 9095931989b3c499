package lang

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang/check"
)

// fields offers the fields of an object or the keys of a map, and where something was typed those that are in
// its fields. dotted says that they stand behind a dot.
func (c *completer) fields(p place, want want, dotted bool) {
	if p.t == nil {
		return
	}
	if p.t.Kind == check.Map {
		c.keys(p, false)
		return
	}
	of := &fieldOf{at: p.path, dotted: dotted}
	for _, f := range p.t.Fields {
		fit := Fit(f.Name, c.bare)
		if fit < 0 {
			continue
		}
		it := choice{name: f.Name, size: len(f.Name), field: of, t: f.Type, weight: weightOf(f.Type, want), fit: int8(fit)}
		if c.itself(p.path, nil, f.Name) {
			it.weight = weightFar
		}
		c.take(it)
	}
	d := deep{c: c, want: want, of: of}
	d.all(p.t)
}

// fieldsBehind offers, where something was typed, the fields of an object that a prefix leads to, without those that
// are in the one at the path but.
func (c *completer) fieldsBehind(prefix string, p place, weight int8, but []string) {
	if p.t == nil || p.t.Kind != check.Object || c.bare == "" {
		return
	}
	d := deep{c: c, of: &fieldOf{at: p.path, prefix: prefix}, weight: weight, but: but}
	for _, f := range p.t.Fields {
		d.offer(f, false)
	}
	d.all(p.t)
}

// itself says whether a field is the one that is compared here.
func (c *completer) itself(at, in []string, name string) bool {
	n, k := len(at), len(at)+len(in)
	return at != nil && len(c.against) == k+1 && c.against[k] == name && slices.Equal(c.against[:n], at) && slices.Equal(c.against[n:k], in)
}

// take takes a field. Where one of a type is wanted to compare with, one of another type cannot be meant, but a
// time for a number by who has begun to write its name: its year is a number. What is compared is
// offered only to who writes it.
func (c *completer) take(it choice) {
	wrong := c.compared && c.strays(it.t)
	switch {
	case wrong && (it.t.Kind != check.Timestamp || c.wanted != wantNumber || c.bare == "" || it.fit > fitStartFold):
		return
	case c.bare == "" && c.itself(it.field.at, it.in, it.name):
		return
	case wrong:
		it.weight = weightWrong
	}
	c.choices = append(c.choices, it)
}

// strays says whether neither a field of a type nor what is in it can be what is wanted.
func (c *completer) strays(t *check.Type) bool {
	switch {
	case c.wanted == wantAny || c.wanted > wantBool, c.bare != "" && t.Kind == check.List:
		return false
	case c.bare == "" && (t.Kind == check.Object || t.Kind == check.Map):
		return true
	}
	for t.Kind == check.List {
		t = t.Elem
	}
	switch t.Kind {
	case check.Object, check.Map, check.Any:
		return false
	}
	return !c.wanted.fits(t)
}

// weightOf says how well a type fits: a list of what is wanted comes after what is.
func weightOf(t *check.Type, want want) int8 {
	if want.fits(t) {
		return weightFitting
	}
	for t.Kind == check.List {
		if t = t.Elem; want.fits(t) {
			return weightFunction
		}
	}
	return weightOther
}

// deep offers fields at any depth whose path what was typed fits; before anything was typed, those of the type that is
// wanted.
type deep struct {
	c      *completer
	want   want
	weight int8 // of all, 0 for one by type
	of     *fieldOf
	but    []string // the path of what is left out
	names  []string
	path   []byte
	in     []string // a copy of names for the choices, nil where they have changed
	listed bool     // a list is on the way
	begun  bool     // the name of the object was begun to be typed
	found  int
}

// maxDepth is how deep fields are looked for.
const maxDepth = 12

// all looks at the fields that are in those of t.
func (d *deep) all(t *check.Type) {
	if d.c.bare == "" && d.want == wantAny || d.c.after == '.' {
		return // what follows is a field of this one
	}
	for _, f := range t.Fields {
		d.below(f)
	}
}

// below looks at the fields that are in f.
func (d *deep) below(f *check.Field) {
	t := f.Type
	for t.Kind == check.List {
		t = t.Elem
	}
	if t.Kind != check.Object || len(d.names) == maxDepth {
		return
	}
	size, listed := len(d.path), d.listed
	if n := len(d.of.at) + len(d.names); n+1 == len(d.but) && d.but[n] == f.Name && slices.Equal(d.names, d.but[len(d.of.at):n]) {
		return
	}
	d.names, d.path, d.in = append(d.names, f.Name), append(append(d.path, f.Name...), '.'), nil
	d.listed = listed || f.Type.Kind == check.List
	outer := d.c.bare != "" && lettersIn(d.path[:len(d.path)-1], d.c.bare)
	begun := d.begun
	d.begun = outer && d.of.prefix == "" && f.Type.Kind == check.Object && Fit(f.Name, d.c.bare) <= fitStartFold && Fit(f.Name, d.c.bare) >= 0
	for _, inner := range t.Fields {
		d.offer(inner, outer)
		d.below(inner)
	}
	d.begun = begun
	d.names, d.path, d.listed, d.in = d.names[:len(d.names)-1], d.path[:size], listed, nil
}

// offer offers one of the fields: what was typed fits its own name, or its path and not already
// that of the field it is in, which outer says.
func (d *deep) offer(f *check.Field, outer bool) {
	switch {
	case d.c.bare == "":
		if d.found < maxItems && d.weigh(f.Type) < weightDeep {
			d.add(f)
		}
		return
	case !ascii(f.Name) && Fit(f.Name, d.c.bare) >= 0:
		d.add(f)
		return
	case outer:
		if d.begun || lettersIn(f.Name, d.c.bare) {
			d.add(f)
		}
		return
	}
	size := len(d.path)
	if d.path = append(d.path, f.Name...); lettersIn(d.path, d.c.bare) {
		d.add(f)
	}
	d.path = d.path[:size]
}

// weigh says how well the type of a field fits: behind a list it is a list.
func (d *deep) weigh(t *check.Type) int8 {
	switch {
	case d.weight > 0:
		return d.weight
	case d.want == wantAny:
		return weightDeep
	case d.want.fits(t) && !d.listed, d.listed && d.want == wantList:
		return weightFunction
	case weightOf(t, d.want) < weightOther:
		return weightOther
	}
	return weightDeep
}

// add offers a field that is known to fit, as well as its own name does, or its path by words.
func (d *deep) add(f *check.Field) {
	fit := Fit(f.Name, d.c.bare)
	if fit < 0 {
		if fit = Fit(strings.Join(append(d.names, f.Name), "."), d.c.bare); fit >= 0 {
			fit = max(fit, fitWords)
		}
	}
	if fit < 0 || fit == fitLetters && strings.Contains(d.c.bare, ".") {
		return
	}
	if d.in == nil {
		d.in = slices.Clone(d.names)
	}
	d.found++
	size := len(f.Name)
	for _, name := range d.in {
		size += len(name) + 1
	}
	weight := d.weigh(f.Type)
	if d.begun {
		weight = min(weight, weightFitting) // it stands right behind what it is in
	}
	d.c.take(choice{name: f.Name, size: size, field: d.of, in: d.in, t: f.Type, weight: weight, fit: int8(fit)})
}
