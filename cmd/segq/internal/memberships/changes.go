package memberships

import (
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/segq/segq/cmd/segq/internal/difference"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// Changes compares memberships that are written with those of before. Profiles that are in no audience are as if
// they were not there.
type Changes struct {
	*difference.Comparison
	// Safe says that texts of before may have an apostrophe before them, as [rows.Options] puts it there.
	Safe bool
	// Unsafe says that it is noted if they look so.
	Unsafe bool

	id *check.Type // of the ids of now
	to *ChangeRows // who entered and left; nil for nobody

	mu    sync.Mutex // guards what follows
	names []string   // by code: those of the rules in their order, then others
	codes map[string]uint32
	own   int // names that are those of rules

	nameless   [2]nameless            // of both sides
	read       atomic.Int64           // rows of before
	apostrophe atomic.Pointer[string] // a text of before that looks safe

	// Of each code. They are written where rows are compared, by one goroutine at a time.
	entered, left []int
	now           []int // nil where it is known otherwise
}

// Audience is what became of an audience. Of one that is not among the rules any more, nobody is in it. Those that have no id
// are compared with nobody, and in none of the figures: Without is how many there are now.
type Audience struct {
	Name                               string
	Before, Entered, Left, Stayed, Now int
	Without                            int
	Gone                               bool
}

// nameless counts the rows of a side that have an audience and no id, and in which audiences they are, by code.
type nameless struct {
	rows int
	in   []int
}

// add takes a row into account.
func (n *nameless) add(codes []uint32) {
	n.rows++
	for _, code := range codes {
		if need := int(code) + 1; need > len(n.in) {
			n.in = append(n.in, make([]int, need-len(n.in))...)
		}
		n.in[code]++
	}
}

// gather adds what a stretch has counted, which begins anew. c.mu is not held.
func (c *Changes) gather(s difference.Side, some *nameless) {
	if some.rows == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	all := &c.nameless[s]
	all.rows += some.rows
	all.in = append(all.in, make([]int, max(0, len(some.in)-len(all.in)))...)
	for code, n := range some.in {
		all.in[code] += n
	}
	*some = nameless{}
}

// NewChanges begins a comparison of the memberships in audiences of these names, of profiles with ids of a type. several
// says that an id may be in several rows, as in pairs: it is one member of all that any of them is in.
func NewChanges(names []string, id *check.Type, several bool, to *ChangeRows) *Changes {
	c := &Changes{id: id, to: to, names: slices.Sorted(slices.Values(names)), codes: map[string]uint32{}, own: len(names)}
	for i, name := range c.names {
		c.codes[name] = uint32(i)
	}
	o := difference.Options{Unordered: several, Changed: c.changed}
	if several {
		c.now = make([]int, len(names))
		o.Each = func(codes []uint32) {
			for _, code := range codes {
				c.now[code]++
			}
		}
	}
	c.Comparison = difference.New(o)
	return c
}

// uncompared is the code of audiences that are passed over.
const uncompared = math.MaxUint32

// Pass passes over the audiences of before with these names. It is called before anything is compared.
func (c *Changes) Pass(names []string) {
	for _, name := range names {
		c.codes[name] = uncompared
	}
}

// changed takes in what became of a profile.
func (c *Changes) changed(d difference.Change) error {
	if need := int(max(last(d.Before), last(d.After))) + 1; need > len(c.entered) {
		c.entered = append(c.entered, make([]int, need-len(c.entered))...)
		c.left = append(c.left, make([]int, need-len(c.left))...)
	}
	for i, k := 0, 0; i < len(d.Before) || k < len(d.After); {
		switch {
		case k == len(d.After) || i < len(d.Before) && d.Before[i] < d.After[k]:
			c.left[d.Before[i]]++
			if err := c.to.add(d.ID, c.name(d.Before[i]), false); err != nil {
				return err
			}
			i++
		case i == len(d.Before) || d.After[k] < d.Before[i]:
			c.entered[d.After[k]]++
			if err := c.to.add(d.ID, c.name(d.After[k]), true); err != nil {
				return err
			}
			k++
		default:
			i++
			k++
		}
	}
	return nil
}

func last(codes []uint32) uint32 {
	if len(codes) == 0 {
		return 0
	}
	return codes[len(codes)-1]
}

func (c *Changes) name(code uint32) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.names[code]
}

// code returns the code of a name, which may be one of before alone.
func (c *Changes) code(name string) uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	code, ok := c.codes[name]
	if !ok {
		name = strings.Clone(name)
		code = uint32(len(c.names))
		c.names, c.codes[name] = append(c.names, name), code
	}
	return code
}

// Audiences tells what became of each audience, when all is compared: counts are those of the rows of now, by
// the names in their order. Those that are not among the rules any more come last.
func (c *Changes) Audiences(counts map[string]int) []Audience {
	c.entered = append(c.entered, make([]int, len(c.names)-min(len(c.names), len(c.entered)))...)
	c.left = append(c.left, make([]int, len(c.names)-min(len(c.names), len(c.left)))...)
	all := make([]Audience, len(c.names))
	for code, name := range c.names {
		a := Audience{Name: name, Entered: c.entered[code], Left: c.left[code], Now: counts[name], Gone: code >= c.own}
		if in := c.nameless[difference.After].in; code < len(in) {
			a.Without = in[code]
			a.Now -= a.Without
		}
		if c.now != nil && !a.Gone {
			a.Now = c.now[code]
		}
		a.Stayed = a.Now - a.Entered
		a.Before = a.Stayed + a.Left
		all[code] = a
	}
	return all
}

