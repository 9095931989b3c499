// Package search finds the texts that meet a test against constants, a block of rows at a
// time, in columns that hold them one after another ([column.Texts], the dictionaries of
// [column.Strings]).
//
// The tour: [New] makes a [Test] of an operation of the language, [Equal] one of a set of
// texts. [Test.Block] answers it for some rows: equality and what is at the ends of a text
// by eight bytes of each row (window.go), a part of a text by two bytes of it in all the
// bytes of the block (part.go), a set of many texts by a hash (set.go), a regular
// expression by a text that it requires. Without regard to case, rows of ASCII are answered
// so; the others by their folded form (wide.go). What these find is looked at again where
// it may be wrong.
//
// The meaning is that of package eval, with which its tests compare it.
package search

import (
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"unsafe"

	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/exec/pattern"
	"github.com/segq/segq/lang/check"
)

// Test is a test of texts against constants. It is immutable and safe for concurrent use.
type Test struct {
	form    form
	negated bool
	fold    bool
	parts   []string // what is looked for; folded to ignore case
	like    pattern.Like
	re      *regexp.Regexp

	windows []window // of equal, prefix and suffix, one for each part
	set     *set     // of equal with many parts, instead
	part    *part    // of contains, and of what like and matches require; nil for nothing
}

type form uint8

const (
	equal form = iota // to any of parts
	prefix
	suffix
	contains
	like
	matches
)

// forms are the operations that are tests of a text, and which of them are turned round.
var forms = map[check.Op]struct {
	form    form
	negated bool
}{
	check.Eq: {equal, false}, check.Ne: {equal, true}, check.Equals: {equal, false}, check.NotEquals: {equal, true},
	check.In: {equal, false}, check.NotIn: {equal, true},
	check.StartsWith: {prefix, false}, check.NotStartsWith: {prefix, true},
	check.EndsWith: {suffix, false}, check.NotEndsWith: {suffix, true},
	check.Contains: {contains, false}, check.NotContains: {contains, true},
	check.Like: {like, false}, check.Matches: {matches, false},
}

// New returns the test of a text that n is, whose first operand is the text and whose
// others are constants, and says whether it is one. typical is some bytes of the texts that
// will be tested, from which it learns what is rare in them.
func New(n *check.Call, typical []byte) (*Test, bool) {
	f, ok := forms[n.Op]
	if !ok || len(n.Args) < 2 {
		return nil, false
	}
	parts, ok := constants(n.Args[1:])
	if !ok {
		return nil, false
	}
	t := &Test{form: f.form, negated: f.negated, fold: n.Fold, parts: parts}
	switch f.form {
	case like:
		t.like = pattern.ParseLike(parts[0])
		t.affix()
	case matches:
		re, err := regexp.Compile(parts[0])
		if err != nil {
			return nil, false
		}
		t.re = re
	}
	t.prepare(typical)
	return t, true
}

// Equal returns the test that a text is one of some.
func Equal(texts []string) *Test {
	t := &Test{form: equal, parts: texts}
	t.prepare(nil)
	return t
}

// constants returns the texts of constant operands, those of a list among them.
func constants(args []check.Node) ([]string, bool) {
	var parts []string
	for _, a := range args {
		k, ok := a.(*check.Const)
		if !ok {
			return nil, false
		}
		switch v := k.V.(type) {
		case string:
			parts = append(parts, v)
		case []any:
			for _, item := range v {
				if s, ok := item.(string); ok {
					parts = append(parts, s)
				} else if item != nil { // null is no element
					return nil, false
				}
			}
		default:
			return nil, false
		}
	}
	return parts, true
}

// affix makes a like of one text something simpler.
func (t *Test) affix() {
	text, before, after, ok := t.like.Affix()
	if !ok {
		return
	}
	t.parts = []string{text}
	switch {
	case before && after:
		t.form = contains
	case before:
		t.form = suffix
	case after:
		t.form = prefix
	default:
		t.form = equal
	}
}

