package check

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Identities gives expressions over one schema their identity. It numbers the definitions of
// segments, each of which it looks at once, however often others ask about it; keys of
// one Identities are compared with each other alone.
type Identities struct {
	known   map[*Query]int
	numbers map[string]int
}

// NewIdentities returns Identities that knows no segments yet.
func NewIdentities() *Identities {
	return &Identities{known: map[*Query]int{}, numbers: map[string]int{}}
}

// Of returns a text that equal expressions share, and no others: the kind of each node, what
// it holds beside its operands, and the operands. Slots are numbered as they come, so that
// it does not matter where in a query an expression stands.
func (s *Identities) Of(n Node) []byte { return s.Over(n, nil) }

// Over is Of for those who number parts as they go up: what number knows is written as that.
// In a part that has a number nothing but the profile is free, and equal ones have one.
func (s *Identities) Over(n Node, number func(Node) (int, bool)) []byte {
	k := &keyer{segments: s, root: n, number: number, slots: map[int]int{0: 0}}
	k.node(n)
	return k.text
}

// definition returns the number of a definition: equal ones have one.
func (s *Identities) definition(q *Query) int {
	n, ok := s.known[q]
	if !ok {
		key := string(s.Of(q.Cond))
		if n, ok = s.numbers[key]; !ok {
			n = len(s.numbers) + 1
			s.numbers[key] = n
		}
		s.known[q] = n
	}
	return n
}

// keyer writes the text of one expression.
type keyer struct {
	segments *Identities
	root     Node
	number   func(Node) (int, bool) // nil for no parts with numbers
	text     []byte
	slots    map[int]int
}

func (k *keyer) node(n Node) {
	if n == nil {
		k.text = append(k.text, '-')
		return
	}
	if k.number != nil && n != k.root {
		if i, ok := k.number(n); ok {
			k.add('#', i)
			return
		}
	}
	kind := int(n.Type().Kind)
	switch n := n.(type) {
	case *Const:
		k.add('k', kind)
		if n.T.Elem != nil { // an empty list has no elements that tell
			k.text = appendText(k.text, n.T.String())
		}
		k.text = appendConst(k.text, n.V)
	case *Member:
		k.add('m', kind, n.F.Index)
	case *Gather:
		k.add('g', kind, n.F.Index, int(n.T.Elem.Kind))
	case *Call:
		op := 'c'
		if n.Fold {
			op = 'C'
		}
		k.add(byte(op), kind, int(n.Op), len(n.Args))
	case *MakeList:
		k.add('l', kind, len(n.Items))
	case *MakeObject:
		k.add('o', kind, len(n.T.Fields))
		for _, f := range n.T.Fields {
			k.text = appendText(k.text, f.Name)
		}
	case *Occurs:
		k.add('w', kind, int(n.Window.N), int(n.Window.Unit))
		k.text = appendText(appendText(k.text, n.Window.Op), n.Window.Dir)
	case *Calendar:
		k.add('t', kind, n.Offset, int(n.Unit))
	case *Segment:
		k.add('s', kind, k.segments.definition(n.Query))
	default:
		k.binder(n, kind)
	}
	for _, child := range Operands(n) {
		k.node(child)
	}
}

// binder writes the nodes that read or bind slots.
func (k *keyer) binder(n Node, kind int) {
	switch n := n.(type) {
	case *Slot:
		k.add('$', kind, k.slot(n.N))
	case *Let:
		k.add('v', kind, k.slot(n.Slot))
	case *Iterate:
		key := 0 // the profile is no key
		slot := k.slot(n.Slot)
		if n.KeySlot > 0 {
			key = k.slot(n.KeySlot)
		}
		k.add('i', kind, int(n.Op), slot, key)
	case *Comprehend:
		k.add('d', kind, int(n.Op), len(n.Decls))
		for _, d := range n.Decls {
			k.add('$', k.slot(d.Slot))
			// The name is that of a field in what a select makes.
			k.text = appendText(k.text, d.Name)
		}
	case *Chain:
		k.add('n', kind, k.slot(n.Slot), len(n.Steps))
		for _, s := range n.Steps {
			k.add('*', int(s.Count))
		}
	default:
		panic(fmt.Sprintf("check: a node of type %T", n))
	}
}

// slot returns the number of a slot in this text.
func (k *keyer) slot(n int) int {
	i, ok := k.slots[n]
	if !ok {
		i = len(k.slots)
		k.slots[n] = i
	}
	return i
}

// add writes a letter and the numbers that go with it, which is always the same many. How
// many operands come then follows from them too, so that no two texts run into each other.
func (k *keyer) add(letter byte, numbers ...int) {
	k.text = append(k.text, letter)
	for _, n := range numbers {
		k.text = binary.AppendVarint(k.text, int64(n))
	}
}

// appendText appends s so that no two sequences of texts look the same.
func appendText(k []byte, s string) []byte {
	return append(binary.AppendUvarint(k, uint64(len(s))), s...)
}

// appendConst appends the value of a [Const].
func appendConst(k []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(k, 'n')
	case bool:
		if v {
			return append(k, '1')
		}
		return append(k, '0')
	case int64:
		return binary.AppendVarint(append(k, 'i'), v)
	case float64:
		return binary.BigEndian.AppendUint64(append(k, 'f'), math.Float64bits(v))
	case string:
		return appendText(append(k, 's'), v)
	case []any:
		k = binary.AppendUvarint(append(k, 'l'), uint64(len(v)))
		for _, x := range v {
			k = appendConst(k, x)
		}
		return k
	}
	panic(fmt.Sprintf("check: a constant of type %T", v))
}
