package load

import (
	"math"

	"github.com/segq/segq/exec/load/avro"
)

// avroFill adds the rows of Avro blocks to a chunk.
type avroFill struct {
	*avro.Cursor
	chunk  *chunk
	scale  *scale
	row    int // in the chunk
	leaves []*typedLeaf
}

// avroReader reads a value into a slot of its node.
type avroReader func(slot uint32)

// reader returns what reads values of a field into a node.
func (f *avroFill) reader(field *avroField, n *node) avroReader {
	if field.skip {
		return func(uint32) { f.Skip(field.Schema) }
	}
	switch field.Kind {
	case avro.Null:
		return func(uint32) {}
	case avro.Record:
		return f.record(field, n)
	case avro.Array:
		return f.array(field, n)
	case avro.Map:
		return f.mapping(field, n)
	case avro.Union:
		return f.union(field, n)
	}
	leaf := newTypedLeaf(n)
	leaf.row = &f.row
	f.leaves = append(f.leaves, leaf)
	return f.scalar(field, leaf)
}

func (f *avroFill) record(field *avroField, n *node) avroReader {
	n = formOf(n, kindObject)
	fields := make([]avroReader, len(field.fields))
	for i, c := range field.fields {
		if c.skip {
			fields[i] = f.reader(c, nil)
			continue
		}
		fields[i] = f.reader(c, n.child(c.name))
	}
	return func(slot uint32) {
		if n.parent != nil {
			n.present.slots = append(n.present.slots, slot)
		}
		for _, read := range fields {
			read(slot)
		}
	}
}

func (f *avroFill) union(field *avroField, n *node) avroReader {
	branches := make([]avroReader, len(field.fields))
	for i, c := range field.fields {
		branches[i] = f.reader(c, n)
	}
	return func(slot uint32) {
		if i, of := f.Branch(field.Schema); of != nil {
			branches[i](slot)
		}
	}
}

func (f *avroFill) array(field *avroField, n *node) avroReader {
	n = formOf(n, kindList)
	item := f.reader(field.fields[0], n.element())
	return func(slot uint32) {
		f.items(field, n, item)
		n.present.put(slot, n.count)
	}
}

func (f *avroFill) mapping(field *avroField, n *node) avroReader {
	n = formOf(n, kindMap)
	key := newTypedLeaf(n.key())
	key.declare(kindString)
	f.leaves = append(f.leaves, key)
	value := f.reader(field.fields[0], n.element())
	return func(slot uint32) {
		f.items(field, n, func(at uint32) {
			if b := f.Bytes(); f.Err == nil {
				key.addText(at, key.textCode(b))
			}
			value(at)
		})
		n.present.put(slot, n.count)
	}
}

// items reads the values of an array or the entries of a map.
func (f *avroFill) items(field *avroField, n *node, read avroReader) {
	for {
		k := f.Items(field.Least)
		if k == 0 || f.Err != nil {
			return
		}
		if int64(n.count)+int64(k) > math.MaxUint32 {
			f.Err = errTooManyElements
			return
		}
		for range k {
			at := n.count
			n.count++
			if read(at); f.Err != nil {
				return
			}
			if err := f.scale.add(1); err != nil {
				f.Err = err
				return
			}
		}
	}
}
