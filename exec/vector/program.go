package vector

import (
	"regexp"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Program is expressions over one snapshot, at one moment. Equal parts of them are
// evaluated once a block. Once nothing is added any more it is immutable and safe
// for concurrent use.
type Program struct {
	snap  *column.Snapshot
	now   int64
	slots int
	// same has the numbers of the parts that mention nothing but the profile, from 1 on:
	// equal ones have one number. free holds the slots that are free in each node.
	same       map[check.Node]int
	free       map[check.Node][]int
	numbers    map[string]int
	identities *check.Identities
	patterns   map[*check.Call]*regex
}

// New returns a program without expressions over snap. now is what they mean by now.
func New(snap *column.Snapshot, now time.Time) *Program {
	return &Program{
		snap: snap, now: now.UnixMilli(), slots: 1,
		same: map[check.Node]int{}, free: map[check.Node][]int{}, numbers: map[string]int{}, identities: check.NewIdentities(),
		patterns: map[*check.Call]*regex{},
	}
}

// Add adds a condition, or any other expression for its values, in which no slot but that of the profile is free. slots is
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
	free := check.FreeOf(n, p.prepare)
	if segment, ok := n.(*check.Segment); ok {
		p.slots = max(p.slots, segment.Query.Slots)
		p.prepare(segment.Query.Cond)
	}
	if call, ok := n.(*check.Call); ok {
		switch call.Op {
		case check.Matches, check.RegexGroup:
			text := call.Args[1].(*check.Const).V.(string)
			p.patterns[call] = newRegex(regexp.MustCompile(text), text)
		}
	}
	p.free[n] = free
	if len(free) == 0 || len(free) == 1 && free[0] == 0 {
		p.same[n] = p.number(n)
	}
	return free
}

// number returns the number of n, whose parts have theirs.
func (p *Program) number(n check.Node) int {
	key := string(p.identities.Over(n, func(part check.Node) (int, bool) {
		number, ok := p.same[part]
		return number, ok
	}))
	number, ok := p.numbers[key]
	if !ok {
		number = len(p.numbers) + 1
		p.numbers[key] = number
	}
	return number
}
