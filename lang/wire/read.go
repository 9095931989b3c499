package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// errDamaged is the error of bytes that Encode has not written.
var errDamaged = errors.New("the queries cannot be read: they are damaged, or of another schema")

// Decode reads the queries that [Encode] has written of an equal schema.
func Decode(b []byte, profile *check.Type) (queries []*check.Query, err error) {
	if len(b) == 0 {
		return nil, errDamaged
	}
	if b[0] != version {
		return nil, fmt.Errorf("the queries are in version %d of their form, and this segq reads version %d", b[0], version)
	}
	defer func() {
		if fault := recover(); fault != nil {
			if fault != errDamaged { //nolint:errorlint // it is what was thrown
				panic(fault)
			}
			queries, err = nil, errDamaged
		}
	}()
	r := &reader{b: b[1:], types: schemaTypes(profile)}
	n := r.count()
	for range n {
		queries = append(queries, r.query())
	}
	if len(r.b) > 0 {
		return nil, errDamaged
	}
	return queries, nil
}

// reader reads what a writer has written. What is damaged is thrown.
type reader struct {
	b        []byte
	types    []*check.Type
	segments []*check.Query
}

func (r *reader) need(ok bool) {
	if !ok {
		panic(errDamaged)
	}
}

func (r *reader) number() int {
	n, size := binary.Uvarint(r.b)
	r.need(size > 0 && n <= math.MaxInt32)
	r.b = r.b[size:]
	return int(n)
}

// count reads how many of something follow, each of which takes a byte at least.
func (r *reader) count() int {
	n := r.number()
	r.need(n <= len(r.b))
	return n
}

func (r *reader) signed() int64 {
	n, size := binary.Varint(r.b)
	r.need(size > 0)
	r.b = r.b[size:]
	return n
}

func (r *reader) byte() byte {
	r.need(len(r.b) > 0)
	b := r.b[0]
	r.b = r.b[1:]
	return b
}

func (r *reader) yes() bool {
	b := r.byte()
	r.need(b <= 1)
	return b == 1
}

func (r *reader) text() string {
	n := r.count()
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

func (r *reader) query() *check.Query {
	q := &check.Query{Slots: r.number()}
	q.Cond = r.needed()
	if q.Root = r.node(); q.Root == nil {
		q.Root = q.Cond
	}
	return q
}

func (r *reader) aType() *check.Type {
	kind := check.Kind(r.byte())
	if kind < check.List {
		return plainTypes[kind]
	}
	r.need(kind == check.List)
	n := r.number()
	if n < len(r.types) {
		return r.types[n]
	}
	r.need(n == len(r.types))
	r.types = append(r.types, nil)
	t := r.newType(check.Kind(r.byte()))
	r.types[n] = t
	return t
}

var plainTypes = [check.List]*check.Type{
	check.Any: check.AnyType, check.Bool: check.BoolType, check.Int: check.IntType, check.Float: check.FloatType,
	check.String: check.StringType, check.Timestamp: check.TimestampType, check.Interval: check.IntervalType,
}

func (r *reader) newType(kind check.Kind) *check.Type {
	switch kind {
	case check.List:
		return check.ListOf(r.someType())
	case check.Map:
		return check.MapOf(r.someType())
	}
	r.need(kind == check.Object)
	fields := make([]*check.Field, r.count())
	for i := range fields {
		fields[i] = &check.Field{Name: r.text(), Type: r.someType()}
	}
	return check.ObjectOf(fields...)
}

// someType is a type that is not the one it is in.
func (r *reader) someType() *check.Type {
	t := r.aType()
	r.need(t != nil)
	return t
}

func (r *reader) field(x check.Node) *check.Field {
	r.need(x != nil)
	t, i := fieldsOf(x.Type()), r.number()
	r.need(i < len(t.Fields))
	return t.Fields[i]
}

func (r *reader) nodes() []check.Node {
	all := make([]check.Node, r.count())
	for i := range all {
		all[i] = r.needed()
	}
	return all
}

// needed reads a node that may not be left out.
func (r *reader) needed() check.Node {
	n := r.node()
	r.need(n != nil)
	return n
}

// node reads a node, nil for one that was left out.
func (r *reader) node() check.Node {
	kind := r.byte()
	if kind == noNode {
		return nil
	}
	info := check.Info{T: r.someType()}
	switch kind {
	case constNode:
		return &check.Const{Info: info, V: r.value()}
	case slotNode:
		return &check.Slot{Info: info, N: r.number(), Name: r.text()}
	case memberNode:
		n := &check.Member{Info: info, X: r.needed()}
		n.F = r.field(n.X)
		return n
	case gatherNode:
		n := &check.Gather{Info: info, X: r.needed()}
		n.F = r.field(n.X)
		return n
	case callNode:
		return &check.Call{Info: info, Op: check.Op(r.byte()), Fold: r.yes(), Args: r.nodes()}
	case listNode:
		return &check.MakeList{Info: info, Items: r.nodes()}
	case objectNode:
		return &check.MakeObject{Info: info, Items: r.nodes()}
	}
	return r.binding(kind, info)
}

func (r *reader) binding(kind byte, info check.Info) check.Node {
	switch kind {
	case letNode:
		return &check.Let{Info: info, Slot: r.number(), Value: r.needed(), Body: r.needed()}
	case iterateNode:
		return &check.Iterate{Info: info, Op: r.fold(), Slot: r.number(), KeySlot: r.number(), X: r.needed(), Body: r.needed(), N: r.node()}
	case comprehendNode:
		n := &check.Comprehend{Info: info, Op: r.fold(), Decls: make([]check.Decl, r.count())}
		for i := range n.Decls {
			n.Decls[i] = check.Decl{Slot: r.number(), Name: r.text(), From: r.needed(), Where: r.node()}
		}
		n.Yield = r.node()
		return n
	case chainNode:
		n := &check.Chain{Info: info, X: r.needed(), Slot: r.number(), Order: r.needed(), Steps: make([]check.Step, r.count())}
		for i := range n.Steps {
			n.Steps[i] = check.Step{Label: r.text(), Cond: r.needed(), Count: r.signed()}
		}
		return n
	case occursNode:
		return &check.Occurs{Info: info, X: r.needed(), Window: r.window()}
	case calendarNode:
		return &check.Calendar{Info: info, Offset: int(r.signed()), Unit: ast.Unit(r.byte())}
	}
	r.need(kind == segmentNode)
	return &check.Segment{Info: info, ID: r.text(), Query: r.segment()}
}

func (r *reader) fold() check.Fold {
	f := check.Fold(r.byte())
	r.need(int(f) <= len(check.Folds()))
	return f
}

func (r *reader) window() check.Window {
	return check.Window{Op: r.text(), N: r.signed(), Unit: ast.Unit(r.byte()), Dir: r.text(), Ref: r.node(), To: r.node()}
}

func (r *reader) segment() *check.Query {
	n := r.number()
	if n > 0 {
		r.need(n <= len(r.segments))
		return r.segments[n-1]
	}
	q := r.query()
	r.segments = append(r.segments, q)
	return q
}

func (r *reader) value() any {
	switch r.byte() {
	case nullValue:
		return nil
	case falseValue:
		return false
	case trueValue:
		return true
	case intValue:
		return r.signed()
	case floatValue:
		r.need(len(r.b) >= 8)
		v := math.Float64frombits(binary.LittleEndian.Uint64(r.b))
		r.b = r.b[8:]
		return v
	case textValue:
		return r.text()
	case listValue:
		list := make([]any, r.count())
		for i := range list {
			list[i] = r.value()
		}
		return list
	}
	panic(errDamaged)
}
