package eval

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/segq/segq/lang/check"
)

// set is a set of values under [equal]. Null is no element.
//
// Values are filed by a key that equal values share; what shares a key is told
// apart by equal itself. That matters for numbers alone: integers past 2^53 may
// share the float64 that stands for them in the key.
type set struct {
	scalars map[scalarKey][]Value
	nested  map[string][]Value
}

// scalarKey files a value without parts.
type scalarKey struct {
	kind check.Kind
	a, b int64
	s    string
}

func newSet() *set {
	return &set{scalars: map[scalarKey][]Value{}, nested: map[string][]Value{}}
}

// setOf returns the set of the elements of a list.
func setOf(list []Value) *set {
	s := newSet()
	for _, v := range list {
		s.add(v)
	}
	return s
}

// has says whether v is an element.
func (s *set) has(v Value) bool {
	return slices.ContainsFunc(s.near(v), func(w Value) bool { return equal(v, w) })
}

// add puts v in, and says whether it is new.
func (s *set) add(v Value) bool {
	if v.IsNull() {
		return false
	}
	fresh := true
	for _, w := range s.near(v) {
		if equal(v, w) {
			fresh = false
			if v.Kind() == w.Kind() {
				return false
			}
		}
	}
	// An Int that equals a Float is no element of its own, but past 2^53 it
	// equals other values than the Float does: both are kept.
	if v.r != nil {
		k := string(v.appendKey(nil))
		s.nested[k] = append(s.nested[k], v)
	} else {
		k := v.scalarKey()
		s.scalars[k] = append(s.scalars[k], v)
	}
	return fresh
}

// near returns the elements that share the key of v.
func (s *set) near(v Value) []Value {
	if v.r != nil {
		return s.nested[string(v.appendKey(nil))]
	}
	return s.scalars[v.scalarKey()]
}

// scalarKey is the key of a value without parts. Numbers are filed as the
// float64 they are compared as; adding 0 makes one of the two zeros.
func (v Value) scalarKey() scalarKey {
	if v.number() {
		return scalarKey{kind: check.Float, a: int64(math.Float64bits(v.Float() + 0))}
	}
	return scalarKey{kind: v.Kind(), a: v.a, b: v.b, s: v.s}
}

// appendKey appends a key that equal values share. It need not tell unequal ones
// apart, so a map, whose entries have no order, is filed by its size alone, and
// an object, some of whose fields may be null, by those that are not.
func (v Value) appendKey(dst []byte) []byte {
	switch v.Kind() {
	case check.List:
		dst = binary.AppendVarint(append(dst, '['), int64(v.Len()))
		for i := range v.Len() {
			dst = v.at(i).appendKey(dst)
		}
		return dst
	case check.Object:
		return v.appendObjectKey(append(dst, '{'))
	case check.Map:
		return binary.AppendVarint(append(dst, 'm'), int64(v.Len()))
	}
	k := v.scalarKey()
	dst = binary.AppendVarint(append(dst, byte(k.kind)), k.a)
	dst = binary.AppendVarint(dst, k.b)
	dst = binary.AppendVarint(dst, int64(len(k.s)))
	return append(dst, k.s...)
}

// appendObjectKey files an object by the names and the keys of the fields that
// have a value, sorted: another type may have the same fields in another order.
func (v Value) appendObjectKey(dst []byte) []byte {
	names := make([]string, 0, len(v.t.Fields))
	for _, f := range v.t.Fields {
		if !v.member(f).IsNull() {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		dst = append(append(dst, name...), 0)
		dst = v.member(v.t.Field(name)).appendKey(dst)
	}
	return append(dst, '}')
}
