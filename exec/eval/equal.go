package eval

import (
	"cmp"
	"strings"

	"github.com/segq/segq/lang/check"
)

// equal says whether two values are the same as = sees it: false where one is
// null. An Int meets a Float as a float64, strings are compared byte by byte.
func equal(x, y Value) bool {
	if x.IsNull() || y.IsNull() {
		return false
	}
	switch {
	case x.number() && y.number():
		if x.Kind() == check.Int && y.Kind() == check.Int {
			return x.a == y.a
		}
		return x.Float() == y.Float()
	case x.Kind() != y.Kind():
		return false
	}
	switch x.Kind() {
	case check.String:
		return x.s == y.s
	case check.Interval:
		return x.a == y.a && x.b == y.b
	case check.List:
		return equalLists(x, y)
	case check.Object:
		return equalObjects(x, y)
	case check.Map:
		return equalMaps(x, y)
	}
	return x.a == y.a
}

// same is equal for the parts of a list, object or map, where two nulls in the
// same place agree.
func same(x, y Value) bool {
	return x.IsNull() && y.IsNull() || equal(x, y)
}

// equalLists compares element by element, in order.
func equalLists(x, y Value) bool {
	if x.Len() != y.Len() {
		return false
	}
	for i := range x.Len() {
		if !same(x.at(i), y.at(i)) {
			return false
		}
	}
	return true
}

// equalObjects compares field by field, by name: a field that only one of the
// types has must be null.
func equalObjects(x, y Value) bool {
	for _, f := range x.t.Fields {
		var other Value
		if g := y.t.Field(f.Name); g != nil {
			other = y.member(g)
		}
		if !same(x.member(f), other) {
			return false
		}
	}
	for _, g := range y.t.Fields {
		if x.t.Field(g.Name) == nil && !y.member(g).IsNull() {
			return false
		}
	}
	return true
}

// equalMaps compares entries by key, in whatever order they come.
func equalMaps(x, y Value) bool {
	if x.Len() != y.Len() {
		return false
	}
	for i := range x.Len() {
		j := y.entry(x.key(i))
		if j < 0 || !same(x.at(i), y.at(j)) {
			return false
		}
	}
	return true
}

// entry returns the place of a key in a Map, or -1.
func (v Value) entry(key string) int {
	for i := range v.Len() {
		if v.key(i) == key {
			return i
		}
	}
	return -1
}

// order compares two values that are not null and have one type: numbers by
// value, strings byte by byte, instants by time, false before true. NaN is less
// than any number, so that the order is total.
func order(x, y Value) int {
	switch {
	case x.Kind() == check.String && y.Kind() == check.String:
		return strings.Compare(x.s, y.s)
	case x.Kind() == check.Float || y.Kind() == check.Float:
		return cmp.Compare(x.Float(), y.Float())
	}
	return cmp.Compare(x.a, y.a)
}

// less says x < y as the operator means it: false for null and for NaN.
func less(x, y Value) bool {
	if x.Kind() == check.Float || y.Kind() == check.Float {
		return x.Float() < y.Float()
	}
	return x.a < y.a
}
