package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// rules are the queries of one run, which may ask about each other by id or by
// name: inSegment("gold"). What a rule asks about is checked before it.
type rules struct {
	asked   []*question
	byName  map[string]int
	catalog column.Catalog
	options check.Options
	// path holds the rules that are being checked, each because of the one before;
	// done those that have been.
	path []int
	done map[int]bool
}

// checkRules checks queries against a catalog, in the order of their dependence,
// and notes what is wrong with them.
func checkRules(asked []*question, catalog column.Catalog, options check.Options) {
	catalog.Saved = map[string]*check.Query{}
	r := &rules{asked: asked, byName: map[string]int{}, catalog: catalog, options: options, done: map[int]bool{}}
	for i, q := range asked {
		for _, name := range []string{q.id, q.name} {
			if name != "" {
				r.byName[name] = i
				catalog.Saved[name] = nil // to be suggested; checked before it is asked for
			}
		}
	}
	for i := range asked {
		r.check(i)
	}
}

// maxPath is how many rules may be open, each because of the one before: far more than the
// checker allows, and few enough for the stack.
const maxPath = 10_000

// check checks rule i behind those that it asks about.
func (r *rules) check(i int) {
	q := r.asked[i]
	if r.done[i] || len(q.errors) > 0 {
		return
	}
	if len(r.path) >= maxPath {
		q.refuse(ast.Diagnostics{{Code: "too-deep", At: q.statement.X.Span(), Message: "too many segments ask about each other in a row"}})
		r.done[i] = true
		return
	}
	r.path = append(r.path, i)
	defer func() {
		r.path = r.path[:len(r.path)-1]
		r.done[i] = true
	}()
	for _, ref := range references(q.statement.X) {
		j, ok := r.byName[ref.Value]
		switch {
		case !ok:
			continue // the checker knows it, or says that there is none
		case slices.Contains(r.path, j):
			q.refuse(ast.Diagnostics{r.cycle(ref, j)})
			return
		}
		r.check(j)
		if r.asked[j].record.Error != nil {
			q.refuse(ast.Diagnostics{brokenSegment(ref)})
			return
		}
	}
	typed, ds := check.Check(q.statement.X, r.catalog, r.options)
	q.run = typed
	q.refuse(ds)
	if typed != nil {
		for _, name := range []string{q.id, q.name} {
			if name != "" {
				r.catalog.Saved[name] = typed
			}
		}
	}
}

// references lists the segments that an expression asks about.
func references(x ast.Expr) []*ast.String {
	var out []*ast.String
	ast.Inspect(x, func(e ast.Expr) bool {
		if c, ok := e.(*ast.Call); ok && c.Recv == nil && c.Name.Text == "inSegment" && len(c.Args) == 1 {
			if id, ok := c.Args[0].(*ast.String); ok {
				out = append(out, id)
			}
		}
		return true
	})
	return out
}

// cycle says which rules ask about each other in a circle.
func (r *rules) cycle(ref *ast.String, j int) ast.Diagnostic {
	var names []string
	for _, i := range r.path[slices.Index(r.path, j):] {
		names = append(names, r.asked[i].record.ID)
	}
	return ast.Diagnostic{
		Code: "segment-cycle", At: ref.At,
		Message: fmt.Sprintf("the segments ask about each other: %s", strings.Join(append(names, ref.Value), " → ")),
		Hint:    "a segment cannot depend on itself",
	}
}

func brokenSegment(ref *ast.String) ast.Diagnostic {
	return ast.Diagnostic{Code: "broken-segment", At: ref.At, Message: fmt.Sprintf("the segment %q has an error of its own", ref.Value)}
}
