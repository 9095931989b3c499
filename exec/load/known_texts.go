package load

import (
	"context"

	"github.com/segq/segq/exec/column"
)

// knownTexts is what is known of the texts of a column from the parts that were read before:
// most of what a part has, those before had as well, so that its dictionary need not be sorted
// again, and tests of texts have their answers already.
type knownTexts struct {
	table *textTable
	ranks []uint32     // by code of the table
	dict  *column.Dict // of all texts of the table
	last  int          // how many texts the dictionaries of the last part had
	grew  bool         // some of which were new
	plain bool         // some texts were in no dictionary
}

// known returns what is known of the texts of a column, nil where nothing is to be remembered.
func (d *direct) known() *knownTexts {
	p := d.pool
	if p.rooms == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	k := p.known[d.name]
	if k == nil {
		k = &knownTexts{table: newTextTable()}
		p.known[d.name] = k
	}
	return k
}

// byKnown makes a column by a dictionary that has the texts of parts before as well, unless
// these were mostly others.
func (d *direct) byKnown(ctx context.Context, k *knownTexts) (column.Column, error) {
	if k.grew && k.table.len() > 2*k.last+fewDiffer {
		k.table, k.ranks = newTextTable(), nil
	}
	w := &codeWriter{d: d, tables: make([][]uint32, len(d.leaves))}
	k.last = 0
	for g := range d.leaves {
		var err error
		if w.tables[g], err = d.dictionary(ctx, g, k.table); err != nil {
			return nil, err
		}
		k.last += len(w.tables[g])
	}
	if k.grew = k.dict == nil || k.table.len() != len(k.ranks); k.grew {
		k.sort()
	}
	for _, codes := range w.tables {
		for i, code := range codes {
			codes[i] = k.ranks[code]
		}
	}
	if err := d.grow(int64(d.slots()) * codeBytes(len(k.ranks))); err != nil {
		return nil, err
	}
	c := &column.Strings{Dict: k.dict}
	var err error
	if c.Codes, err = w.write(ctx, len(k.ranks)); err != nil {
		return nil, err
	}
	c.Valid = d.validity()
	return c, nil
}

// sort makes a dictionary of the texts of the table.
func (k *knownTexts) sort() {
	order, ranks := mergeTables([]*textTable{k.table})
	k.ranks = ranks[0]
	k.dict = &column.Dict{Bytes: make([]byte, 0, len(k.table.bytes)), Offsets: make([]uint32, 1, len(order)+1)}
	for _, code := range order {
		k.dict.Bytes = append(k.dict.Bytes, k.table.at(code)...)
		k.dict.Offsets = append(k.dict.Offsets, uint32(len(k.dict.Bytes)))
	}
}

// size is about what is remembered, in bytes.
func (k *knownTexts) size() int64 {
	bytes := k.table.size() + 4*int64(cap(k.ranks))
	if k.dict != nil {
		bytes += int64(len(k.dict.Bytes)) + 4*int64(len(k.dict.Offsets))
	}
	return bytes
}
