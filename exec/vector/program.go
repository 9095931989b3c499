package vector

import (
	"errors"
	"regexp"
	"strconv"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// ErrStopped is what an evaluation ends with when Stop has said so.
var ErrStopped = errors.New("evaluation stopped")

// ErrCrowded is what an evaluation ends with whose lists have too many elements, or
// whose parts are too many, for the rows of the block: it may fit for fewer.
var ErrCrowded = errors.New("the values of the block are too many")

// Unsupported is the error of an expression that has no form here: Reason says why.
type Unsupported struct{ Reason string }

// Error gives the reason.
func (u *Unsupported) Error() string { return u.Reason }

// Program is expressions over one snapshot, at one moment. Equal parts of them are
// evaluated once a block. Once nothing is added any more it is immutable and safe
// for concurrent use.
type Program struct {
	snap  *column.Snapshot
	now   int64
	slots int
	// shapes numbers all parts: equal ones have one number. same has the numbers of those
	// that mention nothing but the profile; free holds the slots that are free in each
	// node.
	shapes   map[check.Node]int
	same     map[check.Node]int
	numbers  map[string]int
	free     map[check.Node][]int
	patterns map[*check.Call]*regex
}

// New gives a program without expressions over snap. now is what they mean by now.
func New(snap *column.Snapshot, now time.Time) *Program {
	return &Program{
		snap: snap, now: now.UnixMilli(), slots: 1,
		shapes: map[check.Node]int{}, same: map[check.Node]int{}, numbers: map[string]int{}, free: map[check.Node][]int{},
		patterns: map[*check.Call]*regex{},
	}
}

// Add adds a condition, in which no slot but that of the profile is free. slots is
// the number of slots of its query. The error is an [Unsupported].
func (p *Program) Add(cond check.Node, slots int) error {
	if err := supported(cond); err != nil {
		return err
	}
	p.slots = max(p.slots, slots)
	p.prepare(cond)
	return nil
}

// prepare finds the free slots of n and of its parts, and numbers what it can.
func (p *Program) prepare(n check.Node) []int {
	if free, ok := p.free[n]; ok {
		return free
	}
	var free []int
	add := func(more []int, but ...int) {
		for _, s := range more {
			if !has(but, s) && !has(free, s) {
				free = append(free, s)
			}
		}
	}
	switch n := n.(type) {
	case *check.Slot:
		free = []int{n.N}
	case *check.Let:
		add(p.prepare(n.Value))
		add(p.prepare(n.Body), n.Slot)
	case *check.Iterate:
		add(p.prepare(n.X))
		bound := []int{n.Slot}
		if n.KeySlot > 0 {
			bound = append(bound, n.KeySlot)
		}
		add(p.prepare(n.Body), bound...)
		if n.N != nil {
			add(p.prepare(n.N))
		}
	case *check.Comprehend:
		for _, d := range n.Decls {
			add(p.prepare(d.From))
			if d.Where != nil {
				add(p.prepare(d.Where), d.Slot)
			}
			if n.Yield != nil {
				add(p.prepare(n.Yield), d.Slot)
			}
		}
	case *check.Chain:
		add(p.prepare(n.X))
		add(p.prepare(n.Order), n.Slot)
		for _, s := range n.Steps {
			add(p.prepare(s.Cond), n.Slot)
		}
	case *check.Segment:
		p.slots = max(p.slots, n.Query.Slots)
		p.prepare(n.Query.Cond)
		free = []int{0}
	default:
		for c := range check.Children(n) {
			add(p.prepare(c))
		}
	}
	if call, ok := n.(*check.Call); ok {
		switch call.Op {
		case check.Matches, check.RegexGroup:
			text := call.Args[1].(*check.Const).V.(string)
			p.patterns[call] = newRegex(regexp.MustCompile(text), text)
		}
	}
	p.free[n] = free
	p.shapes[n] = p.shape(n)
	if len(free) == 0 || len(free) == 1 && free[0] == 0 {
		p.same[n] = p.shapes[n]
	}
	return free
}

// shape gives the number of n, whose parts have theirs.
func (p *Program) shape(n check.Node) int {
	key := check.DumpOver(n, func(part check.Node) string { return "#" + strconv.Itoa(p.shapes[part]) })
	if s, ok := n.(*check.Segment); ok { // the name may be that of several
		key += strconv.Itoa(p.shapes[s.Query.Cond])
	}
	number, ok := p.numbers[key]
	if !ok {
		number = len(p.numbers) + 1
		p.numbers[key] = number
	}
	return number
}

func has(list []int, x int) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}