// Tap returns who takes memberships of now, and hands them on to another.
func (c *Changes) Tap(to resident.Stretch) resident.Stretch {
	return &tap{Stretch: to, changes: c, batch: &difference.Batch{}}
}

// tap is rows of now on their way.
type tap struct {
	resident.Stretch
	changes *Changes
	batch   *difference.Batch
	without nameless
	scratch []uint32
}

// Add notes the sets of n profiles.
func (t *tap) Add(n int, columns []column.Column) error {
	lists := columns[1].(*column.List)
	codes := lists.Elem.(*column.Strings).Codes
	for i := range n {
		t.scratch = t.scratch[:0]
		for k := lists.Offsets[i]; k < lists.Offsets[i+1]; k++ {
			t.scratch = append(t.scratch, codes.At(int(k)))
		}
		if len(t.scratch) == 0 {
			continue
		}
		if id, ok := idOf(columns[0], i, t.changes.id); ok {
			t.batch.Add(id, t.scratch)
		} else {
			t.without.add(t.scratch)
		}
	}
	return t.Stretch.Add(n, columns)
}

// Emit compares them.
func (t *tap) Emit() error {
	if err := t.Stretch.Emit(); err != nil {
		return err
	}
	t.changes.gather(difference.After, &t.without)
	return t.changes.Push(difference.After, t.batch)
}

// Earlier returns who takes memberships of before: ids of a type, and lists of audiences, or one of each.
func (c *Changes) Earlier(id *check.Type) resident.Stretch {
	return &earlier{changes: c, id: id, batch: &difference.Batch{}}
}

// earlier is rows of before.
type earlier struct {
	changes *Changes
	id      *check.Type
	batch   *difference.Batch
	without nameless
	codes   []uint32
	known   map[string]uint32
}

// Add notes the sets of n rows.
func (e *earlier) Add(n int, columns []column.Column) error {
	if e.known == nil {
		e.known = map[string]uint32{}
	}
	e.changes.read.Add(int64(n))
	stored := column.Dense(columns[1])
	for i := range n {
		e.codes = e.codes[:0]
		if lists, ok := stored.(*column.List); !ok {
			e.take(stored, i)
		} else if !lists.Null(i) {
			elem := column.Dense(lists.Elem)
			for k := lists.Offsets[i]; k < lists.Offsets[i+1]; k++ {
				e.take(elem, int(k))
			}
		}
		if len(e.codes) == 0 {
			continue
		}
		if id, ok := idOf(columns[0], i, e.id); ok {
			id = e.text(id)
			e.batch.Add(id, e.codes)
		} else {
			e.without.add(e.codes)
		}
	}
	return nil
}

// take takes in an audience, unless it is null.
func (e *earlier) take(c column.Column, i int) {
	if c.Null(i) {
		return
	}
	name := ""
	switch c := c.(type) {
	case *column.Strings:
		name = c.At(i)
	case *column.Texts:
		name = c.At(i)
	default:
		return
	}
	name = e.text(name)
	code, ok := e.known[name]
	if !ok {
		code = e.changes.code(name)
		e.known[strings.Clone(name)] = code
	}
	if code != uncompared {
		e.codes = append(e.codes, code)
	}
}

// text returns a text as it was before it was made safe, and notes one that looks so.
func (e *earlier) text(stored string) string {
	c := e.changes
	if !c.Safe && !c.Unsafe {
		return stored
	}
	text := rows.Unsafe(stored)
	if c.Safe {
		return text
	}
	if text != stored && c.apostrophe.Load() == nil {
		kept := strings.Clone(stored)
		c.apostrophe.CompareAndSwap(nil, &kept)
	}
	return stored
}

// Apostrophe is a text of before with an apostrophe as a safe one has it; "" for none, or where nobody asks.
func (c *Changes) Apostrophe() string {
	if text := c.apostrophe.Load(); text != nil {
		return *text
	}
	return ""
}

// Read is how many rows of before have been read.
func (c *Changes) Read() int64 { return c.read.Load() }

// Nameless is how many rows of a side have an audience, and no id.
func (c *Changes) Nameless(s difference.Side) int { return c.nameless[s].rows }

// End ends the rows.
func (e *earlier) End() error { return nil }

// Emit compares them.
func (e *earlier) Emit() error {
	e.changes.gather(difference.Before, &e.without)
	return e.changes.Push(difference.Before, e.batch)
}

// idOf returns the id of a profile of a type as text, as rows have it; false for none.
func idOf(c column.Column, i int, t *check.Type) (string, bool) {
	if c.Null(i) {
		return "", false
	}
	c, i = column.At(c, i)
	switch c := c.(type) {
	case *column.Strings:
		return c.At(i), true
	case *column.Texts:
		return c.At(i), true
	case *column.Floats:
		if math.IsNaN(c.V[i]) {
			return "", false
		}
	}
	text, _ := column.AppendCell(nil, c, i, t)
	return string(text), true
}
