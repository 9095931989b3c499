package plan

import (
	"cmp"
	"math/bits"
	"slices"
)

// Where thousands of rules are asked most nodes are wanted, and what costs most is to find out which. So what is quick
// and cannot fail is computed ahead, when the first rule is asked: nodes of one kind in one loop, operands
// before those that use them. What remains waits until it is asked for: texts that are not looked up, the reference
// evaluator, and everything where a profile has more elements in a scope than a word has bits.

// singleRun is nodes that one loop computes.
type singleRun struct {
	runKind
	nodes []id
	spans []span // of plain ones
}

// runKind tells apart what no loop computes together. The level is above that of all operands.
type runKind struct {
	level, scope, from int32
	op                 op
	plain              bool // sets of one span, without null, of the column with these keys
	keys               int32
}

// planAhead makes the runs of what is computed ahead.
func (s *Single) planAhead() {
	s.ahead = make([]bool, len(s.nodes))
	kinds := make([]runKind, len(s.nodes))
	var ids []id
	for i := range s.nodes {
		kinds[i], s.ahead[i] = s.kindOf(id(i), kinds)
		if s.ahead[i] {
			ids = append(ids, id(i))
		}
	}
	slices.SortStableFunc(ids, func(a, b id) int {
		x, y := kinds[a], kinds[b]
		return cmp.Or(cmp.Compare(x.level, y.level), cmp.Compare(x.op, y.op), cmp.Compare(x.scope, y.scope), cmp.Compare(x.from, y.from), cmp.Compare(x.keys, y.keys))
	})
	for _, i := range ids {
		last := len(s.runs) - 1
		if last < 0 || s.runs[last].runKind != kinds[i] {
			s.runs = append(s.runs, singleRun{runKind: kinds[i]})
			last++
		}
		r := &s.runs[last]
		if r.nodes = append(r.nodes, i); r.plain {
			r.spans = append(r.spans, s.leaves[s.nodes[i].at].spans[0])
		}
	}
}

// kindOf returns the kind of a node, whose operands' are known, and says whether it is computed ahead.
func (s *Single) kindOf(i id, kinds []runKind) (runKind, bool) {
	n := &s.nodes[i]
	k := runKind{op: n.op, scope: n.scope, from: n.from}
	switch n.op {
	case opSet:
		l := &s.leaves[n.at]
		if k.plain = len(l.spans) == 1 && !l.null; k.plain {
			k.keys = l.keys + 1
		}
	case opValid, opMoving:
	case opText:
		return k, s.leaves[n.at].group >= 0
	case opAtLeast:
		if s.scopes[n.from].parent != int(n.scope) {
			return k, false
		}
	case opAnd, opOr, opNot, opSpread:
	default:
		return k, false
	}
	for _, a := range s.args[n.begin:n.end] {
		if !s.ahead[a] {
			return k, false
		}
		k.level = max(k.level, kinds[a].level+1)
	}
	return k, true
}

// runAhead computes what is computed ahead, unless a scope is too large.
func (s *Single) runAhead() {
	s.ran = true
	for i := range s.scopes {
		if s.scopes[i].rows > 64 {
			return
		}
	}
	for i := range s.runs {
		s.run(&s.runs[i])
	}
	copy(s.known, s.ahead)
}

func (s *Single) run(r *singleRun) {
	if r.plain {
		s.compare(r)
		return
	}
	all, args, words := s.scopes[r.scope].all, s.args, s.words
	switch r.op {
	case opAnd:
		for _, i := range r.nodes {
			word := all
			for _, a := range args[s.nodes[i].begin:s.nodes[i].end] {
				word &= words[a]
			}
			words[i] = word
		}
	case opOr:
		for _, i := range r.nodes {
			word := uint64(0)
			for _, a := range args[s.nodes[i].begin:s.nodes[i].end] {
				word |= words[a]
			}
			words[i] = word
		}
	case opNot:
		for _, i := range r.nodes {
			words[i] = all &^ words[args[s.nodes[i].begin]]
		}
	case opAtLeast:
		for _, i := range r.nodes {
			n := &s.nodes[i]
			words[i] = enough(words[args[n.begin]], s.scopes[r.from].in, int(n.least))
		}
	case opSpread:
		for _, i := range r.nodes {
			words[i] = s.spread(&s.nodes[i])
		}
	default:
		for _, i := range r.nodes {
			if !s.known[i] { // the others of its group
				words[i] = s.read(i, &s.nodes[i])
			}
		}
	}
}

// compare reads plain sets.
func (s *Single) compare(r *singleRun) {
	k := &s.keys[r.keys-1]
	if !k.known {
		k.read(s.scopes[r.scope].rows)
	}
	valid := k.valid[0] & s.scopes[r.scope].all
	for j, i := range r.nodes {
		s.words[i] = r.spans[j].among(k.keys) & valid
	}
}

// enough returns the positions in which, as in says, at least so many of some elements are.
func enough(elements uint64, in []uint64, least int) (found uint64) {
	if bits.OnesCount64(elements) < least {
		return 0
	}
	for row, within := range in {
		var is uint64
		if bits.OnesCount64(elements&within) >= least {
			is = 1
		}
		found |= is << (row & 63)
	}
	return found
}
