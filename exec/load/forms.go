package load

import "slices"

// form is what the values of a path are by their shape.
type form int

// In this order they win where they have equally many values.
const (
	formObject form = iota // or a map
	formList
	formScalar
)

// forms are the pieces of a path by the form of their values, and the form that
// the field has.
type forms struct {
	scalars, lists, objects []piece
	counts                  [3]int // of values, by form
	empty                   int    // lists that have no element

	form   form
	core   form // of what is in the lists; of lists in lists the innermost
	full   bool // there is such
	looked bool // empty, core and full are known
	// single is the form of values beside the lists that are read as lists of one;
	// formList for none.
	single form
}

func splitForms(pieces []piece) *forms {
	f := &forms{single: formList}
	for _, p := range pieces {
		if k := p.node.len(); k > 0 || p.node.seen&^kindForms != 0 {
			f.scalars = append(f.scalars, p)
			f.counts[formScalar] += k
		}
		for _, n := range append([]*node{p.node}, p.node.others...) {
			switch k := n.formCount(); {
			case n.seen&(kindObject|kindMap) != 0:
				f.objects = append(f.objects, piece{n, p.chunk})
				f.counts[formObject] += k
			case n.seen&kindList != 0:
				f.lists = append(f.lists, piece{n, p.chunk})
				f.counts[formList] += k
			}
		}
	}
	return f
}

// elements returns what the lists of a path have inside.
func elements(lists []piece) []piece {
	var elems []piece
	for _, p := range lists {
		if p.node.elem != nil {
			elems = append(elems, piece{p.node.elem, p.chunk})
		}
	}
	return elems
}

// settle decides which form the field has. Single values beside lists that have
// such inside count as lists; lists without elements count as objects, too. Then the
// form wins that most values have. But a path whose type was said is of single
// values if it has any.
func (f *forms) settle(want *wanted) {
	if want.scalar() && !want.each && f.counts[formScalar] > 0 {
		f.form = formScalar
		return
	}
	there := [3]bool{
		formObject: len(f.objects) > 0 && !want.scalar(),
		formList:   len(f.lists) > 0,
		formScalar: len(f.scalars) > 0 && (want.scalar() || want.free()),
	}
	counts := f.counts
	if there[formList] && (f.counts[formObject] > 0 || f.counts[formScalar] > 0) {
		f.look(want)
		counts[formObject] += f.empty
		if s := f.joining(); s != formList && there[s] {
			f.single, there[s] = s, false
			counts[formList] += f.counts[s]
		}
	}
	f.form = formScalar
	if !want.scalar() && !want.free() {
		f.form = formObject
	}
	best := -1
	for i, ok := range there {
		if ok && (best < 0 || counts[i] > counts[best]) {
			best, f.form = i, form(i)
		}
	}
	if f.form != formList {
		f.single = formList
	}
}

// look finds out what the lists have inside. Single values beside the lists count
// for the form that they have in common with some elements.
func (f *forms) look(want *wanted) {
	f.looked = true
	for _, p := range f.lists {
		end := uint32(0)
		for _, next := range p.node.present.values {
			if next == end {
				f.empty++
			}
			end = next
		}
	}
	inside := splitForms(elements(f.lists))
	f.full = inside.counts != [3]int{}
	for _, s := range []form{formObject, formScalar} {
		if inside.counts[s] > 0 {
			inside.counts[s] += f.counts[s]
		}
	}
	inside.settle(want)
	f.core = inside.form
	if inside.form == formList {
		if !inside.looked {
			inside.look(want)
		}
		f.core, f.full = inside.core, inside.full
	}
}

// joining returns the form of the single values that the lists could have inside:
// the one that they have, or any where nothing tells, but that lists without elements are
// rather objects beside objects.
func (f *forms) joining() form {
	objects, scalars := f.counts[formObject], f.counts[formScalar]
	switch {
	case f.full:
		return f.core
	case scalars > objects:
		return formScalar
	case f.empty < f.counts[formList]:
		return formObject
	}
	return formList
}

// listed returns the lists, and those single values that are read as lists of one.
func (f *forms) listed() []piece {
	singles := f.scalars
	switch f.single {
	case formList:
		return f.lists
	case formObject:
		singles = f.objects
	}
	all := slices.Clone(f.lists)
	for _, p := range singles {
		ones := p.node.ones(f.single)
		if ones == nil {
			continue
		}
		i := slices.IndexFunc(all, func(l piece) bool { return l.chunk >= p.chunk })
		switch {
		case i < 0:
			all = append(all, piece{ones, p.chunk})
		case all[i].chunk == p.chunk:
			all[i].node.mergeLists(ones, kindList)
		default:
			all = slices.Insert(all, i, piece{ones, p.chunk})
		}
	}
	return all
}

// withEmpty returns the objects, and for each list without elements an empty object,
// as PHP writes it.
func (f *forms) withEmpty() []piece {
	if f.empty == 0 {
		return f.objects
	}
	all := slices.Clone(f.objects)
	for _, p := range f.lists {
		slots := p.node.listSlots(true)
		if len(slots) == 0 {
			continue
		}
		none := p.node.twin(kindObject)
		none.present = lane[uint32]{slots, make([]uint32, len(slots))}
		i := slices.IndexFunc(all, func(o piece) bool { return o.chunk >= p.chunk })
		switch {
		case i < 0:
			all = append(all, piece{none, p.chunk})
		case all[i].chunk > p.chunk:
			all = slices.Insert(all, i, piece{none, p.chunk})
		case all[i].node.seen&kindMap != 0:
			all[i].node.mergeLists(none, kindMap)
		default:
			all[i].node.mergeObjects(none)
		}
	}
	return all
}

// listSlots returns the slots of n whose lists have no element, or those whose lists
// have some.
func (n *node) listSlots(empty bool) []uint32 {
	var slots []uint32
	end := uint32(0)
	for slot, next := range n.present.all() {
		if (next == end) == empty {
			slots = append(slots, slot)
		}
		end = next
	}
	return slots
}
