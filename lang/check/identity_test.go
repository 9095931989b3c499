package check

import (
	"bytes"
	"testing"
)

// Expressions that mean the same share an identity wherever they stand, with and without
// numbers for their parts; others do not.
func TestIdentities(t *testing.T) {
	s := NewIdentities()
	list := &Const{Info: Info{T: ListOf(IntType)}, V: []any{int64(1), int64(2)}}
	someOver := func(slot int, least int64) Node {
		more := &Call{Info: Info{T: BoolType}, Op: Gt, Args: []Node{&Slot{Info: Info{T: IntType}, N: slot}, &Const{Info: Info{T: IntType}, V: least}}}
		return &Iterate{Info: Info{T: BoolType}, Op: Exists, X: list, Slot: slot, Body: more}
	}
	numbered := func(n Node) []byte {
		return s.Over(n, func(part Node) (int, bool) { return 1, part == Node(list) })
	}
	for _, of := range []func(Node) []byte{s.Of, numbered} {
		if !bytes.Equal(of(someOver(1, 0)), of(someOver(7, 0))) {
			t.Error("the number of a slot tells")
		}
		if bytes.Equal(of(someOver(1, 0)), of(someOver(1, 1))) {
			t.Error("the constant does not tell")
		}
	}
	none := func(elem *Type) Node { return &Const{Info: Info{T: ListOf(elem)}, V: []any{}} }
	if bytes.Equal(s.Of(none(IntType)), s.Of(none(StringType))) {
		t.Error("empty lists of numbers and of texts are one")
	}
}
