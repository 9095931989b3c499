package ast

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
)

// maxJSONDepth is how deep nodes may lie inside each other, as for a query's text.
const maxJSONDepth = 250

// UnmarshalPQL reads pql/json. The tree has no spans: print it with [Format] and
// parse that to get some. An error names the node that is wrong.
func UnmarshalPQL(data []byte) (x Expr, err error) {
	defer Guard(func(f *Fault) { x, err = nil, f })
	var n jsonNode
	if err := json.Unmarshal(data, &n); err != nil {
		return nil, fmt.Errorf("pql/json: %w", err)
	}
	r := &jsonReader{}
	x = r.node(&n, "the query")
	if r.err != nil {
		return nil, fmt.Errorf("pql/json: %w", r.err)
	}
	return x, nil
}

// jsonReader turns nodes into a tree. The first error ends it: everything read
// after it is a stand-in.
type jsonReader struct {
	depth int
	inner bool
	err   error
}

func (r *jsonReader) fail(format string, args ...any) Expr {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
	return &Bool{}
}

// node reads n, which is what of its parent.
func (r *jsonReader) node(n *jsonNode, what string) Expr {
	if n == nil {
		return r.fail("%s is missing", what)
	}
	if r.depth++; r.depth > maxJSONDepth {
		return r.fail("nodes lie more than %d deep", maxJSONDepth)
	}
	defer func() { r.depth-- }()
	if r.err != nil {
		return &Bool{}
	}
	switch n.Type {
	case "literal":
		return r.literal(n)
	case "fieldLookup":
		return r.lookup(n)
	case "parameterReference":
		return r.position(n)
	case "varRef":
		return &Name{Ident: r.ident(n.Var, "varName")}
	case "parameter":
		if n.Context && !ContextName(n.Var) {
			return r.fail("%q cannot be used in the braces of a context", n.Var)
		}
		return &Param{Name: r.ident(n.Var, "varName"), Context: n.Context}
	case "fnApply":
		return r.apply(n)
	case "fnCreate":
		return r.lambda(n)
	case "calendar":
		if !slices.Contains([]string{"this", "last", "next"}, n.Which) {
			return r.fail("a calendar is this, last or next, not %q", n.Which)
		}
		return &Calendar{Which: n.Which, Unit: r.unit(n.Unit)}
	}
	return r.binding(n)
}

func (r *jsonReader) optional(n *jsonNode, what string) Expr {
	if n == nil {
		return nil
	}
	return r.node(n, what)
}

func (r *jsonReader) nodes(ns []*jsonNode, what string) []Expr {
	out := make([]Expr, len(ns))
	for i, n := range ns {
		out[i] = r.node(n, what)
	}
	return out
}

// ident makes a name; it is quoted where the text needs it.
func (r *jsonReader) ident(text, what string) Ident {
	if text == "" {
		r.fail("%s is missing", what)
	}
	return Ident{Text: text}
}

func (r *jsonReader) idents(texts []string, what string) []Ident {
	out := make([]Ident, len(texts))
	for i, t := range texts {
		out[i] = r.ident(t, what)
	}
	return out
}

func (r *jsonReader) unit(name string) Unit {
	if name == "" {
		return NoUnit
	}
	u, ok := UnitNamed(name)
	if !ok {
		r.fail("%q is not a unit of time", name)
	}
	return u
}

