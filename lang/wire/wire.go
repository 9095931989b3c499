// Package wire turns checked queries into bytes and back, so that a process that has the same schema runs
// what another has checked: no text is read twice, and what was put together without a text, as the parts of a
// funnel, travels as well.
//
// The tour: [Encode] writes queries (write.go), [Decode] reads them (read.go). Both number the types of the
// schema in one order, so that a field is its type and its place there. What is only for explanations, the places in the
// texts among it, is left behind. The bytes are for processes of the same version: they begin with the version.
package wire

import "github.com/segq/segq/lang/check"

// version is that of the form of the bytes.
const version = 1

// Nodes, by their numbers in the bytes.
const (
	noNode = iota
	constNode
	slotNode
	memberNode
	gatherNode
	callNode
	listNode
	objectNode
	letNode
	iterateNode
	comprehendNode
	chainNode
	occursNode
	calendarNode
	segmentNode
)

// Values of constants, by their numbers in the bytes.
const (
	nullValue = iota
	falseValue
	trueValue
	intValue
	floatValue
	textValue
	listValue
)

// plain says whether a type has no parts: then it is its kind.
func plain(t *check.Type) bool { return t.Kind < check.List }

// schemaTypes returns the types in a schema that have parts, in an order that follows from the schema alone.
func schemaTypes(profile *check.Type) []*check.Type {
	var all []*check.Type
	var add func(t *check.Type)
	add = func(t *check.Type) {
		if t == nil || plain(t) {
			return
		}
		all = append(all, t)
		add(t.Elem)
		for _, f := range t.Fields {
			add(f.Type)
		}
	}
	add(profile)
	return all
}

// fieldsOf returns the type whose fields a dot behind a value of type t reads: through lists.
func fieldsOf(t *check.Type) *check.Type {
	for t.Kind == check.List {
		t = t.Elem
	}
	return t
}
