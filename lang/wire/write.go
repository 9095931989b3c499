package wire

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/segq/segq/lang/check"
)

// Encode returns checked queries as bytes. profile is the type of a profile that they were checked against. It fails
// where a query has something that is of another schema, which is a fault.
func Encode(queries []*check.Query, profile *check.Type) ([]byte, error) {
	w := &writer{b: []byte{version}, types: map[*check.Type]int{}, segments: map[*check.Query]int{}}
	for _, t := range schemaTypes(profile) {
		if _, known := w.types[t]; !known {
			w.types[t] = w.next
		}
		w.next++
	}
	w.number(len(queries))
	for _, q := range queries {
		w.query(q)
	}
	return w.b, w.err
}

type writer struct {
	b        []byte
	types    map[*check.Type]int // those with parts
	next     int                 // the number of the next one
	segments map[*check.Query]int
	err      error
}

func (w *writer) number(n int)   { w.b = binary.AppendUvarint(w.b, uint64(n)) }
func (w *writer) signed(n int64) { w.b = binary.AppendVarint(w.b, n) }
func (w *writer) byte(b byte)    { w.b = append(w.b, b) }

func (w *writer) yes(b bool) {
	if b {
		w.byte(1)
		return
	}
	w.byte(0)
}

func (w *writer) text(s string) {
	w.number(len(s))
	w.b = append(w.b, s...)
}

// query writes the condition of a query, and what it is the condition of where that is something else.
func (w *writer) query(q *check.Query) {
	w.number(q.Slots)
	w.node(q.Cond)
	if q.Root == q.Cond {
		w.byte(noNode)
		return
	}
	w.node(q.Root)
}

// aType writes a type: its kind, or a number and, where that is new, what it is made of.
func (w *writer) aType(t *check.Type) {
	if plain(t) {
		w.byte(byte(t.Kind))
		return
	}
	w.byte(byte(check.List)) // whatever it is
	n, known := w.types[t]
	if known {
		w.number(n)
		return
	}
	n = w.next
	w.types[t] = n
	w.next++
	w.number(n)
	w.byte(byte(t.Kind))
	if t.Kind != check.Object {
		w.aType(t.Elem)
		return
	}
	w.number(len(t.Fields))
	for _, f := range t.Fields {
		w.text(f.Name)
		w.aType(f.Type)
	}
}

// field writes which field of a type f is.
func (w *writer) field(t *check.Type, f *check.Field) {
	t = fieldsOf(t)
	if f.Index >= len(t.Fields) || t.Fields[f.Index].Name != f.Name {
		w.err = fmt.Errorf("the field %s is none of its object", f.Name)
	}
	w.number(f.Index)
}

func (w *writer) nodes(all []check.Node) {
	w.number(len(all))
	for _, n := range all {
		w.node(n)
	}
}

func (w *writer) node(n check.Node) {
	switch n := n.(type) {
	case nil:
		w.byte(noNode)
	case *check.Const:
		w.head(constNode, n)
		w.value(n.V)
	case *check.Slot:
		w.head(slotNode, n)
		w.number(n.N)
		w.text(n.Name)
	case *check.Member:
		w.head(memberNode, n)
		w.node(n.X)
		w.field(n.X.Type(), n.F)
	case *check.Gather:
		w.head(gatherNode, n)
		w.node(n.X)
		w.field(n.X.Type(), n.F)
	case *check.Call:
		w.head(callNode, n)
		w.byte(byte(n.Op))
		w.yes(n.Fold)
		w.nodes(n.Args)
	case *check.MakeList:
		w.head(listNode, n)
		w.nodes(n.Items)
	case *check.MakeObject:
		w.head(objectNode, n)
		w.nodes(n.Items)
	default:
		w.binding(n)
	}
}

func (w *writer) head(kind byte, n check.Node) {
	w.byte(kind)
	w.aType(n.Type())
}

// binding writes what binds slots, or asks for the time or for a segment.
func (w *writer) binding(n check.Node) {
	switch n := n.(type) {
	case *check.Let:
		w.head(letNode, n)
		w.number(n.Slot)
		w.node(n.Value)
		w.node(n.Body)
	case *check.Iterate:
		w.head(iterateNode, n)
		w.byte(byte(n.Op))
		w.number(n.Slot)
		w.number(n.KeySlot)
		w.node(n.X)
		w.node(n.Body)
		w.node(n.N)
	case *check.Comprehend:
		w.head(comprehendNode, n)
		w.byte(byte(n.Op))
		w.number(len(n.Decls))
		for _, d := range n.Decls {
			w.number(d.Slot)
			w.text(d.Name)
			w.node(d.From)
			w.node(d.Where)
		}
		w.node(n.Yield)
	case *check.Chain:
		w.head(chainNode, n)
		w.node(n.X)
		w.number(n.Slot)
		w.node(n.Order)
		w.number(len(n.Steps))
		for _, s := range n.Steps {
			w.text(s.Label)
			w.node(s.Cond)
			w.signed(s.Count)
		}
	case *check.Occurs:
		w.head(occursNode, n)
		w.node(n.X)
		w.window(&n.Window)
	case *check.Calendar:
		w.head(calendarNode, n)
		w.signed(int64(n.Offset))
		w.byte(byte(n.Unit))
	case *check.Segment:
		w.head(segmentNode, n)
		w.segment(n)
	default:
		w.err = fmt.Errorf("nothing is known of a %T", n)
	}
}

func (w *writer) window(v *check.Window) {
	w.text(v.Op)
	w.signed(v.N)
	w.byte(byte(v.Unit))
	w.text(v.Dir)
	w.node(v.Ref)
	w.node(v.To)
}

// segment writes a segment: its definition once, for all that ask about it.
func (w *writer) segment(s *check.Segment) {
	w.text(s.ID)
	if n := w.segments[s.Query]; n > 0 {
		w.number(n)
		return
	}
	w.number(0)
	w.query(s.Query)
	w.segments[s.Query] = len(w.segments) + 1 // behind those that it asks about
}

// value writes the value of a constant.
func (w *writer) value(v any) {
	switch v := v.(type) {
	case nil:
		w.byte(nullValue)
	case bool:
		w.byte(falseValue)
		if v {
			w.b[len(w.b)-1] = trueValue
		}
	case int64:
		w.byte(intValue)
		w.signed(v)
	case float64:
		w.byte(floatValue)
		w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(v))
	case string:
		w.byte(textValue)
		w.text(v)
	case []any:
		w.byte(listValue)
		w.number(len(v))
		for _, e := range v {
			w.value(e)
		}
	default:
		w.err = fmt.Errorf("nothing is known of a constant of the kind %T", v)
	}
}
