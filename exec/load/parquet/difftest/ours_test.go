package difftest_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/segq/segq/exec/load/parquet"
)

// ours is a file that our reader has open.
type ours struct {
	file   *parquet.File
	leaves []leaf
}

// leaf is a leaf of the schema with its highest levels.
type leaf struct {
	*parquet.Element
	path     string
	rep, def byte
}

func openOurs(data []byte) (*ours, error) {
	f, err := parquet.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	o := &ours{file: f}
	rest, err := o.add(f.Meta.Schema[1:], int(f.Meta.Schema[0].Children), leaf{})
	if err == nil && len(rest) > 0 {
		err = errors.New("the schema is not one tree")
	}
	return o, err
}

// add adds the leaves of so many elements below a group, and gives the elements
// that follow them.
func (o *ours) add(elements []parquet.Element, n int, parent leaf) (rest []parquet.Element, err error) {
	for range n {
		if len(elements) == 0 {
			return nil, errors.New("the schema is not one tree")
		}
		l := leaf{Element: &elements[0], path: parent.path + "." + elements[0].Name, rep: parent.rep, def: parent.def}
		switch l.Repetition {
		case parquet.Repeated:
			l.rep++
			l.def++
		case parquet.Optional:
			l.def++
		}
		elements = elements[1:]
		if l.Leaf {
			l.path = l.path[1:]
			o.leaves = append(o.leaves, l)
		} else if elements, err = o.add(elements, int(l.Children), l); err != nil {
			return nil, err
		}
	}
	return elements, nil
}

func (o *ours) groups() int            { return len(o.file.Meta.Groups) }
func (o *ours) columns() int           { return len(o.leaves) }
func (o *ours) name(column int) string { return o.leaves[column].path }

func (o *ours) read(group, i int) (*column, error) {
	l := o.leaves[i]
	columns, err := o.file.Meta.Column(i)
	if err != nil {
		return nil, err
	}
	if l := o.file.Meta.Leaves[i]; l.External || l.Encrypted {
		return nil, errors.New("the column is encrypted or in another file")
	}
	chunk, err := o.file.Chunk(&columns[group], l.Element, l.rep, l.def)
	if err != nil {
		return nil, err
	}
	defer chunk.Close()
	c := &column{}
	for {
		page, err := chunk.Next()
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil {
			return nil, err
		}
		if err := c.add(page, l); err != nil {
			return nil, err
		}
	}
}

// add adds a page.
func (c *column) add(page *parquet.Page, l leaf) error {
	present := page.Count
	if l.def > 0 {
		present = 0
		for _, d := range page.Defs {
			c.defs = append(c.defs, int16(d))
			if d == l.def {
				present++
			}
		}
	}
	if l.rep > 0 {
		for _, r := range page.Reps {
			c.reps = append(c.reps, int16(r))
		}
	}
	before := len(c.values)
	if page.Indexes == nil {
		c.values = append(c.values, physical(page.Values, l.Type)...)
	} else {
		dictionary := physical(page.Dictionary, l.Type)
		for _, k := range page.Indexes {
			c.values = append(c.values, dictionary[k])
		}
	}
	if n := len(c.values) - before; n != present || l.def > 0 && len(page.Defs) != page.Count || l.rep > 0 && len(page.Reps) != page.Count {
		return fmt.Errorf("internal: a page of %d has %d and %d levels, and %d values of %d", page.Count, len(page.Reps), len(page.Defs), n, present)
	}
	return nil
}

// physical returns values as a column has them.
func physical(v *parquet.Values, t parquet.Type) (out []string) {
	switch t {
	case parquet.Boolean:
		for _, b := range v.Bools {
			out = append(out, ofBool(b))
		}
	case parquet.Int32, parquet.Int64:
		for _, i := range v.Ints {
			out = append(out, ofInt(i))
		}
	case parquet.Float, parquet.Double:
		for _, f := range v.Floats {
			out = append(out, ofFloat(f))
		}
	default:
		for _, b := range v.Bytes {
			out = append(out, string(b))
		}
	}
	return out
}

func ofBool(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func ofInt(i int64) string { return string(binary.BigEndian.AppendUint64(nil, uint64(i))) }

func ofFloat(f float64) string { return ofInt(int64(math.Float64bits(f))) }
