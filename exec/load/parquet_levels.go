package load

import (
	"errors"
	"fmt"
	"slices"

	"github.com/segq/segq/exec/load/parquet"
)

// step is an object or a list on the way from the root to a leaf.
type step struct {
	node  *node
	list  bool // a list or a map
	def   byte // the definition level from which it is not null
	outer byte // the repetition level of the lists around it
	elem  byte // of a list: the level from which it has an element
	rep   byte // of a list: the repetition level of its elements
	// owner is the leaf that notes where the step is present. All leaves below have
	// to tell the same.
	owner *leafPlan
	// room is where the beginnings of lists are to be, a part of what all row groups have; nil
	// where it is not known how many these are.
	room, joined []uint32
}

// leafPlan says how a leaf of a row group is read.
type leafPlan struct {
	name           string
	element        *element
	chunk          *parquet.Column // what the footer says of the values in the row group
	key            bool            // the keys of a map
	node           *node
	steps          []*step
	owned          []bool // along steps: this leaf notes its presence
	maxDef, maxRep byte
	convert        converter
	room           int      // values that the column chunk has, nulls among them
	dictionary     *scalars // of the column chunk, converted
	meter          *meter
	held           int64 // what the meter was charged for the leaf

	levels  []int  // by lanes: how many values had a pair of levels: repetition * (maxDef + 1) + definition
	told    []told // along steps; nil as long as nothing was read
	bad     []bool // by code of a text: it is none
	again   bool   // of the keys of a map: some map has one more than once
	keyless bool   // of the keys of a map: some entry has none
	mended  bool   // some keys were no UTF-8 texts
	inexact int    // decimals that a float cannot tell from others
}

// count returns how many values have a repetition level of at most rep and a
// definition level of at least def.
func (f *leafPlan) count(rep, def byte) int {
	n := 0
	for r := range int(rep) + 1 {
		for d := int(def); d <= int(f.maxDef); d++ {
			n += f.levels[r*(int(f.maxDef)+1)+d]
		}
	}
	return n
}

// told is what a leaf told of a step: all leaves below it have to tell the same.
type told struct {
	present  int    // slots where it is there
	elements int    // of a list
	where    uint64 // a sum over these slots, where some may be others
}

// agree checks that all leaves told the same of the objects and lists that they
// are in.
func (p *plan) agree() error {
	for _, f := range p.leaves {
		if f.told == nil {
			continue // nothing was read
		}
		for i, st := range f.steps {
			if o := st.owner; f.told[i] != o.told[slices.Index(o.steps, st)] {
				return fmt.Errorf("the file is damaged: the columns %s and %s disagree about %s", o.name, f.name, path(st.node))
			}
		}
		if f.keyless {
			return fmt.Errorf("column %s: a map has an entry without a key", f.name)
		}
	}
	return nil
}

// slots turns the levels of a leaf into slots, as in Melnik and others, Dremel,
// VLDB 2010: the repetition level says at which list a value goes on, the
// definition level how far down the path there is something.
type slots struct {
	plan  *leafPlan
	last  []int     // by repetition level: the last slot, -1 before the first
	from  []int     // by repetition level: the first step below that list
	lists []*step   // by repetition level, from 1
	owned []bool    // along lists
	where []slotSet // along steps
	def   byte      // of the value before
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
	f.levels = make([]int, (int(f.maxRep)+1)*(int(f.maxDef)+1))
	s.where = make([]slotSet, len(f.steps))
	return s
}

var errContinues = errors.New("the file is damaged: a list goes on that did not begin")

// place returns the slots of the values of n levels that are not null, and notes
// the presence of the objects and lists that the leaf owns.
// They are valid until the next call.
func (s *slots) place(reps, defs []byte, n int) ([]uint32, error) {
	s.at = slices.Grow(s.at[:0], n)
	if s.plan.maxRep == 0 {
		s.flat(defs, n)
		return s.at, nil
	}
	f := s.plan
	most := int(f.maxDef) + 1
	for i := range n {
		rep, def := reps[i], defs[i]
		f.levels[int(rep)*most+int(def)]++
		if rep > 0 {
			// There has to be a list, with an element before this one.
			if elem := s.lists[rep].elem; s.last[0] < 0 || s.def < elem || def < elem {
				return nil, errContinues
			}
		}
		s.def = def
		s.last[rep]++
		if rep > 0 && s.owned[rep] {
			ends := s.lists[rep].node.present.values
			ends[len(ends)-1] = uint32(s.last[rep] + 1)
		}
		s.descend(s.from[rep], rep, def)
		if def == f.maxDef {
			s.at = append(s.at, uint32(s.last[f.maxRep]))
		}
	}
	return s.at, nil
}

// flat is place where there is no list on the way: a value a row.
func (s *slots) flat(defs []byte, n int) {
	f, row := s.plan, uint32(s.last[0]+1)
	s.last[0] += n
	if f.maxDef == 0 {
		f.levels[0] += n
		for i := range n {
			s.at = append(s.at, row+uint32(i))
		}
	}
	for i, def := range defs {
		f.levels[def]++
		if def == f.maxDef {
			s.at = append(s.at, row+uint32(i))
		}
	}
	for k, st := range f.steps {
		for i := range n {
			if f.maxDef > 0 && defs[i] < st.def {
				continue
			}
			if s.where[k].set(int(row) + i); f.owned[k] {
				st.node.present.slots = append(st.node.present.slots, row+uint32(i))
			}
		}
	}
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
		s.where[i].set(s.last[rep])
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
			st.node.present.put(uint32(outer), uint32(s.last[rep]+1))
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
	f := s.plan
	f.told = make([]told, len(f.steps))
	for i, st := range f.steps {
		if f.owned[i] {
			st.node.present.clip()
		}
		if f.told[i] = s.where[i].told(); st.list {
			f.told[i].elements = f.count(st.rep, st.elem)
		}
	}
	f.keyless = f.key && f.element.Repetition == parquet.Optional && f.count(f.maxRep, f.maxDef-1) != f.count(f.maxRep, f.maxDef)
	for rep := 1; rep < len(s.lists); rep++ {
		if s.owned[rep] {
			s.lists[rep].node.count = uint32(s.last[rep] + 1)
		}
	}
	return nil
}
