package resident

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/vector"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// Memberships asks for each profile, in the order of the data, in which of many rules it is. All rules
// are evaluated in one pass; of the bitmaps of a block (matrix.go) the lists of its profiles are made,
// and handed over as [Rows] are.
type Memberships struct {
	exec.Operation
	// Rules are the conditions, and Names what they are called: each differently.
	Rules []*check.Query
	Names []string
	// All asks also for the profiles that are in no rule, with an empty list.
	All bool
	// First is the number of the first row, where the table is a part of another.
	First int
	// Begin returns who takes the rows of a stretch: a column of ids (see [IDColumn]), and one of lists of
	// names, each in the order of the names.
	Begin func() Stretch
}

// MembershipsResult tells of memberships that were given.
type MembershipsResult struct {
	// Rows is how many profiles were given, of Total.
	Rows, Total int
	// Members is how many profiles are in any rule: fewer than Rows where all are given.
	Members int
	// Counts is how many profiles are in each rule, in the order of Rules.
	Counts []int
	// Overflowed says in which rules some number was too large for its type, and became null.
	Overflowed []bool
	// Nameless is how many rows have no id: see [RowsResult].
	Nameless int
}

// RuleError is what the evaluation of a rule has failed with.
type RuleError struct {
	Rule int // its index
	Err  error
}

// Error is that of the evaluation.
func (e *RuleError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *RuleError) Unwrap() error { return e.Err }

// Reads returns what the rules read of a profile of a table.
func (q *Memberships) Reads(s *column.Snapshot) *check.Reads {
	reads := &check.Reads{}
	for _, rule := range q.Rules {
		reads.Add(check.ReadsOf(rule.Cond))
	}
	if s.ID != nil {
		reads.Field(s.ID.Name).All = true
	}
	return reads
}

// Memberships gives the rules of each profile. The error is as that of [Engine.Rows], and one of a rule is
// a [RuleError].
func (e *Engine) Memberships(ctx context.Context, q Memberships) (MembershipsResult, error) {
	m := &members{Memberships: q, counts: make([]int, len(q.Rules)), overflowed: make([]bool, len(q.Rules))}
	r := &rows{Rows: Rows{Operation: q.Operation, IDs: true, First: q.First, Begin: q.Begin}, members: m}
	err := e.give(ctx, q.Reads, r)
	if err != nil {
		return MembershipsResult{}, err
	}
	result := MembershipsResult{Rows: r.result.Rows, Total: r.snap.Rows(), Members: m.found, Counts: make([]int, len(q.Rules)), Overflowed: make([]bool, len(q.Rules)), Nameless: r.result.Nameless}
	for code, rule := range m.order {
		result.Counts[rule], result.Overflowed[rule] = m.counts[code], m.overflowed[code]
	}
	return result, nil
}

// members is what rows have beside those of a query where they are memberships. Rules have codes, which are in
// the order of their names.
type members struct {
	Memberships
	order []int // by code: the index of the rule
	names *column.Dict
	long  bool // some rule may take very long
	found int  // profiles of what was emitted that are in any rule
	// Of what was emitted, by code:
	counts     []int
	overflowed []bool
}

// prepare plans the rules, and makes the stretches.
func (m *members) prepare(ctx context.Context, r *rows) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // the data may lie in a file
	defer ast.Guard(func(f *ast.Fault) { err = r.lost(f) })
	m.name()
	rules := make([]*check.Query, len(m.order))
	for code, rule := range m.order {
		rules[code] = m.Rules[rule]
	}
	if r.plan, err = r.engine.views.of(r.snap).planner.NewShown(ctx, rules, r.snap, r.Now); err != nil {
		return err
	}
	for code := range rules {
		m.long = m.long || len(r.plan.Long(code)) > 0
	}
	r.vector = vector.New(r.snap, r.Now)
	if err := r.prepareIDs(); err != nil {
		return err
	}
	r.cut(max(leastMembers, cellsAtOnce/max(len(rules), 1)&^63))
	return nil
}

