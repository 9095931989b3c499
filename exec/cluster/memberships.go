package cluster

import (
	"context"
	"fmt"
	"slices"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// Memberships gives the rules of each profile, as an engine does.
func (c *Cluster) Memberships(ctx context.Context, q resident.Memberships) (resident.MembershipsResult, error) {
	m := &members{Memberships: q, names: dictOf(q.Names)}
	_, id := resident.IDColumn(c.snapshot)
	m.types = []*check.Type{id, check.ListOf(check.IntType)}
	m.result = resident.MembershipsResult{Total: c.snapshot.Rows(), Counts: make([]int, len(q.Rules)), Overflowed: make([]bool, len(q.Rules))}
	if q.Sink != nil {
		q.Sink.Start(q.ID, []int{m.result.Total})
	}
	t := &taking{cluster: c, asked: q.Operation, rows: m.take, end: m.end, ask: func(s *shape) *executor.Take {
		t := (&rowsAsked{Rows: &resident.Rows{IDs: true}}).of(s)
		t.Names, t.All = q.Names, q.All
		return t
	}}
	for _, rule := range q.Rules {
		t.queries = append(t.queries, &check.Query{Root: rule.Cond, Cond: rule.Cond, Slots: rule.Slots})
	}
	if err := t.run(ctx); err != nil {
		return resident.MembershipsResult{}, err
	}
	if q.Sink != nil {
		q.Sink.Progress(q.ID, 0, exec.Progress{Rows: m.result.Total, Matched: m.result.Members, Done: true})
	}
	return m.result, nil
}

// dictOf returns names in their order: by their places in it they travel.
func dictOf(names []string) *column.Dict {
	d := &column.Dict{Offsets: []uint32{0}}
	for _, name := range slices.Sorted(slices.Values(names)) {
		d.Bytes = append(d.Bytes, name...)
		d.Offsets = append(d.Offsets, uint32(len(d.Bytes)))
	}
	return d
}

// members hands over the memberships that come.
type members struct {
	resident.Memberships
	names  *column.Dict
	types  []*check.Type
	result resident.MembershipsResult
}

// take hands over those of a line.
func (m *members) take(l *executor.Line) error {
	columns, err := columnsIn(l, m.types, l.Rows)
	if err != nil {
		return &proofError{err}
	}
	lists := columns[1].(*column.List)
	places := lists.Elem.(*column.Ints)
	codes := column.Codes{U32: make([]uint32, places.Len())}
	for i := range codes.U32 {
		place := places.At(i)
		if place < 0 || place >= int64(m.names.Len()) {
			return &proofError{fmt.Errorf("there is no rule %d", place)}
		}
		codes.U32[i] = uint32(place)
	}
	m.result.Rows += l.Rows
	return handed(m.Begin(), l.Rows, []column.Column{columns[0], &column.List{Offsets: lists.Offsets, Elem: &column.Strings{Codes: codes, Dict: m.names}}})
}

// end adds what a part tells.
func (m *members) end(_ int, t *executor.Taken) (more bool, err error) {
	if len(t.Counts) != len(m.Rules) || len(t.Overflows) != len(m.Rules) {
		return false, &proofError{fmt.Errorf("it counts %d rules of %d", len(t.Counts), len(m.Rules))}
	}
	m.result.Members += t.Members
	m.result.Nameless += t.Nameless
	for i := range t.Counts {
		m.result.Counts[i] += t.Counts[i]
		m.result.Overflowed[i] = m.result.Overflowed[i] || t.Overflows[i]
	}
	return true, nil
}
