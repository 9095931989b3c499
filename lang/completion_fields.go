package lang

import (
	"slices"

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
	for _, f := range p.t.Fields {
		it := choice{name: f.Name, field: f.Type, at: p.path, names: []string{f.Name}, dotted: dotted, weight: weightOf(f.Type, want)}
		it.Kind = FieldItem
		if n := len(c.against) - 1; n >= 0 && c.against[n] == f.Name && slices.Equal(c.against[:n], p.path) {
			it.weight = weightFar // it is compared with itself
		}
		c.offer(it)
	}
	if c.bare != "" {
		d := deep{c: c, want: want, at: p.path, dotted: dotted}
		for _, f := range p.t.Fields {
			d.below(f)
		}
	}
}

// fieldsBehind offers, where something was typed, the fields of an object that a prefix leads to.
func (c *completer) fieldsBehind(prefix string, p place, weight int) {
	if p.t == nil || p.t.Kind != check.Object || c.bare == "" {
		return
	}
	for _, f := range p.t.Fields {
		it := choice{name: f.Name, field: f.Type, at: p.path, names: []string{f.Name}, prefix: prefix, weight: weight}
		it.Kind = FieldItem
		c.offer(it)
	}
}

// weightOf says how well a type fits: a list of what is wanted comes after what is.
func weightOf(t *check.Type, want want) int {
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

// deep offers fields at any depth whose path what was typed fits.
type deep struct {
	c      *completer
	want   want
	at     []string
	dotted bool
	names  []string
	path   []byte
}

// maxDepth is how deep fields are looked for.
const maxDepth = 12

// below looks at the fields that are in f.
func (d *deep) below(f *check.Field) {
	t := f.Type
	for t.Kind == check.List {
		t = t.Elem
	}
	if t.Kind != check.Object || len(d.names) == maxDepth {
		return
	}
	size := len(d.path)
	d.names, d.path = append(d.names, f.Name), append(append(d.path, f.Name...), '.')
	outer := lettersIn(d.path[:len(d.path)-1], d.c.bare)
	for _, inner := range t.Fields {
		d.offer(inner, outer)
		d.below(inner)
	}
	d.names, d.path = d.names[:len(d.names)-1], d.path[:size]
}

// offer offers one of the fields: what was typed fits its own name, or its path and not already
// that of the field it is in, which outer says.
func (d *deep) offer(f *check.Field, outer bool) {
	size := len(d.path)
	d.path = append(d.path, f.Name...)
	if outer && lettersIn(f.Name, d.c.bare) || !outer && lettersIn(d.path, d.c.bare) {
		d.add(f)
	}
	d.path = d.path[:size]
}

// add offers a field that is known to fit, as well as its own name does, or its path by words.
func (d *deep) add(f *check.Field) {
	it := choice{name: string(d.path), field: f.Type, at: d.at, deep: true, dotted: d.dotted, weight: weightOf(f.Type, d.want)}
	it.Kind = FieldItem
	it.fit = Fit(f.Name, d.c.bare)
	if it.fit < 0 {
		it.fit = max(Fit(it.name, d.c.bare), fitWords)
	}
	it.names = append(slices.Clone(d.names), f.Name)
	it.order = len(d.c.choices)
	d.c.choices = append(d.c.choices, it)
}
