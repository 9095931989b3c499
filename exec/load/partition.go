package load

import (
	"bytes"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/segq/segq/exec/load/parquet"
	"github.com/segq/segq/lang/check"
)

// located is a source, with what the names of its folders say of all of its rows.
type located struct {
	source
	keys []*folderKey
	left []string // files beside it that are no data

	dangling []string // links beside it to what is not there
}

// folderKey is what a folder called name=value says: the value of a field.
type folderKey struct {
	name, value string
	null        bool
	kind        kinds // of all values of that name
}

// nullPartition is the value of a folder whose rows have none, as Hive writes it.
const nullPartition = "__HIVE_DEFAULT_PARTITION__"

// folderKeys returns what the folders in the path of a file say: of year=2024/m=x%2Fy/a.csv, year is
// 2024 and m is x/y. Of folders of one name the last counts.
func folderKeys(path string) []*folderKey {
	steps := strings.Split(path, "/")
	var keys []*folderKey
	for _, step := range steps[:len(steps)-1] {
		name, value, ok := strings.Cut(step, "=")
		if !ok || name == "" {
			continue
		}
		k := &folderKey{name: unescaped(name), value: unescaped(value), null: value == nullPartition}
		keys = append(slices.DeleteFunc(keys, func(other *folderKey) bool { return other.name == k.name }), k)
	}
	return keys
}

// keysOf returns what is said of all rows of a file, else what its folders say.
func (o *Options) keysOf(name string) (keys []*folderKey) {
	if o.Keys == nil {
		return folderKeys(filepath.ToSlash(name))
	}
	for _, k := range o.Keys[name] {
		keys = append(keys, &folderKey{name: k.Name, value: k.Value, null: k.Null})
	}
	return keys
}

