package plan

import (
	"fmt"
	"slices"
	"strings"
)

// Explanation says how a plan computes its rules.
type Explanation struct {
	// Rules is how many there are, Programs how many different ones.
	Rules, Programs int
	// Atoms are the questions asked of the data, cheapest first.
	Atoms []Atom
	// Measured is the number of rows, of Total, that were looked at for the figures of
	// the atoms; 0 when nobody has looked.
	Measured, Total int
}

// Atom is one question asked of the data: of a column by a kernel, or of a whole
// profile by the reference evaluator.
type Atom struct {
	// Kind is the way it is answered: from "validity" or "bits" alone, by a "range" of
	// values or "codes", as a "set" of bytes or codes, by "classes" that many sets of
	// one column share, by a search in "texts" that mostly differ, over "vector"s, or as a "fallback" to the reference evaluator.
	Kind string
	// Text is what it asks, shortened.
	Text string
	// Scope is 0 for rows, else the number of a list's elements.
	Scope int
	// Rules is how many rules share it.
	Rules int
	// Reason is why no kernel answers it, else "".
	Reason string
	// Selectivity is the part of the rows, or elements, measured for which it holds, Cost
	// the time that it took, in nanoseconds for each.
	Selectivity, Cost float64

	node id
}

// kind says how a node is answered, "" when it asks nothing of the data itself.
func (p *Plan) kind(i id) string {
	switch p.nodes[i].op {
	case opValid:
		return "validity"
	case opText:
		return "texts"
	case opVector:
		return "vector"
	case opCond:
		return "fallback"
	case opSet:
		return p.layout.leaves[i].kernel.String()
	}
	return ""
}

// Explain describes the plan.
func (p *Plan) Explain() Explanation {
	uses := make([]int, len(p.nodes))
	for _, root := range p.roots {
		seen := map[id]bool{}
		p.mark(root, seen)
		for n := range seen {
			uses[n]++
		}
	}
	roots := slices.Clone(p.roots)
	slices.Sort(roots)
	x := Explanation{Rules: len(p.roots), Programs: len(slices.Compact(roots))}
	var atoms []id
	for i := range p.nodes {
		if p.kind(id(i)) != "" && uses[i] > 0 {
			atoms = append(atoms, id(i))
		}
	}
	for _, i := range p.ordered(atoms) {
		n := p.nodes[i]
		x.Atoms = append(x.Atoms, Atom{Kind: p.kind(i), Text: n.text, Scope: p.unexpanded(n.scope), Rules: uses[i], Reason: n.reason, node: i})
	}
	return x
}

// unexpanded returns the scope of the rows that the values of a sparse column belong to; others are
// what they are.
func (p *Plan) unexpanded(s int) int {
	for p.scopes[s].sparse != nil {
		s = p.scopes[s].parent
	}
	return s
}

// ordered returns ids with the cheapest first.
func (p *Plan) ordered(ids []id) []id {
	slices.SortStableFunc(ids, func(a, b id) int { return p.nodes[a].cost - p.nodes[b].cost })
	return ids
}

// mark adds n and what it needs to seen.
func (p *Plan) mark(n id, seen map[id]bool) {
	if seen[n] {
		return
	}
	seen[n] = true
	for _, a := range p.nodes[n].args {
		p.mark(a, seen)
	}
}

// String returns the explanation as text, one line an atom.
func (x Explanation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d rules, %d programs, %d atoms", x.Rules, x.Programs, len(x.Atoms))
	if x.Measured > 0 {
		fmt.Fprintf(&b, "; measured on %d of %d profiles", x.Measured, x.Total)
	}
	b.WriteByte('\n')
	for _, a := range x.Atoms {
		where := "rows"
		if a.Scope > 0 {
			where = fmt.Sprintf("list %d", a.Scope)
		}
		fmt.Fprintf(&b, "%-8s  %-7s  shared by %d", a.Kind, where, a.Rules)
		if x.Measured > 0 {
			fmt.Fprintf(&b, "  %6.2f %%  %8.3f ns", 100*a.Selectivity, a.Cost)
		}
		fmt.Fprintf(&b, "  %s", a.Text)
		if a.Reason != "" {
			fmt.Fprintf(&b, " (%s)", a.Reason)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
