package arrow

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// dictionary has the values of a dictionary, in parts: what was there first, and what was added
// to it. It is read when somebody needs it.
type dictionary struct {
	field  *Field // whose values they are
	file   *File
	before *dictionary // what it was added to; nil for nothing
	body   *body
	inner  map[int64]*dictionary // the dictionaries that its values may be in

	once  sync.Once
	parts []*Array
	err   error
}

// takeDictionary takes in a message with a dictionary, or with more of one.
func (f *File) takeDictionary(m *message) error {
	id, more := m.header.int64(0), m.header.bool(2)
	data, ok := m.header.table(1)
	if !ok {
		return damaged("the dictionary at byte %d has no values", m.from)
	}
	values, err := m.batch(data)
	if err != nil {
		return err
	}
	owner := f.owners[id]
	if owner == nil {
		return damaged("no field has the dictionary at byte %d, of number %d", m.from, id)
	}
	d := &dictionary{field: owner, file: f, body: values, inner: f.dictionaries}
	if more {
		d.before = f.dictionaries[id]
	}
	f.dictionaries = maps.Clone(f.dictionaries) // what batches have stays as it is
	f.dictionaries[id] = d
	return nil
}

// read returns the parts of a dictionary.
func (d *dictionary) read() ([]*Array, error) {
	d.once.Do(func() {
		if d.before != nil {
			var before []*Array
			if before, d.err = d.before.read(); d.err != nil {
				return
			}
			d.parts = slices.Clip(before)
		}
		values := *d.field
		values.Index = nil
		r := &reader{file: d.file, body: d.body, dictionaries: d.inner}
		a, err := r.column(&values, d.body.rows)
		d.file.hold(r.held) // as long as the file
		if err != nil {
			d.err = fmt.Errorf("the dictionary of %q: %w", d.field.Name, err)
			return
		}
		d.parts = append(d.parts, a)
	})
	return d.parts, d.err
}
