package worker

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"sync"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
)

// maxCompiled is how many checked queries one generation of a cache holds.
const maxCompiled = 10_000

// compiled keeps checked queries by their text and by what else their meaning depends
// on, so that a query that comes again is neither parsed nor checked; the engine then
// finds its plan by it. It has two generations: what is not asked for while the young one
// fills up is forgotten. The zero value is ready.
type compiled struct {
	mu         sync.Mutex
	young, old map[string]verdict
}

// verdict is what the checker said.
type verdict struct {
	query       *check.Query
	diagnostics ast.Diagnostics
}

// get returns the verdict that is kept under a key.
func (c *compiled) get(key string) (verdict, bool) {
	c.mu.Lock()
	v, ok := c.young[key]
	if !ok {
		v, ok = c.old[key]
	}
	c.mu.Unlock()
	if ok {
		c.keep(key, v) // it is not forgotten yet
	}
	return v, ok
}

func (c *compiled) keep(key string, v verdict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.young) >= maxCompiled {
		c.old, c.young = c.young, nil
	}
	if c.young == nil {
		c.young = map[string]verdict{}
	}
	c.young[key] = v
}

// compiler compiles the queries of one command: with its parameters and its segments,
// against the one catalog of a dataset. It is for one goroutine.
type compiler struct {
	*dataset.Dataset
	kept    *compiled
	command *redisx.Command
	params  map[string]any
	// keys are what the meaning of a text depends on beside it, and that of one that asks
	// about segments; "" for what is not kept.
	key, linkedKey string
	rules          *rules.Set // nil until a query asks about a segment
	suggested      []string   // segments that may be meant where there is none of a name
}

// compilerOf returns the compiler of a command. Suggested are the names of segments that may be meant where there is none
// of a name.
func (h *handler) compilerOf(c *redisx.Command, suggested ...string) *compiler {
	out := &compiler{Dataset: h.Dataset, kept: &h.compiled, command: c, params: rules.TypedParams(c.Params), suggested: suggested}
	values, err := json.Marshal(out.params)
	if err != nil {
		return out
	}
	out.key = "\x00" + string(values)
	if segments, err := json.Marshal(c.Segments); err == nil {
		sum := sha256.Sum256(segments)
		out.linkedKey = out.key + "\x00" + hex.EncodeToString(sum[:])
	}
	return out
}

// compile parses and checks a query.
func (c *compiler) compile(text string) (*check.Query, ast.Diagnostics) {
	key, linked := c.key, len(c.command.Segments)+len(c.suggested) > 0 && strings.Contains(text, "inSegment")
	if linked {
		key = c.linkedKey
	}
	if len(c.suggested) > 0 {
		key = "" // what is saved may change
	}
	if key == "" {
		return c.compileNew(text, linked)
	}
	key = text + key
	v, ok := c.kept.get(key)
	if !ok {
		v.query, v.diagnostics = c.compileNew(text, linked)
		c.kept.keep(key, v)
	}
	return v.query, v.diagnostics
}

// try is compile for one query of several: a panic is the error of this one alone.
func (c *compiler) try(text string) (q *check.Query, ds ast.Diagnostics, err error) {
	defer ast.Guard(func(f *ast.Fault) {
		c.rules = nil // half of what was checked
		q, ds, err = nil, nil, f
	})
	q, ds = c.compile(text)
	return q, ds, nil
}

// compileNew is compile for a query that was not asked lately.
func (c *compiler) compileNew(text string, linked bool) (*check.Query, ast.Diagnostics) {
	if !linked {
		return lang.Compile(text, c.Catalog, check.Options{Params: c.params})
	}
	x, ds := lang.Query(text)
	if ds.Failed() {
		return nil, ds
	}
	if c.rules == nil {
		c.rules = c.segments()
	}
	one := &rules.Rule{Label: "the query", Text: text, X: x}
	c.rules.Check(one)
	return one.Typed, one.Found
}

// segments returns the segments of the command as rules.
func (c *compiler) segments() *rules.Set {
	all := rules.New(rules.Named(c.command.Segments))
	all.Suggest(c.suggested)
	return all.Over(c.Catalog, check.Options{Params: c.params})
}
