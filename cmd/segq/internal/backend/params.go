package backend

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl"
)

// parameters are the values of @name in the queries of a session. A map that was handed out stays as it is.
type parameters struct {
	mu     sync.Mutex
	values map[string]any
}

// all returns the values by their names.
func (p *parameters) all() map[string]any {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.values
}

// change replaces the values by a copy that is changed.
func (p *parameters) change(do func(values map[string]any)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := maps.Clone(p.values)
	if next == nil {
		next = map[string]any{}
	}
	do(next)
	p.values = next
}

// Params lists the parameters that have a value.
func (b *backend) Params() []repl.Param {
	values := b.params.all()
	var all []repl.Param
	for _, name := range slices.Sorted(maps.Keys(values)) {
		all = append(all, repl.Param{Name: name, Value: rules.Literal(values[name])})
	}
	return all
}

// SetParam gives a parameter a value.
func (b *backend) SetParam(name, value string) (repl.Param, error) {
	v, err := paramOf(value)
	if err != nil {
		return repl.Param{}, fmt.Errorf("@%s: %w", name, err)
	}
	b.params.change(func(values map[string]any) { values[name] = v })
	return repl.Param{Name: name, Value: rules.Literal(v)}, nil
}

// DropParam takes the value of a parameter away.
func (b *backend) DropParam(name string) (had bool) {
	b.params.change(func(values map[string]any) {
		_, had = values[name]
		delete(values, name)
	})
	return had
}

// paramOf reads a value: a text as queries write it, else as --param takes it.
func paramOf(text string) (any, error) {
	if x, found := lang.Query(text); !found.Failed() {
		if s, ok := x.(*ast.String); ok {
			return s.Value, nil
		}
	}
	v, err := rules.ParamValue(text)
	if err != nil {
		return nil, err
	}
	return rules.TypedParams(map[string]any{"": v})[""], nil
}