// name gives the rules their codes.
func (m *members) name() {
	m.order = make([]int, len(m.Rules))
	for i := range m.order {
		m.order[i] = i
	}
	slices.SortFunc(m.order, func(a, b int) int { return strings.Compare(m.Names[a], m.Names[b]) })
	m.names = &column.Dict{Offsets: []uint32{0}}
	for _, rule := range m.order {
		m.names.Bytes = append(m.names.Bytes, m.Names[rule]...)
		m.names.Offsets = append(m.names.Offsets, uint32(len(m.names.Bytes)))
	}
}

// take adds what a stretch has counted.
func (m *members) take(s *stretch) {
	for code, n := range s.counts {
		m.counts[code] += n
	}
	m.found += s.members
	for _, code := range s.overflows {
		m.overflowed[code] = true
	}
}

// A stretch of memberships has so many rows that these times the rules are at most so many, but some rows at
// least: a profile may be in every rule. So many profiles, or pairs of a profile and a rule, are handed over
// together.
const (
	cellsAtOnce  = 16 << 20
	leastMembers = 1 << 10
	pairsAtOnce  = 256 << 10
)

// members scans the next block of a stretch, and hands over the memberships of its profiles.
func (l *lane) members(s *stretch) error {
	r, w := l.rows, l.worker
	block := r.plan.Block(s.left)
	if r.members.long {
		block = r.snap.Within(block, 16*leastPortion)
	}
	w.plan.Block(block)
	if w.matrix == nil {
		w.matrix = newMatrix(r.members)
	}
	if err := l.rules(s, w.matrix); err != nil {
		return err
	}
	for start := 0; start < block.Rows(); start += tileRows {
		w.matrix.transpose(start>>6, min(tileRows, block.Rows()-start))
		if err := l.lists(s, block.Start+start, min(tileRows, block.Rows()-start)); err != nil {
			return err
		}
	}
	if err := l.handLists(s); err != nil {
		return err
	}
	s.left.Start = block.End
	if s.whole() && s.to != nil {
		return s.to.End()
	}
	return nil
}

// rules evaluates the rules for a block.
func (l *lane) rules(s *stretch, m *matrix) error {
	p := l.rows.plan
	if s.counts == nil {
		s.counts = make([]int, p.Rules())
	}
	for code := range m.bits {
		matched, err := l.worker.plan.Rule(code)
		if err != nil {
			return &RuleError{l.rows.members.order[code], err}
		}
		m.bits[code] = matched
		s.counts[code] += matched.Ones()
		if p.Slow(code) && l.worker.plan.Overflowed(code) {
			s.overflows = append(s.overflows, code)
		}
	}
	return nil
}

// lists makes the lists of a tile of n rows from start on, and hands over what has come together.
func (l *lane) lists(s *stretch, start, n int) error {
	m := l.worker.matrix
	for i := range n {
		if m.list(i) {
			s.members++
		} else if !l.rows.members.All {
			continue
		}
		m.rows = append(m.rows, uint32(start+i))
		m.offsets = append(m.offsets, uint32(m.pairs))
		if len(m.rows) == rowsAtOnce || m.pairs >= pairsAtOnce {
			if err := l.handLists(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// handLists hands over the lists that were made.
func (l *lane) handLists(s *stretch) error {
	m := l.worker.matrix
	if len(m.rows) == 0 {
		return nil
	}
	if s.to == nil {
		s.to = l.rows.Begin()
	}
	if err := l.handSome(s, 0, len(m.rows)); err != nil {
		return err
	}
	m.clear()
	l.report(s, false)
	if l.rows.stop.Load() {
		return errStoppedRows
	}
	return nil
}

// handSome hands over some of the lists, in two halves where the ids of all are too long.
func (l *lane) handSome(s *stretch, from, to int) error {
	m := l.worker.matrix
	columns, err := l.columns(s, m.rows[from:to])
	if errors.Is(err, vector.ErrCrowded) {
		half := from + (to-from+1)/2
		if err := l.handSome(s, from, half); err != nil {
			return err
		}
		return l.handSome(s, half, to)
	}
	if err != nil {
		return err
	}
	s.found += to - from
	return s.to.Add(to-from, append(columns, m.column(from, to)))
}
