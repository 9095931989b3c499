package ast

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// MarshalPQL returns x as pql/json, indented. A name at the top is a field of
// parameter 1; inside of brackets and arguments it is looked up in scope.
func MarshalPQL(x Expr) (data []byte, err error) {
	defer Guard(func(f *Fault) { data, err = nil, f })
	w := &jsonWriter{}
	n := w.node(x)
	if w.err != nil {
		return nil, w.err
	}
	b := &bytes.Buffer{}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err = e.Encode(n)
	return b.Bytes(), err
}

// jsonWriter turns a tree into nodes. vars are the names that are bound, and inner
// says that names are those of an element.
type jsonWriter struct {
	vars  []string
	inner bool
	err   error
}

func (w *jsonWriter) nodes(xs []Expr) []*jsonNode {
	out := make([]*jsonNode, len(xs))
	for i, x := range xs {
		out[i] = w.node(x)
	}
	return out
}

// optional returns the node of x, nil for none.
func (w *jsonWriter) optional(x Expr) *jsonNode {
	if x == nil {
		return nil
	}
	return w.node(x)
}

func (w *jsonWriter) literal(kind string, value any) *jsonNode {
	b, err := json.Marshal(value)
	if err != nil {
		w.err = fmt.Errorf("a literal cannot be written: %w", err)
	}
	return &jsonNode{Type: "literal", Literal: kind, Value: b}
}

func (w *jsonWriter) node(x Expr) *jsonNode {
	switch x := x.(type) {
	case *String:
		return w.literal("String", x.Value)
	case *Int:
		return w.literal("Integer", x.Value)
	case *Float:
		return w.literal("Number", x.Value)
	case *Bool:
		return w.literal("Boolean", x.Value)
	case *List:
		return &jsonNode{Type: "literal", Literal: "List", Items: w.nodes(x.Items)}
	case *Object:
		n := &jsonNode{Type: "literal", Literal: "XDMObject", Items: w.nodes(x.Values)}
		for _, k := range x.Keys {
			n.Keys = append(n.Keys, k.Text)
		}
		return n
	case *Unary:
		return &jsonNode{Type: "fnApply", Fn: x.Op, Params: []*jsonNode{w.node(x.X)}}
	case *Binary:
		return &jsonNode{Type: "fnApply", Fn: x.Op, Params: []*jsonNode{w.node(x.L), w.node(x.R)}}
	case *Call:
		return w.call(x)
	case *Filter:
		body := &jsonNode{Type: "fnCreate", Body: w.within(nil, x.Cond)}
		return &jsonNode{Type: "fnApply", Fn: "filter", Params: []*jsonNode{w.node(x.X), body}}
	case *Lambda:
		names := identTexts(x.Params)
		return &jsonNode{Type: "fnCreate", Names: names, Body: w.within(names, x.Body)}
	}
	if n := w.reference(x); n != nil {
		return n
	}
	return w.binding(x)
}

// reference writes names and paths; nil for other expressions.
func (w *jsonWriter) reference(x Expr) *jsonNode {
	switch x := x.(type) {
	case *Name:
		switch {
		case slices.Contains(w.vars, x.Text):
			return &jsonNode{Type: "varRef", Var: x.Text}
		case w.inner:
			return &jsonNode{Type: "fieldLookup", Field: x.Text}
		}
		return &jsonNode{Type: "fieldLookup", Field: x.Text, Object: position(1)}
	case *Member:
		return &jsonNode{Type: "fieldLookup", Field: x.Name.Text, Object: w.node(x.X)}
	case *Up:
		return &jsonNode{Type: "fieldLookup", Field: x.Name.Text, Up: x.Levels}
	case *This:
		return position(0)
	case *Position:
		return position(x.N)
	case *Param:
		return &jsonNode{Type: "parameter", Var: x.Name.Text, Context: x.Context}
	}
	return nil
}

func position(n int) *jsonNode { return &jsonNode{Type: "parameterReference", Position: &n} }

// call writes a call; the arguments after a dot are in the scope of an element.
func (w *jsonWriter) call(x *Call) *jsonNode {
	n := &jsonNode{Type: "fnApply", Fn: x.Name.Text}
	if x.Recv == nil {
		n.Params = w.nodes(x.Args)
		return n
	}
	n.Postfix = true
	n.Params = []*jsonNode{w.node(x.Recv)}
	for _, a := range x.Args {
		n.Params = append(n.Params, w.within(nil, a))
	}
	return n
}

// within writes x inside an element's scope, with more names bound.
func (w *jsonWriter) within(names []string, x Expr) *jsonNode {
	vars, inner := w.vars, w.inner
	w.vars, w.inner = append(slices.Clip(vars), names...), true
	n := w.node(x)
	w.vars, w.inner = vars, inner
	return n
}

func (w *jsonWriter) binding(x Expr) *jsonNode {
	switch x := x.(type) {
	case *Select:
		return w.declared(&jsonNode{Type: "select"}, x.Decls, nil)
	case *Quantified:
		n := &jsonNode{Type: "quantification", Quantifier: "some"}
		if x.ForAll {
			n.Quantifier = "all"
		}
		return w.declared(n, x.Decls, nil)
	case *Aggregate:
		return w.declared(&jsonNode{Type: "aggregation", Fn: x.Fn}, x.Decls, x.X)
	case *Let:
		n := &jsonNode{Type: "let", Var: x.Name.Text, From: w.node(x.Value)}
		vars := w.vars
		w.vars = append(slices.Clip(vars), x.Name.Text)
		n.Body = w.node(x.Body)
		w.vars = vars
		return n
	case *Chain:
		return w.chain(x)
	case *Occurs:
		return &jsonNode{Type: "occurs", Object: w.node(x.X), Window: w.window(&x.Window)}
	case *TimeWord:
		return &jsonNode{Type: "fnApply", Fn: x.Word}
	case *Calendar:
		return &jsonNode{Type: "calendar", Which: x.Which, Unit: x.Unit.String()}
	}
	panic(fmt.Sprintf("ast: unknown expression %T", x))
}

// declared writes declarations, and body in the scope of all of them.
func (w *jsonWriter) declared(n *jsonNode, decls []Decl, body Expr) *jsonNode {
	vars := w.vars
	for _, d := range decls {
		v := &jsonNode{Type: "varDecl", Var: d.Name.Text, From: w.node(d.From)}
		w.vars = append(slices.Clip(w.vars), d.Name.Text)
		v.Where = w.optional(d.Where)
		n.Decls = append(n.Decls, v)
	}
	n.Body = w.optional(body)
	w.vars = vars
	return n
}

func (w *jsonWriter) chain(x *Chain) *jsonNode {
	n := &jsonNode{Type: "chain", Object: w.node(x.X), From: w.within(nil, x.Order)}
	inner := w.inner
	w.inner = true
	for _, s := range x.Steps {
		step := jsonStep{Label: s.Label.Text, What: w.node(s.What), Count: w.optional(s.Count), Where: w.optional(s.Where)}
		if s.When != nil {
			step.When = w.window(s.When)
		}
		n.Steps = append(n.Steps, step)
	}
	w.inner = inner
	return n
}

func (w *jsonWriter) window(x *Window) *jsonWindow {
	return &jsonWindow{
		Op: x.Op, N: x.N, Unit: x.Unit.String(), Dir: x.Dir, On: x.On,
		Reference: w.node(x.Ref), To: w.optional(x.To),
	}
}

func identTexts(ids []Ident) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = id.Text
	}
	return out
}