// unescaped returns the text that was written with percent signs; as it is where it was not. Names of folders may be
// any bytes, and texts are UTF-8.
func unescaped(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		s = plain
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// settleKeys decides what the keys of inputs are: numbers, booleans or dates where all values of
// a name are, by the rules for cells of CSV, and else texts, as they are where a schema says that.
func settleKeys(inputs []*input, schema *check.Type) {
	may := map[string]kinds{}
	for _, in := range inputs {
		for _, k := range in.keys {
			if k.null {
				continue
			}
			of, met := may[k.name]
			if own := k.kinds(); met {
				may[k.name] = of & own
			} else {
				may[k.name] = own
			}
		}
	}
	for name := range may {
		if t := fieldOf(schema, name); t != nil && t.Kind == check.String {
			may[name] = 0 // of 01 the schema knows better
		}
	}
	for _, in := range inputs {
		for _, k := range in.keys {
			k.kind = kindString
			for _, kind := range []kinds{kindInt, kindFloat, kindBool, kindISO} {
				if may[k.name]&kind != 0 {
					k.kind = kind
					break
				}
			}
		}
	}
}

// kinds returns what the value may be.
func (k *folderKey) kinds() kinds {
	b := []byte(k.value)
	if _, ok := parseWhole(b); ok {
		return kindInt | kindFloat
	}
	switch soleKind(b) {
	case cellNumber:
		if _, ok := parseFloat(b); ok && numeralOf(b, '.') == fraction {
			return kindFloat
		}
	case cellBool:
		return kindBool
	case cellTime:
		return kindISO
	}
	return 0
}

// declared is the kind of the column where there are no values.
func (k *folderKey) declared() kinds {
	if k.kind == kindISO {
		return kindInstant
	}
	return k.kind
}

// fill makes all rows of a new node have the value.
func (k *folderKey) fill(n *node, rows int) {
	if k.null || rows == 0 {
		n.seen = k.declared()
		return
	}
	b := []byte(k.value)
	switch k.kind {
	case kindInt:
		v, _ := parseWhole(b)
		n.ints.values = slices.Repeat([]int64{v}, rows)
	case kindFloat:
		v, _ := parseFloat(b)
		n.floats.values = slices.Repeat([]float64{v}, rows)
	case kindBool:
		n.bools.values = slices.Repeat([]bool{isTrue(b)}, rows)
	default:
		n.texts.values = slices.Repeat([]uint32{n.code(b)}, rows)
	}
	n.seen = k.kind
	n.sealValues(rows)
	n.shrinkValues()
}

// addKeys gives the rows of a chunk what the folders of the file say. A field that they have
// themselves is left out.
func (l *loader) addKeys(c *chunk) {
	for _, k := range l.keys {
		root := c.root
		if i := slices.IndexFunc(root.children, func(f *node) bool { return f.name == k.name }); i >= 0 {
			if !k.agrees(root.children[i], c.rows) {
				l.noteOverruled(l.name, k.name)
			}
			root.children = slices.Delete(slices.Clone(root.children), i, i+1)
		}
		n := newNode(k.name, root, l.want.field(k.name))
		n.spare = nil
		k.fill(n, c.rows)
		root.children = append(root.children, n)
	}
}

func (l *loader) noteOverruled(file, name string) {
	if l.overruled == nil {
		l.overruled = map[string]bool{}
	}
	if !l.overruled[name] {
		l.overruled[name] = true
		l.note("%s: %s is a field of the file as well, with other values: what the folder says counts", file, quotedName(name))
	}
}

// agrees says whether a field of so many rows has the value in each of them.
func (k *folderKey) agrees(n *node, rows int) bool {
	n.toLanes()
	if k.null || n.seen&kindForms != 0 || n.len() != rows {
		return k.null && n.len() == 0 && n.seen&kindForms == 0
	}
	number, isNumber := parseFloat([]byte(k.value))
	for _, v := range n.ints.values {
		if !isNumber || float64(v) != number {
			return false
		}
	}
	for _, v := range n.floats.values {
		if !isNumber || v != number {
			return false
		}
	}
	for _, v := range n.bools.values {
		if soleKind([]byte(k.value)) != cellBool || v != isTrue([]byte(k.value)) {
			return false
		}
	}
	ms, isTime := parseTimestamp([]byte(k.value))
	for _, v := range slices.Concat(n.times.values, n.isos.values) {
		if !isTime || v != ms {
			return false
		}
	}
	for _, code := range n.texts.values {
		if text := n.dict.at(code); string(text) != k.value && !(isNumber && bytes.Equal(trimCell(text), []byte(k.value))) {
			return false
		}
	}
	return n.odd == nil
}

// withoutKeys takes the fields of which the folders tell out of the schema of a file, and notes
// those whose values, by the footer, may be others.
func (f *tableFile) withoutKeys(l *loader) {
	for _, k := range f.keys {
		i := slices.IndexFunc(f.schema.children, func(e *element) bool { return e.Name == k.name })
		if i < 0 {
			continue
		}
		if !f.keyAgrees(k, f.schema.children[i]) {
			l.noteOverruled(f.name, k.name)
		}
		f.schema.children = slices.Delete(slices.Clone(f.schema.children), i, i+1)
	}
}

// keyAgrees says whether the footer shows that all values of a field are what the folder says.
func (f *tableFile) keyAgrees(k *folderKey, e *element) bool {
	if !e.Leaf || e.repeated() {
		return false
	}
	leaf := (&element{Element: parquet.Element{}, children: []*element{e}}).plan(nil).leaves[0]
	chunks, err := f.file.Meta.Column(e.column)
	if err != nil {
		return false // who reads it will tell
	}
	want := k.bound()
	for i := range chunks {
		c := &chunks[i]
		if k.null {
			if c.Nulls != c.Values {
				return false
			}
			continue
		}
		if v, isBool := want.(bool); isBool && e.Type == parquet.Boolean {
			if c.Nulls != 0 || !isBoolBound(c.Least, v) || !isBoolBound(c.Greatest, v) {
				return false
			}
			continue
		}
		low, okLow := leaf.bound(c.Least)
		high, okHigh := leaf.bound(c.Greatest)
		if c.Nulls != 0 || !c.Ordered || !okLow || !okHigh || before(low, want) || before(want, low) || before(high, want) || before(want, high) {
			return false
		}
	}
	return true
}

// isBoolBound says whether a bound of booleans is v.
func isBoolBound(b []byte, v bool) bool { return len(b) == 1 && (b[0] != 0) == v }

// bound returns the value as the tests of table_prune.go take it; nil for null.
func (k *folderKey) bound() any {
	b := []byte(k.value)
	switch {
	case k.null:
		return nil
	case k.kind == kindInt:
		v, _ := parseWhole(b)
		return v
	case k.kind == kindFloat:
		v, _ := parseFloat(b)
		return v
	case k.kind == kindISO:
		ms, _ := parseTimestamp(b)
		return ms
	case k.kind == kindBool:
		return isTrue(b)
	}
	return k.value
}
