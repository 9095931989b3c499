package load

import "github.com/segq/segq/exec/column"

// Objects with data for keys: an object is a map where its values are all of one
// type, and it has at least mapKeys different keys of which its objects have, on
// average, at most one in mapShare; or more than mostKeys of them.
const (
	mapKeys  = 16
	mapShare = 4
	// likeFields is the number of fields from which on those of the values need not
	// be alike: they are data themselves.
	likeFields = 1000
)

// isMap says whether the objects of a path are maps. What was said of the path
// decides first, then a format that knows maps or objects.
func isMap(want *wanted, pieces []piece, chunks []*chunk) bool {
	if want.is("map") || want.is("object") {
		return want.is("map")
	}
	declared := false
	for _, p := range pieces {
		if p.node.seen&kindMap != 0 {
			return true
		}
		declared = declared || !chunks[p.chunk].open
	}
	return !declared && dataKeys(pieces)
}

// dataKeys says whether the keys of objects look like data.
func dataKeys(pieces []piece) bool {
	keys := map[string]bool{}
	members, objects := 0, 0
	var values []*node
	for _, p := range pieces {
		objects += p.node.occurrences()
		members += p.node.members(keys)
		values = append(values, p.node.children...)
		if s := p.node.spill; s != nil && s.count > 0 {
			values = append(values, s.elem)
		}
	}
	if len(keys) > mostKeys {
		return true
	}
	return len(keys) >= mapKeys && members*mapShare <= len(keys)*objects && alike(values)
}

// members counts the members of the objects of n that are not null, and adds
// their keys to a set, up to one more than mostKeys.
func (n *node) members(keys map[string]bool) int {
	count := 0
	add := func(key string) {
		if len(keys) <= mostKeys {
			keys[key] = true
		}
	}
	for _, c := range n.children {
		if k := c.values(); k > 0 {
			count += k
			add(c.name)
		}
	}
	if s := n.spill; s != nil && s.count > 0 {
		count += s.elem.values()
		filled := s.elem.filled(int(s.count))
		for at, code := range s.keys.texts.all() {
			if filled.Get(int(at)) {
				add(string(s.keys.dict.at(code)))
			}
		}
	}
	return count
}

// likeKinds lists the greatest sets of kinds that values of one type may have.
var likeKinds = [...]kinds{
	kindBool,
	kindInt | kindFloat | kindLarge,
	kindISO | kindText | kindString,
	kindISO | kindInt | kindInstant,
	kindObject | kindMap,
	kindList,
}

// alike says whether the values of all nodes are of one type. Objects are when
// the values of each field are, and when they have, on average, at least one in
// mapShare of the fields of all.
func alike(nodes []*node) bool {
	members, fields, objects := 0, map[string]bool{}, 0
	for _, n := range nodes {
		for _, f := range append([]*node{n}, n.others...) {
			if f.seen&kindObject == 0 {
				continue
			}
			objects += f.occurrences()
			members += f.members(fields)
		}
	}
	few := len(fields) < likeFields && members*mapShare < len(fields)*objects
	return !few && oneType(nodes)
}

// oneType says whether the values of all nodes can be of one type, those of the
// fields and elements below them as well, unless there are very many of these. Single
// values beside lists are as what the lists have inside.
func oneType(nodes []*node) bool {
	v := variety{byName: map[string][]*node{}}
	v.add(nodes)
	for v.kinds&kindList != 0 && v.kinds != kindList && len(v.elems) > 0 {
		elems := v.elems
		v.elems, v.kinds = nil, v.kinds&^kindList
		v.add(elems)
	}
	one := false
	for _, set := range likeKinds {
		one = one || v.kinds&^set == 0
	}
	if !one || len(v.elems) > 0 && !oneType(v.elems) {
		return false
	}
	if len(v.byName) >= likeFields || v.spilled {
		return true
	}
	for _, fields := range v.byName {
		if !oneType(fields) {
			return false
		}
	}
	return true
}

// variety is what the values of some nodes are.
type variety struct {
	kinds   kinds
	elems   []*node
	byName  map[string][]*node
	spilled bool
}

func (v *variety) add(nodes []*node) {
	for _, n := range nodes {
		for _, f := range append([]*node{n}, n.others...) {
			v.kinds |= f.kinds()
			for _, c := range f.children {
				v.byName[c.name] = append(v.byName[c.name], c)
			}
			if f.elem != nil {
				v.elems = append(v.elems, f.elem)
			}
			v.spilled = v.spilled || f.spill != nil && f.spill.count > 0
		}
	}
}

// kinds returns the kinds of the values that n has.
func (n *node) kinds() kinds {
	k := kinds(0)
	add := func(kind kinds, values int) {
		if values > 0 {
			k |= kind
		}
	}
	add(kindBool, len(n.bools.values))
	add(kindInt, len(n.ints.values))
	add(kindFloat, len(n.floats.values))
	add(kindInstant, len(n.times.values))
	add(kindISO, len(n.isos.values))
	add(n.seen&(kindISO|kindText), len(n.texts.values))
	add(n.seen&kindForms, n.occurrences())
	if n.small != nil {
		add(n.small.kind, n.small.count)
	}
	if n.odd != nil {
		add(kindLarge, len(n.odd.large.values))
	}
	return k
}

// filled returns the slots of n that have a value, of n slots.
func (n *node) filled(slots int) column.Bitmap {
	b := column.NewBitmap(slots)
	setValues(b, n, 0)
	for _, f := range append([]*node{n}, n.others...) {
		for _, slot := range f.present.slots {
			b.Set(int(slot))
		}
	}
	if n.odd != nil {
		setSlots(b, &n.odd.large, 0)
	}
	return b
}
