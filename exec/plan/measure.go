package plan

import (
	"context"
	"runtime/debug"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/ast"
)

// Measure describes the plan and how its atoms fare: on about so many rows, in blocks
// from all over the table, or on all of them when sample is 0. It works on the
// goroutine of the caller. The error is that of ctx or of the reference evaluator, or an [ast.Fault].
func (p *Plan) Measure(ctx context.Context, sample int) (x Explanation, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // the data may lie in a file
	defer ast.Guard(func(f *ast.Fault) { err = f })
	x = p.Explain()
	m := &measurement{e: p.Evaluator(), x: &x, steps: make([]time.Duration, len(p.layout.steps)), atoms: make([]atomFigures, len(x.Atoms))}
	m.e.Stop = func() bool { return ctx.Err() != nil }
	blocks := p.spread(sample)
	for _, rows := range blocks {
		if err := ctx.Err(); err != nil {
			return x, err
		}
		if err := m.block(rows); err != nil {
			return x, err
		}
		x.Measured += rows.Rows()
	}
	x.Total = p.snap.Rows()
	m.finish()
	return x, nil
}

// spread returns blocks that hold about so many rows, at equal distances, or all.
func (p *Plan) spread(sample int) []column.Range {
	var all []column.Range
	for rest := (column.Range{End: p.snap.Rows()}); rest.Rows() > 0; {
		b := p.Block(rest)
		all = append(all, b)
		rest.Start = b.End
	}
	if sample == 0 || len(all) == 0 {
		return all
	}
	every := max(1, p.snap.Rows()/sample)
	var some []column.Range
	for i := every / 2; i < len(all); i += every {
		some = append(some, all[i])
	}
	if len(some) == 0 {
		some = all[:1]
	}
	return some
}

// measurement gathers figures block by block.
type measurement struct {
	e     *Evaluator
	x     *Explanation
	steps []time.Duration
	atoms []atomFigures
}

// atomFigures is what an atom has held for, of how many, and its own time where it is
// no part of a step.
type atomFigures struct {
	ones, of int
	took     time.Duration
}

func (m *measurement) block(rows column.Range) error {
	m.e.begin(rows)
	for i := range m.steps {
		start := time.Now()
		m.e.step(i)
		m.steps[i] += time.Since(start)
	}
	for i := range m.x.Atoms {
		a, f := &m.x.Atoms[i], &m.atoms[i]
		f.of += m.e.spans[a.Scope].Rows()
		if !m.e.plan.nodes[a.node].slow {
			f.ones += kernel.Ones(m.e.fast(a.node, a.Scope))
			continue
		}
		own := m.e.plan.nodes[a.node].scope
		all := m.e.borrow(own)
		kernel.Fill(all, m.e.spans[own].Rows())
		start := time.Now()
		err := m.e.slow(a.node, all)
		f.took += time.Since(start)
		m.e.release(all)
		if err != nil {
			return err
		}
		f.ones += kernel.Ones(m.e.nodes[a.node].bits)
	}
	return nil
}

// finish turns what was gathered into figures. What a group takes is shared by its
// sets.
func (m *measurement) finish() {
	took := map[id]time.Duration{}
	for i, s := range m.e.plan.layout.steps {
		switch {
		case s.group != nil:
			for _, n := range s.group.leaves {
				took[n] = m.steps[i] / time.Duration(len(s.group.leaves))
			}
		case s.fold == nil && s.program == nil:
			took[s.node] = m.steps[i]
		}
	}
	for i := range m.x.Atoms {
		a, f := &m.x.Atoms[i], m.atoms[i]
		if f.of > 0 {
			a.Selectivity = float64(f.ones) / float64(f.of)
			a.Cost = float64(f.took+took[a.node]) / float64(f.of)
		}
	}
}
