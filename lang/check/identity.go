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

// NewIdentities gives Identities that knows no segments yet.
func NewIdentities() *Identities {
	return &Identities{known: map[*Query]int{}, numbers: map[string]int{}}
}

// Of gives a text that equal expressions share, and no others: the kind of each node, what
// it holds beside its operands, and the operands. Slots are numbered as they come, so that
// it does not matter where in a query an expression stands.
func (s *Identities) Of(n Node) []byte {
	k := &keyer{segments: s, slots: map[int]int{0: 0}}
	k.node(n)
	return k.text
}

// number gives the number of a definition: equal ones have one.
func (s *Identities) number(q *Query) int {
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
	text     []byte
	slots    map[int]int
}

func (k *keyer) node(n Node) {
	if n == nil {
		k.text = append(k.text, '-')
		return
	}
	k.printf("(%T", n)
	k.text = append(k.text, byte(n.Type().Kind))
	switch n := n.(type) {
	case *Const:
		k.text = appendConst(k.text, n.V)
	case *Member:
		k.printf("%d", n.F.Index)
	case *Gather:
		k.printf("%d %d", n.F.Index, n.T.Elem.Kind)
	case *Call:
		k.printf("%d %t %d", n.Op, n.Fold, len(n.Args))
	case *MakeList:
		k.printf("%d", len(n.Items))
	case *MakeObject:
		for _, f := range n.T.Fields {
			k.text = appendText(k.text, f.Name)
		}
	case *Occurs:
		k.printf("%q %d %d %q", n.Window.Op, n.Window.N, n.Window.Unit, n.Window.Dir)
	case *Calendar:
		k.printf("%d %d", n.Offset, n.Unit)
	case *Segment:
		k.printf("%d", k.segments.number(n.Query))
	default:
		k.binder(n)
	}
	for _, child := range Operands(n) {
		k.node(child)
	}
	k.text = append(k.text, ')')
}

// binder writes the nodes that read or bind slots.
func (k *keyer) binder(n Node) {
	switch n := n.(type) {
	case *Slot:
		k.slot(n.N)
	case *Let:
		k.slot(n.Slot)
	case *Iterate:
		k.printf("%d", n.Op)
		k.slot(n.Slot)
		if n.KeySlot > 0 {
			k.slot(n.KeySlot)
		}
	case *Comprehend:
		k.printf("%d", n.Op)
		for _, d := range n.Decls {
			k.slot(d.Slot)
			// The name is that of a field in what a select makes.
			k.text = appendText(k.text, d.Name)
		}
	case *Chain:
		k.slot(n.Slot)
		for _, s := range n.Steps {
			k.printf(" %d", s.Count)
		}
	default:
		panic(fmt.Sprintf("check: a node of type %T", n))
	}
}

func (k *keyer) slot(n int) {
	i, ok := k.slots[n]
	if !ok {
		i = len(k.slots)
		k.slots[n] = i
	}
	k.printf(" $%d", i)
}

func (k *keyer) printf(format string, args ...any) { k.text = fmt.Appendf(k.text, format, args...) }

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
		return fmt.Appendf(k, "%t", v)
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
