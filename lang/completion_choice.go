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
	weightOuter           // fields of the items around
)

// choice is what may become an item: items are made of the best alone.
type choice struct {
	Item
	// name is what is matched: without quotes.
	name string
	// field is that of a field, whose names from the item on are in names.
	field  *check.Type
	at     []string // the path of what the field is in
	names  []string
	prefix string // what leads to them: ^^, or a variable
	// dotted says that it stands behind a dot, and deep that it is a field of a field.
	dotted, deep bool

	weight, fit int
	order       int
}

// offer adds what typed fits.
func (c *completer) offer(it choice) {
	if it.name == "" {
		it.name = it.Text
	}
	it.fit = Fit(it.name, c.bare)
	if it.fit >= 0 {
		it.order = len(c.choices)
		c.choices = append(c.choices, it)
	}
}

// best makes the best of the choices items, and says how many others there are.
func (c *completer) best() ([]Item, int) {
	if c.bare == "" {
		slices.SortStableFunc(c.choices, func(a, b choice) int { return cmp.Compare(a.weight, b.weight) })
	} else {
		slices.SortFunc(c.choices, better)
	}
	n := min(len(c.choices), maxItems)
	items := make([]Item, n)
	for i := range n {
		items[i] = c.choices[i].item()
	}
	return items, c.more + len(c.choices) - n
}

// tiers are the fits between which what is wanted counts more than how well it fits.
var tiers = [...]int{fitWhole: 0, fitStart: 1, fitStartFold: 1, fitWords: 1, fitInner: 2, fitInside: 2, fitLetters: 3}

// better orders choices of which something was typed.
func better(a, b choice) int {
	return cmp.Or(
		cmp.Compare(tiers[a.fit], tiers[b.fit]),
		cmp.Compare(a.weight, b.weight),
		cmp.Compare(a.fit, b.fit),
		cmp.Compare(deepness(a), deepness(b)),
		cmp.Compare(b.Count, a.Count),
		cmp.Compare(len(a.name), len(b.name)),
		cmp.Compare(a.order, b.order),
	)
}

func deepness(c choice) int {
	switch {
	case c.prefix != "":
		return 2
	case c.deep:
		return 1
	}
	return 0
}

// item makes a choice an item.
func (c choice) item() Item {
	if c.field == nil {
		return c.Item
	}
	c.Type = c.field.String()
	var b strings.Builder
	for i, name := range c.names {
		dotted := i > 0 || c.prefix != ""
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(written(name, dotted || c.dotted))
	}
	c.Text = c.prefix + b.String()
	if c.at != nil && c.Path == "" {
		c.Path = strings.Join(append(slices.Clone(c.at), c.names...), ".")
	}
	return c.Item
}

// written returns a name as it stands in a text: in backquotes where it needs them.
func written(name string, dotted bool) string {
	if dotted {
		return strings.TrimPrefix(ast.Format(&ast.Member{X: &ast.Name{Ident: ast.Ident{Text: "a"}}, Name: ast.Ident{Text: name}}), "a.")
	}
	return ast.Format(&ast.Name{Ident: ast.Ident{Text: name}})
}
