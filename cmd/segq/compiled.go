package main

import (
	"encoding/json"
	"sync"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// maxCompiled is how many checked queries one generation of a cache holds.
const maxCompiled = 10_000

// compiled keeps checked queries by their text and parameters, so that a query that
// comes again is neither parsed nor checked; the engine then finds its plan by it.
// It has two generations: what is not asked for while the young one fills up is
// forgotten. The zero value is ready.
type compiled struct {
	mu         sync.Mutex
	young, old map[string]verdict
}

// verdict is what the checker said.
type verdict struct {
	query       *check.Query
	diagnostics ast.Diagnostics
}

// compile is lang.Compile against one catalog, which must be the same in every
// call.
func (c *compiled) compile(text string, catalog column.Catalog, params map[string]any) (*check.Query, ast.Diagnostics) {
	values, err := json.Marshal(params)
	if err != nil {
		return lang.Compile(text, catalog, check.Options{Params: params})
	}
	key := text + "\x00" + string(values)
	c.mu.Lock()
	a, ok := c.young[key]
	if !ok {
		a, ok = c.old[key]
	}
	c.mu.Unlock()
	if !ok {
		a.query, a.diagnostics = lang.Compile(text, catalog, check.Options{Params: params})
	}
	c.keep(key, a)
	return a.query, a.diagnostics
}

func (c *compiled) keep(key string, a verdict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.young) >= maxCompiled {
		c.old, c.young = c.young, nil
	}
	if c.young == nil {
		c.young = map[string]verdict{}
	}
	c.young[key] = a
}