// prepare makes what the form needs.
func (t *Test) prepare(typical []byte) {
	if t.fold {
		t.parts = slices.Clone(t.parts)
		for i, p := range t.parts {
			t.parts[i] = pattern.Fold(p)
		}
	}
	switch t.form {
	case equal, prefix, suffix:
		if t.form == equal && !t.fold && len(t.parts) > fewParts {
			t.set = newSet(t.parts)
			return
		}
		for _, p := range t.parts {
			t.windows = append(t.windows, newWindow(t.form, p, t.fold))
		}
	case contains:
		t.part = newPart(t.parts[0], t.fold, typical)
	case like:
		t.require(t.like.Literal(), typical)
	case matches:
		t.require(pattern.Literal(t.parts[0]), typical)
	}
}

// require says that all texts that are meant contain a literal.
func (t *Test) require(literal string, typical []byte) {
	if literal != "" {
		t.part = newPart(literal, false, typical)
	}
}

// Slow says whether a row takes much longer than a pass over its bytes.
func (t *Test) Slow() bool { return t.form == like || t.form == matches }

// Match says whether one text meets the test.
func (t *Test) Match(s string) bool { return t.match(s) != t.negated }

// match says whether one text meets the test, were it not turned round.
func (t *Test) match(s string) bool {
	if t.fold {
		s = pattern.Fold(s)
	}
	switch t.form {
	case equal:
		if t.set != nil {
			return t.set.has[s]
		}
		return slices.Contains(t.parts, s)
	case prefix:
		return strings.HasPrefix(s, t.parts[0])
	case suffix:
		return strings.HasSuffix(s, t.parts[0])
	case contains:
		return strings.Contains(s, t.parts[0])
	case like:
		return t.like.Match(s)
	}
	return t.re.MatchString(s)
}

// pieceRows is how many rows are answered at a time: what is noted of them stays on the
// stack.
const pieceRows = 4096

// scratch is bits for the rows of a piece.
type scratch [pieceRows / 64]uint64

// Block sets bit i where the text of row i, the bytes offsets[i] to offsets[i+1] of text,
// meets the test, of the rows in need; nil is all. offsets has one entry more than there
// are rows.
func (t *Test) Block(dst []uint64, text []byte, offsets []uint32, need []uint64) {
	for n := len(offsets) - 1; n > 0; n = len(offsets) - 1 {
		rows := min(n, pieceRows)
		words := (rows + 63) >> 6
		out := dst[:words]
		var some []uint64
		if need != nil {
			some, need = need[:words], need[words:]
		}
		t.piece(out, text, offsets[:rows+1], some)
		if t.negated {
			kernel.Not(out, out, rows)
		}
		if some != nil {
			kernel.And(out, some)
		}
		dst, offsets = dst[words:], offsets[rows:]
	}
}

// piece is Block for few rows and what is not turned round. Rows that are not in need may
// be answered as well.
func (t *Test) piece(dst []uint64, text []byte, offsets []uint32, need []uint64) {
	n := len(offsets) - 1
	switch t.form {
	case equal, prefix, suffix:
		if t.set != nil {
			t.set.block(dst, text, offsets)
			return
		}
		t.byWindows(dst, text, offsets)
	case contains:
		t.part.block(dst, text, offsets)
	default:
		if t.part == nil {
			kernel.Fill(dst, n)
		} else {
			t.part.block(dst, text, offsets)
		}
		if need != nil {
			kernel.And(dst, need)
		}
		each(dst, func(i int) bool { return t.match(row(text, offsets, i)) })
		return
	}
	if t.fold {
		t.wideRows(dst, text, offsets)
	}
}

// row returns the text of a row, in the memory of all.
func row(text []byte, offsets []uint32, i int) string {
	b := text[offsets[i]:offsets[i+1]]
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// each clears the bits of dst for which f does not hold.
func each(dst []uint64, f func(i int) bool) {
	for w, word := range dst {
		for rest := word; rest != 0; rest &= rest - 1 {
			if !f(w<<6 + bits.TrailingZeros64(rest)) {
				dst[w] &^= rest & -rest
			}
		}
	}
}
