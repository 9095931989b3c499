package load

import (
	"fmt"
	"slices"
)

// step is an object or a list on the way from the root to a leaf.
type step struct {
	node *node
	list bool // a list or a map
	def  byte // the definition level from which it is not null
	elem byte // of a list: the level from which it has an element
	rep  byte // of a list: the repetition level of its elements
	// claimed says that some leaf has it to note where it is present: all leaves
	// below tell the same.
	claimed bool
}

// leafPlan says how a leaf of a row group is read.
type leafPlan struct {
	name           string
	column         int
	node           *node
	steps          []*step
	owned          []bool // along steps: this leaf notes its presence
	maxDef, maxRep byte
	convert        converter
	meter          *meter
	held           int64 // what the meter was charged for the leaf
	room           int   // values that the column chunk has, nulls among them
}

// slots turns the levels of a leaf into slots, as in Melnik and others, Dremel,
// VLDB 2010: the repetition level says at which list a value goes on, the
// definition level how far down the path there is something.
type slots struct {
	plan  *leafPlan
	last  []int   // by repetition level: the last slot, -1 before the first
	from  []int   // by repetition level: the first step below that list
	lists []*step // by repetition level, from 1
	owned []bool  // along lists
	at    []uint32
}

func newSlots(f *leafPlan) *slots {
	s := &slots{plan: f, last: []int{-1}, from: []int{0}, lists: []*step{nil}, owned: []bool{false}}
	for i, st := range f.steps {
		if st.list {
			s.last = append(s.last, -1)
			s.from = append(s.from, i+1)
			s.lists = append(s.lists, st)
			s.owned = append(s.owned, f.owned[i])
		}
	}
	return s
}

// place gives the slots of the values of n levels that are not null, and notes
// the presence of the objects and lists that the leaf owns.
// They are valid until the next call.
func (s *slots) place(reps, defs []byte, n int) []uint32 {
	f := s.plan
	at := slices.Grow(s.at[:0], n)
	for i := range n {
		rep, def := byte(0), f.maxDef
		if f.maxRep > 0 {
			rep = reps[i]
		}
		if f.maxDef > 0 {
			def = defs[i]
		}
		s.last[rep]++
		if rep > 0 && s.owned[rep] {
			ends := s.lists[rep].node.present.values
			ends[len(ends)-1] = uint32(s.last[rep] + 1)
		}
		s.descend(s.from[rep], rep, def)
		if def == f.maxDef {
			at = append(at, uint32(s.last[f.maxRep]))
		}
	}
	s.at = at
	return at
}

// descend goes down the steps from the first one that begins anew, as far as
// the definition level reaches.
func (s *slots) descend(first int, rep, def byte) {
	f := s.plan
	for i := first; i < len(f.steps); i++ {
		st := f.steps[i]
		if def < st.def {
			return
		}
		if !st.list {
			if f.owned[i] {
				st.node.present.slots = append(st.node.present.slots, uint32(s.last[rep]))
			}
			continue
		}
		outer := s.last[rep]
		rep = st.rep
		if def >= st.elem {
			s.last[rep]++
		}
		if f.owned[i] {
			st.node.present.add(uint32(outer), uint32(s.last[rep]+1))
		}
		if def < st.elem {
			return
		}
	}
}

// end checks that the leaf had as many rows as its row group has.
func (s *slots) end(rows int) error {
	if got := s.last[0] + 1; got != rows {
		return fmt.Errorf("the file is damaged: %d rows in a row group of %d", got, rows)
	}
	for i, st := range s.plan.steps {
		if s.plan.owned[i] {
			st.node.present.clip()
		}
	}
	for rep := 1; rep < len(s.lists); rep++ {
		if s.owned[rep] {
			s.lists[rep].node.count = uint32(s.last[rep] + 1)
		}
	}
	return nil
}
