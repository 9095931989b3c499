package load

// A chunk holds the values of a run of rows, column by column, while a file is
// read. One goroutine fills it; then it is read-only.
type chunk struct {
	rows int
	root *node
	// Of texts: the places in the input, for the report.
	lines    int
	read     int // rows that were there, good or not
	rejects  []Reject
	rejected int
	places   []place
	// The first, or the last, row is in the same line as the row before, or after, in
	// another chunk.
	sharesFirst, sharesLast bool
	// open says that objects were met as they came, as in JSON: the format does not
	// tell which of them are maps.
	open    bool
	bare    someRows // rows that were no objects
	repeats someRows // rows with a key twice in an object
	strange someRows // rows with NaN or Infinity

	from Reject // the file, and the line and row in it before the chunk
	held int64  // what the meter was charged for it
}

// node holds the values at one path of a chunk. A path may have values of
// several kinds (whole numbers and fractions, timestamps as text and as
// numbers), so each kind has its lane; what becomes of them is decided when all
// chunks are known (decide.go).
//
// Slots number the places where a value may be: the rows of the chunk for a
// field of a profile, the elements of all lists for what is in a list.
type node struct {
	// What is looked at for each value is together: first that of texts, then that of whole
	// numbers, then that of objects and lists.
	seen    kinds
	form    kinds // of one of others: its form
	inner   bool  // slots are elements of parent, which is a list or a map
	consent bool  // of values in optInOut
	count   uint32
	dict    *dict
	texts   lane[uint32] // codes of dict: all that are not in isos

	ints lane[int64]
	want *wanted // what --type says of the path; nil for nothing
	maps int     // levels of maps that objects here are; see mapDepth

	// An object, a list or a map: the slots that have one, and for lists and maps
	// the number of elements up to the end of each, and in count so far. Of objects only
	// the slots count. A node has one of these forms; what has another is in others.
	present lane[uint32]
	parent  *node
	elem    *node   // of lists and maps
	labels  []label // along children
	names   labelTable
	first   int // the place of the field that an object last began with

	name   string
	bools  lane[bool]
	floats lane[float64]
	digits []byte // along floats, where it is not nil: see number.go
	times  lane[int64]
	isos   dates // texts that are dates in a usual form
	odd    *odd  // nil for nothing

	others   []*node
	children []*node
	index    map[string]*node
	spill    *node // the members of objects that are no children; see spill.go
	keys     *node // of maps

	// Of a column of bytes that may be texts or not: binary says that it is one, nonText
	// that some value is none. Then all of them are read as hexadecimal.
	binary, nonText bool

	cells   *cellColumn // of CSV, until its type is decided
	counts  cellCounts  // of CSV, if it is text
	misfits []misfit    // values that the format itself could not read as anything

	small *shrunk   // of JSON, what of the lane of the values takes less room
	here  *slotBits // of JSON, the slots of present
	whole *whole    // of Parquet, instead of lanes, the column that has the values
	group int       // the row group of them
	there *there    // of Parquet, instead of present

	place int    // among the children of its parent
	rest  string // of its label
	spare *spare // where to get room for lanes; nil for nowhere
	like  *node  // what the chunk before had here, which this is likely to be like
}

// misfit counts values of a chunk that are null because nothing could be made of
// them. Line and row are the place of the first, as in Reject.
type misfit struct {
	found     string // what they were, with an article
	count     int
	line, row int
}

// misfit notes that a value, which was found, is null here.
func (n *node) misfit(found string, line, row int) {
	for i := range n.misfits {
		if n.misfits[i].found == found {
			n.misfits[i].count++
			return
		}
	}
	n.misfits = append(n.misfits, misfit{found, 1, line, row})
}

// newRoot makes the node of the rows of a chunk. want is what --type says of
// the fields below.
func newRoot(want *wanted) *node { return newNode("", nil, want) }

func newNode(name string, parent *node, want *wanted) *node {
	n := &node{name: name, parent: parent, want: want, maps: mapDepth(name)}
	if parent != nil {
		n.consent, n.spare = parent.name == "optInOut", parent.spare
	}
	return n
}

// as returns the node for values of a form: an object, a list or a map. That is n
// itself for the first form that it meets.
func (n *node) as(form kinds) *node {
	if n.seen&kindForms&^form == 0 {
		return n
	}
	for _, other := range n.others {
		if other.form == form {
			return other
		}
	}
	other := n.twin(0)
	other.form = form
	n.others = append(n.others, other)
	return other
}

