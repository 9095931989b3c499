package load

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// csv reads comma- or tab-separated text whose first line names the columns. A
// dot in a name makes a field of a nested object. An empty cell is null.
//
// All cells are text at first; what a column is follows from all its cells: a
// number, true or false, a timestamp, else text. So no cell can contradict.
func (l *loader) csv(ctx context.Context, r io.Reader, comma rune) error {
	in := csv.NewReader(r)
	in.Comma = comma
	in.FieldsPerRecord = -1
	in.ReuseRecord = true
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return err
	}
	t := &table{loader: l, header: append([]string(nil), header...)}
	if err := t.begin(); err != nil {
		return err
	}
	for {
		if t.at.rows%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		before := in.InputOffset()
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err := t.row(in, record, err); err != nil {
			return err
		}
		if err := t.scale.addText(int(in.InputOffset() - before)); err != nil {
			return err
		}
		if t.at.rows == chunkRows {
			if err := t.begin(); err != nil {
				return err
			}
		}
	}
	return l.takeTyped(t.settle())
}

// table gathers the chunks of a CSV file until the kinds of its columns are known.
type table struct {
	loader *loader
	header []string
	chunks []*chunk
	leaves [][]*node // by chunk, along the header
	at     *chunk    // the last chunk
	scale  *scale    // charges for it
	paths  [][]*node // the objects on the way to each leaf of at
}

// begin starts a chunk.
func (t *table) begin() error {
	t.at = &chunk{root: newRoot(nil)}
	t.scale = t.loader.scale(t.at)
	t.at.root.seen = kindObject
	t.chunks = append(t.chunks, t.at)
	leaves := make([]*node, len(t.header))
	t.paths = make([][]*node, len(t.header))
	for i, name := range t.header {
		n := t.at.root
		for _, part := range strings.Split(name, ".") {
			if part == "" {
				return fmt.Errorf("line 1: column %d has no name, or an empty part in %q", i+1, name)
			}
			if n != t.at.root {
				n.seen = kindObject
				t.paths[i] = append(t.paths[i], n)
			}
			n = n.child(part)
		}
		if n.stamp != 0 {
			return fmt.Errorf("line 1: two columns are called %q", name)
		}
		n.stamp = 1
		leaves[i] = n
	}
	for i, n := range leaves {
		if len(n.children) > 0 {
			return fmt.Errorf("line 1: %q is a column, and the columns below it make it an object", t.header[i])
		}
	}
	t.leaves = append(t.leaves, leaves)
	return nil
}

// row adds a record, or rejects it. An error is of the file.
func (t *table) row(in *csv.Reader, record []string, err error) error {
	t.at.read++
	var malformed *csv.ParseError
	if errors.As(err, &malformed) {
		t.loader.reject(t.at, malformed.Line, fmt.Sprintf("column %d: %v", malformed.Column, malformed.Err))
		return nil
	}
	if err != nil {
		return err
	}
	line, _ := in.FieldPos(0)
	if len(record) != len(t.header) {
		t.loader.reject(t.at, line, fmt.Sprintf("expected %d cells as in the first line, found %d", len(t.header), len(record)))
		return nil
	}
	for i, cell := range record {
		if !utf8.ValidString(cell) {
			t.loader.reject(t.at, line, fmt.Sprintf("%s: expected UTF-8, found %s", t.header[i], quoted([]byte(cell))))
			return nil
		}
	}
	slot := uint32(t.at.rows)
	for i, cell := range record {
		if cell == "" {
			continue
		}
		t.leaves[len(t.leaves)-1][i].addText(slot, []byte(cell))
		for _, o := range t.paths[i] {
			if k := len(o.present.slots); k == 0 || o.present.slots[k-1] != slot {
				o.present.add(slot, 0)
			}
		}
	}
	t.at.rows++
	return nil
}

// settle decides what each column is, and rewrites its cells.
func (t *table) settle() []*chunk {
	for i := range t.header {
		kind := kindBool | kindInt | kindFloat
		for _, leaves := range t.leaves {
			kind &= cellKinds(leaves[i])
		}
		for _, leaves := range t.leaves {
			leaves[i].rewrite(kind)
		}
	}
	return t.chunks
}

// cellKinds gives what all the cells of n can be read as, besides text.
func cellKinds(n *node) kinds {
	all := kindBool | kindInt | kindFloat
	if n.dict == nil {
		return all
	}
	for code := range n.dict.len() {
		s := string(n.dict.at(uint32(code)))
		can := kinds(0)
		if s == "true" || s == "false" {
			can = kindBool
		} else if decimalText(s) {
			can = kindFloat
			if _, err := strconv.ParseInt(s, 10, 64); err == nil {
				can |= kindInt
			}
		}
		if all &= can; all == 0 {
			break
		}
	}
	return all
}

// decimalText says whether s is a number as JSON writes it: a code such as 007
// or an 0x1F stays text.
func decimalText(s string) bool {
	w := &walker{buf: []byte(s)}
	if s == "" || !number(s[0]) {
		return false
	}
	if _, err := w.number(); err != nil || w.pos < len(s) {
		return false
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// rewrite moves the texts of n to the lane of the narrowest of the kinds.
func (n *node) rewrite(k kinds) {
	if n.dict == nil {
		return
	}
	for i, slot := range n.texts.slots {
		s := string(n.dict.at(n.texts.values[i]))
		switch {
		case k&kindBool != 0:
			n.bools.add(slot, s == "true")
			n.seen |= kindBool
		case k&kindInt != 0:
			v, _ := strconv.ParseInt(s, 10, 64) // decided by cellKinds
			n.ints.add(slot, v)
			n.seen |= kindInt
		case k&kindFloat != 0:
			v, _ := strconv.ParseFloat(s, 64)
			n.floats.add(slot, v)
			n.seen |= kindFloat
		default:
			n.noteTexts()
			return
		}
	}
	n.texts.cut(0)
	n.dict = nil
}
