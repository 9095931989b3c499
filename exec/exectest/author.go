package exectest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/segq/segq/lang/check"
)

// Author writes queries over a schema, from the types of its fields and the table of
// functions: well-typed ones, and, at a part of their places, what does not fit there.
// Equal seeds write equal queries.
type Author struct {
	// Wrong is the part of the places of an expression at which something of another
	// type, or nonsense, is written: 0 writes only queries that are right.
	Wrong float64
	// Texts are what strings are compared with; Segments what inSegment asks for;
	// Params the parameters by the kind of their values.
	Texts    []string
	Segments []string
	Params   map[check.Kind]string

	rng *rand.Rand
	// scopes are the types of the items around the present place, the profile first;
	// variables are those that are bound.
	scopes    []*check.Type
	variables []variable
	names     int
}

type variable struct {
	name string
	t    *check.Type
}

// NewAuthor returns an author of queries over profiles of a type.
func NewAuthor(seed uint64, profile *check.Type) *Author {
	return &Author{rng: rand.New(rand.NewPCG(seed, 0)), scopes: []*check.Type{profile}, Texts: []string{"", "a", "b"}}
}

// Query writes a query: mostly a condition, sometimes a value.
func (a *Author) Query() string {
	depth := a.rng.IntN(4)
	if a.rng.IntN(4) > 0 {
		return a.Condition(depth)
	}
	return a.Value(a.anyType(2), depth)
}

// Int returns a number from 0 to before n, for choices around the queries.
func (a *Author) Int(n int) int { return a.rng.IntN(n) }

// one returns one of some texts.
func (a *Author) one(texts ...string) string { return texts[a.rng.IntN(len(texts))] }

// mistaken says whether this place is one of the wrong ones.
func (a *Author) mistaken() bool { return a.Wrong > 0 && a.rng.Float64() < a.Wrong }

// anyType returns some type that a value may have.
func (a *Author) anyType(depth int) *check.Type {
	if depth > 0 {
		switch a.rng.IntN(8) {
		case 0, 1:
			return check.ListOf(a.anyType(depth - 1))
		case 2:
			return check.MapOf(a.anyType(depth - 1))
		}
	}
	return a.scalarType()
}

func (a *Author) scalarType() *check.Type {
	types := []*check.Type{check.BoolType, check.IntType, check.FloatType, check.StringType, check.TimestampType}
	return types[a.rng.IntN(len(types))]
}

// fits says whether a value of type have stands for one of type want.
func fits(have, want *check.Type) bool {
	switch {
	case want.Kind == check.Any:
		return true
	case want.Kind == check.Object:
		return have.Kind == check.Object && (len(want.Fields) == 0 || have.Equal(want))
	case have.Kind != want.Kind:
		return false
	case want.Kind == check.List || want.Kind == check.Map:
		return fits(have.Elem, want.Elem)
	}
	return true
}

// place is a path that leads to a value.
type place struct {
	text string
	t    *check.Type
}

// paths returns what can be read from an item: its fields, and those of its objects and of
// the elements of its lists.
func paths(prefix string, t *check.Type, depth int) []place {
	var out []place
	if depth == 0 {
		return nil
	}
	inner, listed := t, false
	for inner.Kind == check.List {
		inner, listed = inner.Elem, true
	}
	if inner.Kind != check.Object {
		return nil
	}
	for _, f := range inner.Fields {
		ft := f.Type
		if listed {
			for ft.Kind == check.List {
				ft = ft.Elem
			}
			ft = check.ListOf(ft)
		}
		p := place{prefix + f.Name, ft}
		out = append(out, p)
		out = append(out, paths(p.text+".", ft, depth-1)...)
	}
	return out
}

// path returns a path to a value of a type, "" when there is none.
func (a *Author) path(want *check.Type) string {
	var all []place
	for i, t := range a.scopes {
		up := len(a.scopes) - 1 - i
		prefix := ""
		if up > 0 {
			prefix = strings.Repeat("^", up) + "."
		} else if t.Kind != check.Object {
			all = append(all, place{"this", t})
		}
		all = append(all, paths(prefix, t, 5)...)
	}
	for _, v := range a.variables {
		// What is bound close by is wanted more often.
		for range 4 {
			all = append(all, place{v.name, v.t})
		}
		all = append(all, paths(v.name+".", v.t, 3)...)
	}
	var fit []string
	for _, p := range all {
		if fits(p.t, want) {
			fit = append(fit, p.text)
		}
	}
	if len(fit) == 0 {
		return ""
	}
	return fit[a.rng.IntN(len(fit))]
}

// within writes something in the scope of an item.
func (a *Author) within(item *check.Type, write func() string) string {
	a.scopes = append(a.scopes, item)
	defer func() { a.scopes = a.scopes[:len(a.scopes)-1] }()
	return write()
}

// bound writes something in the scope of a new variable.
func (a *Author) bound(t *check.Type, write func(name string) string) string {
	a.names++
	name := fmt.Sprintf("V%d", a.names)
	a.variables = append(a.variables, variable{name, t})
	defer func() { a.variables = a.variables[:len(a.variables)-1] }()
	return write(name)
}

// items writes a list that the profile, or what is around, has, and gives the type of
// its elements.
func (a *Author) items(depth int) (text string, elem *check.Type) {
	var all []place
	for i, t := range a.scopes {
		prefix := strings.Repeat("^", len(a.scopes)-1-i)
		if prefix != "" {
			prefix += "."
		}
		for _, p := range paths(prefix, t, 3) {
			if p.t.Kind == check.List {
				all = append(all, p)
			}
		}
	}
	if len(all) == 0 || a.rng.IntN(8) == 0 {
		t := a.scalarType()
		return a.literalList(t), t
	}
	p := all[a.rng.IntN(len(all))]
	if depth > 0 && a.rng.IntN(3) == 0 {
		p.text += "[" + a.within(p.t.Elem, func() string { return a.Condition(depth - 1) }) + "]"
	}
	return p.text, p.t.Elem
}