// twin makes an empty node for other values of the same slots.
func (n *node) twin(seen kinds) *node {
	t := newNode(n.name, n.parent, n.want)
	t.maps, t.inner, t.seen = n.maps, n.inner, seen
	return t
}

// child returns the field called name, and makes it if it is new.
func (n *node) child(name string) *node {
	if c := n.index[name]; c != nil {
		return c
	}
	c := newNode(name, n, n.want.field(name))
	c.place, c.like = len(n.children), n.like.likeChild(name, len(n.children))
	c.makeRoom()
	n.labels = append(n.labels, labelOf(c))
	n.names.add(n.labels)
	if n.index == nil {
		n.index = make(map[string]*node)
	}
	n.index[name] = c
	n.children = append(n.children, c)
	return c
}

// element returns the node of the elements of a list or the values of a map.
func (n *node) element() *node {
	if n.elem == nil {
		want, maps := n.want, n.maps
		if n.seen&kindMap != 0 {
			want, maps = want.value(), max(maps-1, 0)
		}
		n.elem = newNode("", n, want)
		n.elem.maps, n.elem.inner = maps, true
		if n.like != nil && n.like.elem != nil {
			n.elem.like = n.like.elem
			n.elem.makeRoom()
		}
	}
	return n.elem
}

// key returns the node of the keys of a map.
func (n *node) key() *node {
	if n.keys == nil {
		n.keys = newNode("", n, nil)
		n.keys.inner, n.keys.dict = true, newDict()
	}
	return n.keys
}

// addText adds a text, and notes its kind.
func (n *node) addText(slot uint32, s []byte) {
	if len(s) >= len("2006-01-02") && s[4] == '-' {
		if ms, form, ok := parseDate(s); ok {
			n.seen |= kindISO
			n.isos.add(slot, ms, form)
			return
		}
	}
	code := n.code(s)
	n.texts.add(slot, code)
	if n.dict.isos > 0 && n.dict.iso.Get(int(code)) {
		n.seen |= kindISO
	} else {
		n.seen |= kindText
	}
}

// addKey adds the key of an entry of a map, and gives its code.
func (n *node) addKey(at uint32, s []byte) uint32 {
	code := n.dict.add(s)
	n.texts.add(at, code)
	n.seen |= kindText
	return code
}

// code returns the code of s in the dictionary of n.
func (n *node) code(s []byte) uint32 {
	if n.dict == nil {
		n.dict = newLooseDict()
		if n.like != nil {
			n.dict.makeRoom(n.like.dict)
		}
	}
	return n.dict.add(s)
}

// cutFrom takes away the values from a slot on, here and below. Strings that only
// they had stay in the dictionary; they are left out when the column is built.
func (n *node) cutFrom(slot uint32) {
	n.bools.cutFrom(slot)
	n.ints.cutFrom(slot)
	n.floats.cutFrom(slot)
	if n.digits != nil {
		n.digits = n.digits[:len(n.floats.values)]
	}
	n.times.cutFrom(slot)
	n.isos.cutFrom(slot)
	n.texts.cutFrom(slot)
	if n.odd != nil {
		n.odd.spelled.cutFrom(slot)
		n.odd.large.cutFrom(slot)
	}
	for _, c := range n.children {
		c.cutFrom(slot)
	}
	for _, other := range n.others {
		other.cutFrom(slot)
	}
	if n.spill != nil {
		n.spill.cutFrom(slot)
	}
	n.present.cutFrom(slot)
	n.count = 0
	if k := len(n.present.values); k > 0 {
		n.count = n.present.values[k-1]
	}
	if n.elem != nil {
		n.elem.cutFrom(n.count)
	}
	if n.keys != nil {
		n.keys.cutFrom(n.count)
	}
}

// sealValues frees what only the filling of a leaf of that many slots needs.
func (n *node) sealValues(slots int) {
	n.bools.seal(slots)
	n.ints.seal(slots)
	n.floats.seal(slots)
	n.times.seal(slots)
	n.isos.seal(slots)
	n.texts.seal(slots)
	if n.dict != nil {
		n.dict.seal()
	}
}

// seal frees what only filling needs, here and below. slots is the number of
// slots of n.
func (n *node) seal(slots int) {
	n.index, n.labels, n.names, n.like = nil, nil, nil, nil
	n.present.clip()
	n.sealValues(slots)
	for _, c := range n.children {
		c.seal(slots)
	}
	for _, other := range n.others {
		other.seal(slots)
	}
	if n.spill != nil {
		n.spill.seal(slots)
	}
	if n.elem != nil {
		n.elem.seal(int(n.count))
	}
	if n.keys != nil {
		n.keys.seal(int(n.count))
	}
}