func (r *jsonReader) literal(n *jsonNode) Expr {
	read := func(v any) {
		if err := json.Unmarshal(n.Value, v); err != nil {
			r.fail("the value of a %s literal: %w", n.Literal, err)
		}
	}
	switch n.Literal {
	case "String":
		x := &String{}
		read(&x.Value)
		return x
	case "Integer":
		x := &Int{}
		read(&x.Value)
		if x.Value == math.MinInt64 {
			return r.fail("the integer %d is out of range", x.Value)
		}
		return signed(x.Value < 0, &Int{Value: max(x.Value, -x.Value)})
	case "Number":
		x := &Float{}
		read(&x.Value)
		return signed(x.Value < 0, &Float{Value: max(x.Value, -x.Value)})
	case "Boolean":
		x := &Bool{}
		read(&x.Value)
		return x
	case "List":
		return &List{Items: r.nodes(n.Items, "an item")}
	case "XDMObject":
		if len(n.Keys) != len(n.Items) {
			return r.fail("an object has %d keys and %d items", len(n.Keys), len(n.Items))
		}
		return &Object{Keys: r.idents(n.Keys, "a key"), Values: r.nodes(n.Items, "an item")}
	}
	return r.fail("%q is not a type of literal", n.Literal)
}

// signed returns a number as text writes it: the sign apart.
func signed(negative bool, x Expr) Expr {
	if negative {
		return &Unary{Op: "-", X: x}
	}
	return x
}

func (r *jsonReader) lookup(n *jsonNode) Expr {
	name := r.ident(n.Field, "fieldName")
	switch {
	case n.Up > maxJSONDepth:
		return r.fail("a lookup climbs more than %d scopes", maxJSONDepth)
	case n.Up > 0:
		return &Up{Levels: n.Up, Name: name}
	case n.Object == nil:
		return &Name{Ident: name}
	case !r.inner && n.Object.Type == "parameterReference" && n.Object.Position != nil && *n.Object.Position == 1:
		return &Name{Ident: name}
	}
	return &Member{X: r.node(n.Object, "object"), Name: name}
}

func (r *jsonReader) position(n *jsonNode) Expr {
	switch {
	case n.Position == nil || *n.Position < 0:
		return r.fail("a parameterReference has no position")
	case *n.Position == 0:
		return &This{}
	}
	return &Position{N: *n.Position}
}

var timeWords = []string{"now", "today", "yesterday", "tomorrow"}

var infix = []string{"and", "or", "=", "!=", "<", "<=", ">", ">=", "like", "matches", "in", "notIn", "+", "-", "*", "/", "%"}

func (r *jsonReader) apply(n *jsonNode) Expr {
	switch {
	case n.Postfix && len(n.Params) > 0:
		recv := r.node(n.Params[0], "the receiver")
		return &Call{Recv: recv, Name: r.ident(n.Fn, "fnName"), Args: r.within(n.Params[1:])}
	case n.Fn == "filter" && len(n.Params) == 2 && isScope(n.Params[1]):
		x := r.node(n.Params[0], "the list")
		return &Filter{X: x, Cond: r.within([]*jsonNode{n.Params[1].Body})[0]}
	case slices.Contains(timeWords, n.Fn) && len(n.Params) == 0:
		return &TimeWord{Word: n.Fn}
	case (n.Fn == "not" || n.Fn == "-") && len(n.Params) == 1:
		return &Unary{Op: n.Fn, X: r.node(n.Params[0], "the operand")}
	case slices.Contains(infix, n.Fn) && len(n.Params) == 2:
		return &Binary{Op: n.Fn, L: r.node(n.Params[0], "the left side"), R: r.node(n.Params[1], "the right side")}
	case (n.Fn == "and" || n.Fn == "or") && len(n.Params) > 2:
		x := r.node(n.Params[0], "an operand")
		for _, p := range n.Params[1:] {
			x = &Binary{Op: n.Fn, L: x, R: r.node(p, "an operand")}
		}
		return x
	}
	return &Call{Name: r.ident(n.Fn, "fnName"), Args: r.nodes(n.Params, "an argument")}
}

// isScope says whether n is a function without names: an element's scope.
func isScope(n *jsonNode) bool { return n != nil && n.Type == "fnCreate" && len(n.Names) == 0 }

// within reads nodes inside an element's scope.
func (r *jsonReader) within(ns []*jsonNode) []Expr {
	inner := r.inner
	r.inner = true
	out := r.nodes(ns, "an argument")
	r.inner = inner
	return out
}

