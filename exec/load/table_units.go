package load

import (
	"slices"

	"github.com/segq/segq/exec/load/parquet"
	"github.com/segq/segq/lang/check"
)

// unit is what of a table is loaded together: a leaf, or all of a map.
type unit struct {
	// columns are the numbers of its leaves in each file.
	columns [][]int
	// keys are what the folders of each file say instead; nil for nothing.
	keys []*folderKey
	// size is what they take in the files.
	size int64
	// doubtful says that the type of the field depends on its values.
	doubtful bool
	// said says that --type says what it is, cast that a schema makes it something else than the files have.
	said, cast bool

	// What follows is guarded by the mutex of the table. bytes is what the column held when
	// it was loaded last, used when it was asked for last, and pins how many snapshots
	// keep it.
	loaded  bool
	bytes   int64
	used    int64
	pins    int
	guessed int64    // what the column may hold, by the footers; 0 where nobody has looked
	loading *loading // nil while nobody loads it
}

// branch is a place in the schema of a table, of all its files.
type branch struct {
	fields map[string]*branch // of an object
	elem   *branch            // of a list
	unit   *unit              // of a leaf or a map, which have nothing below
	units  []*unit            // all below

	kinds    kinds
	own      [][]int      // the leaves that are just here, by file
	keys     []*folderKey // what the folders say, by file
	said     bool         // --type says what it is
	differ   bool         // not all files have the same here
	unsigned bool         // whole numbers that may be beyond 64 bits
}

// branchesOf finds the units of files, of which plans are the outlines, and a schema, which may be nil.
func branchesOf(files []*tableFile, plans []*plan, schema *check.Type) *branch {
	top := &branch{}
	for i, p := range plans {
		g := outlining{files, i, map[*node]*leafPlan{}}
		for _, leaf := range p.leaves {
			g.leaves[leaf.node] = leaf
		}
		g.node(top, p.chunk.root)
		for _, k := range p.keys {
			b := top.field(k.name)
			if b.keys == nil {
				b.keys = make([]*folderKey, len(files))
			}
			b.keys[i] = k
		}
	}
	top.settle(files, false, schema)
	return top
}

// outlining adds the outline of a file to the branches.
type outlining struct {
	files  []*tableFile
	file   int
	leaves map[*node]*leafPlan
}

// node adds n to b, and what is below.
func (g *outlining) node(b *branch, n *node) {
	b.differ = b.differ || b.kinds != 0 && b.kinds != n.seen
	b.kinds |= n.seen
	b.said = b.said || n.want != nil && n.want.kind != ""
	if leaf := g.leaves[n]; leaf != nil {
		if b.own == nil {
			b.own = make([][]int, len(g.files))
		}
		b.own[g.file] = append(b.own[g.file], leaf.element.column)
		b.unsigned = b.unsigned || g.large(leaf)
	}
	for _, c := range n.children {
		g.node(b.field(c.name), c)
	}
	if n.elem != nil {
		g.node(b.element(), n.elem)
	}
	if n.keys != nil {
		g.node(b.field(""), n.keys) // of a map, which is one unit
	}
}

// maxDigits64 is how many decimal digits fit into 64 bits, whatever they are.
const maxDigits64 = 18

// large says whether a leaf may have whole numbers beyond int64.
func (g *outlining) large(leaf *leafPlan) bool {
	e := leaf.element
	if e.Logical == parquet.Decimal && e.Scale == 0 && e.Precision > maxDigits64 {
		return true
	}
	if !e.Unsigned || e.Type != parquet.Int64 {
		return false
	}
	chunks, err := g.files[g.file].file.Meta.Column(e.column)
	if err != nil {
		return true // the reading will tell
	}
	for i := range chunks {
		least, greatest, ok := chunks[i].Bounds()
		if !ok || least < 0 || greatest < 0 {
			return true
		}
	}
	return false
}

func (b *branch) field(name string) *branch {
	f := b.fields[name]
	if f == nil {
		f = &branch{}
		if b.fields == nil {
			b.fields = map[string]*branch{}
		}
		b.fields[name] = f
	}
	return f
}

func (b *branch) element() *branch {
	if b.elem == nil {
		b.elem = &branch{}
	}
	return b.elem
}

// each calls f with the branches just below.
func (b *branch) each(f func(*branch)) {
	for _, c := range b.fields {
		f(c)
	}
	if b.elem != nil {
		f(b.elem)
	}
}

// settle makes the units below b. said is that --type says what is above it, and schema what a schema says
// of b; nil for nothing. Where it says another form than the files have, all below is one unit.
func (b *branch) settle(files []*tableFile, said bool, schema *check.Type) {
	said = said || b.said
	forms := b.kinds & kindForms
	if said || schema != nil && schema.Kind == check.Any {
		schema = nil
	}
	single := forms == 0 || forms == kindMap || b.differ || schema != nil && schema.Kind != kindOfForm[forms]
	if !single {
		for name, c := range b.fields {
			c.settle(files, said, fieldOf(schema, name))
			b.units = append(b.units, c.units...)
		}
		if b.elem != nil {
			b.elem.settle(files, said, elemOf(schema))
			b.units = append(b.units, b.elem.units...)
		}
		slices.SortFunc(b.units, byPlace)
		return
	}
	u := &unit{columns: make([][]int, len(files)), keys: make([]*folderKey, len(files)), doubtful: said, said: said}
	b.collect(u)
	for i, columns := range u.columns {
		for _, c := range columns {
			u.size += max(files[i].file.Meta.Leaves[c].Size, 0)
		}
	}
	b.unit, b.units, b.fields, b.elem = u, []*unit{u}, nil, nil
}

// kindOfForm are the kinds of types that fit what files have, but for values without parts.
var kindOfForm = map[kinds]check.Kind{kindObject: check.Object, kindList: check.List}

// collect adds the leaves of b, and of all below, to a unit.
func (b *branch) collect(u *unit) {
	u.said = u.said || b.said
	u.doubtful = u.doubtful || b.differ || b.unsigned || b.said
	for i, columns := range b.own {
		u.columns[i] = append(u.columns[i], columns...)
	}
	copy(u.keys, b.keys)
	b.each(func(c *branch) { c.collect(u) })
}

// byPlace orders units by where they are in the files.
func byPlace(a, b *unit) int { return slices.CompareFunc(a.columns, b.columns, slices.Compare[[]int]) }

// in says whether a file, or its folders, have something of the unit.
func (u *unit) in(file int) bool { return len(u.columns[file]) > 0 || u.keys[file] != nil }

// keysOfUnits returns what of units the folders of a file say.
func keysOfUnits(units []*unit, file int) []*folderKey {
	var keys []*folderKey
	for _, u := range units {
		if k := u.keys[file]; k != nil {
			keys = append(keys, k)
		}
	}
	return keys
}
