package lang

import (
	"cmp"
	"slices"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// How well what an item is fits where the cursor is, best first.
const (
	weightWanted   = iota // values where one is compared with
	weightFitting         // of the type that is wanted
	weightFunction        // a function that gives that type
	weightOther           // what can stand there and has another type
	weightFar             // keywords, functions of other types
	weightDeep            // fields of fields
	weightOuter           // fields of the items around
	weightWrong           // what is of another type than a comparison takes
)

// choice is what may become an item: of thousands the best alone do.
type choice struct {
	name        string // what is matched, without quotes: of a field its own name
	size        int    // the length of the name, with those before it
	count       int64
	weight, fit int8
	word        *Item    // nil for a field
	field       *fieldOf // nil for a word
	in          []string // the fields that a field is in, from where the fields are on
	t           *check.Type
}

// fieldOf is what fields have in common that are offered together.
type fieldOf struct {
	at     []string // the path of what they are in, nil where it is not known
	prefix string   // what leads to them: ^^. or a variable
	dotted bool     // they stand behind a dot
}

// offer adds a word, if typed fits the name.
func (c *completer) offer(it Item, name string, weight int8) {
	if fit := Fit(name, c.bare); fit >= 0 {
		c.choices = append(c.choices, choice{name: name, size: len(name), count: it.Count, weight: weight, fit: int8(fit), word: &it})
	}
}

// best makes the best of the choices items, and says how many others there are.
func (c *completer) best() ([]Item, int) {
	before := c.better
	if c.bare == "" {
		before = c.sooner
		c.few()
	} else {
		c.drop()
	}
	top, sorted := make([]int, 0, 2*maxItems), false // of those up to maxItems the last is the worst so far
	for i := range c.choices {
		switch {
		case sorted && before(top[maxItems-1], i) < 0:
			continue
		case len(top) == cap(top):
			slices.SortFunc(top, before)
			top, sorted = top[:maxItems], true
		}
		top = append(top, i)
	}
	slices.SortFunc(top, before)
	top = top[:min(len(top), maxItems)]
	items := make([]Item, len(top))
	for k, i := range top {
		items[k] = c.choices[i].item()
	}
	return items, c.more + len(c.choices) - len(items)
}

// drop leaves out the fields of fields in which the letters are but somewhere, where anything fits better.
func (c *completer) drop() {
	if slices.ContainsFunc(c.choices, func(it choice) bool { return it.fit < fitLetters }) {
		c.choices = slices.DeleteFunc(c.choices, func(it choice) bool { return it.distance() > 0 && it.fit == fitLetters })
	}
}

// sooner orders choices before anything was typed.
func (c *completer) sooner(i, k int) int {
	return cmp.Or(cmp.Compare(c.choices[i].weight, c.choices[k].weight), cmp.Compare(i, k))
}

// mostBeside is how many fields are offered beside the values that a field has.
const mostBeside = 5

// few leaves, where values are offered, a few fields of their type, and nothing else: with very many of
// these nobody would see how many values there are.
func (c *completer) few() {
	if !slices.ContainsFunc(c.choices, func(it choice) bool { return it.word != nil && it.word.Kind == ValueItem && it.count > 0 }) {
		return
	}
	slices.SortStableFunc(c.choices, func(a, b choice) int { return cmp.Compare(a.weight, b.weight) })
	beside := 0
	c.choices = slices.DeleteFunc(c.choices, func(it choice) bool {
		if it.weight == weightWanted {
			return false
		}
		beside++
		return it.weight > weightFunction || beside > mostBeside
	})
}

// tiers are the fits between which what is wanted counts more than how well it fits.
var tiers = [...]int8{fitWhole: 0, fitStart: 1, fitStartFold: 1, fitWords: 1, fitInner: 2, fitInside: 2, fitLetters: 3}

// better orders choices that something was typed of.
func (c *completer) better(i, k int) int {
	a, b := &c.choices[i], &c.choices[k]
	if wrong := a.weight == weightWrong; wrong != (b.weight == weightWrong) {
		if wrong {
			return 1
		}
		return -1
	}
	if n := cmp.Compare(tiers[a.fit], tiers[b.fit]); n != 0 {
		return n
	}
	if n := cmp.Compare(a.weight, b.weight); n != 0 {
		return n
	}
	if n := cmp.Compare(a.fit, b.fit); n != 0 {
		return n
	}
	return cmp.Or(cmp.Compare(a.distance(), b.distance()), cmp.Compare(b.count, a.count), cmp.Compare(a.size, b.size), cmp.Compare(i, k))
}

// distance is 0 for what is at hand, 1 for what is in it, 2 for what is around.
func (c *choice) distance() int {
	switch {
	case c.field != nil && c.field.prefix != "":
		return 2
	case len(c.in) > 0:
		return 1
	}
	return 0
}

// item makes a choice an item.
func (c *choice) item() Item {
	if c.field == nil {
		return *c.word
	}
	names := append(slices.Clone(c.in), c.name)
	var b strings.Builder
	b.WriteString(c.field.prefix)
	for i, name := range names {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(written(name, i > 0 || c.field.prefix != "" || c.field.dotted))
	}
	it := Item{Text: b.String(), Kind: FieldItem, Type: c.t.String()}
	if c.field.at != nil {
		it.Path = strings.Join(append(slices.Clone(c.field.at), names...), ".")
	}
	return it
}

// written returns a name as it stands in a text: in backquotes where it needs them.
func written(name string, dotted bool) string {
	if dotted && ast.Reserved(name) {
		return name
	}
	return ast.Format(&ast.Name{Ident: ast.Ident{Text: name}})
}