func (r *jsonReader) lambda(n *jsonNode) Expr {
	if len(n.Names) == 0 {
		return r.fail("a function without parameters is not a value")
	}
	return &Lambda{Params: r.idents(n.Names, "paramNames"), Body: r.within([]*jsonNode{n.Body})[0]}
}

func (r *jsonReader) binding(n *jsonNode) Expr {
	switch n.Type {
	case "select":
		return &Select{Decls: r.decls(n)}
	case "quantification":
		if n.Quantifier != "some" && n.Quantifier != "all" {
			return r.fail("a quantification is some or all, not %q", n.Quantifier)
		}
		return &Quantified{ForAll: n.Quantifier == "all", Decls: r.decls(n)}
	case "aggregation":
		if !slices.Contains([]string{"sum", "average", "min", "max"}, n.Fn) {
			return r.fail("an aggregation is sum, average, min or max, not %q", n.Fn)
		}
		return &Aggregate{Fn: n.Fn, Decls: r.decls(n), X: r.node(n.Body, "body")}
	case "let":
		return &Let{Name: r.ident(n.Var, "varName"), Value: r.node(n.From, "from"), Body: r.node(n.Body, "body")}
	case "chain":
		return r.chain(n)
	case "occurs":
		w, err := r.window(n.Window)
		if err != nil {
			return r.fail("%w", err)
		}
		return &Occurs{X: r.node(n.Object, "object"), Window: w}
	}
	return r.fail("%q is not a type of node", n.Type)
}

func (r *jsonReader) decls(n *jsonNode) []Decl {
	if len(n.Decls) == 0 {
		r.fail("a %s declares nothing", n.Type)
	}
	out := make([]Decl, len(n.Decls))
	for i, d := range n.Decls {
		if d == nil {
			r.fail("a declaration is missing")
			break
		}
		out[i] = Decl{Name: r.ident(d.Var, "varName"), From: r.node(d.From, "from"), Where: r.optional(d.Where, "where")}
	}
	return out
}

func (r *jsonReader) chain(n *jsonNode) Expr {
	if len(n.Steps) == 0 {
		return r.fail("a chain has no steps")
	}
	x := &Chain{X: r.node(n.Object, "object"), Order: r.within([]*jsonNode{n.From})[0]}
	inner := r.inner
	r.inner = true
	for _, s := range n.Steps {
		step := Step{Label: r.ident(s.Label, "label"), What: r.node(s.What, "what"), Count: r.optional(s.Count, "count"), Where: r.optional(s.Where, "where")}
		if s.When != nil {
			w, err := r.window(s.When)
			if err != nil {
				return r.fail("%w", err)
			}
			step.When = &w
		}
		x.Steps = append(x.Steps, step)
	}
	r.inner = inner
	return x
}

// window reads one of the four forms of a [Window].
func (r *jsonReader) window(w *jsonWindow) (Window, error) {
	if w == nil {
		return Window{}, errors.New("an occurs has no window")
	}
	out := Window{Op: w.Op, N: w.N, Unit: r.unit(w.Unit), Dir: w.Dir, On: w.On, Ref: r.node(w.Reference, "reference")}
	out.To = r.optional(w.To, "to")
	directions := []string{"", "before", "after", "from"}
	switch {
	case !slices.Contains(directions, w.Dir):
		return out, fmt.Errorf("%q is not a direction of a window", w.Dir)
	case w.Op != "" && (!slices.Contains(infix[2:8], w.Op) || w.Dir == "" || out.Unit == NoUnit || w.N < 0):
		return out, errors.New("a window with a distance has a comparison, a count, a unit and a direction")
	case w.Op == "" && (out.Unit != NoUnit || w.N != 0):
		return out, errors.New("a window with a count or a unit has a comparison")
	case w.To != nil && (w.Op != "" || w.Dir != "" || w.On), w.On && w.Dir != "":
		return out, errors.New("a window mixes two forms")
	}
	return out, nil
}
