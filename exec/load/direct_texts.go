package load

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load/parquet"
)

// errPlain says that texts are not all in the dictionaries of their row groups.
var errPlain = errors.New("some texts are in no dictionary")

// texts reads texts: row by row if most of them differ; else by the dictionaries of the row
// groups if all values are in these, and by a dictionary of our own if not.
func (d *direct) texts(ctx context.Context) (column.Column, error) {
	if differ, err := d.mostDiffer(ctx); err != nil {
		return nil, err
	} else if differ {
		return d.byRow(ctx)
	}
	sets, err := d.dictionaries(ctx)
	if err == nil {
		var c column.Column
		c, err = d.byDictionary(ctx, sets, func(ctx context.Context, g int, put putCodes) error {
			return d.pages(ctx, g, func(page *parquet.Page, at placed) error {
				if page.Indexes == nil && at.n > 0 {
					return errPlain
				}
				put(page.Indexes, at)
				return nil
			})
		})
		if err == nil {
			return c, nil
		}
	}
	if !errors.Is(err, errPlain) {
		return nil, err
	}
	return d.byOwnDictionary(ctx)
}

// textSet has the strings of a dictionary one after another.
type textSet struct {
	bytes []byte
	ends  []uint32
}

func (s *textSet) len() int { return len(s.ends) }

func (s *textSet) at(i uint32) []byte {
	from := uint32(0)
	if i > 0 {
		from = s.ends[i-1]
	}
	return s.bytes[from:s.ends[i]]
}

// dictionaries reads the dictionaries of the row groups.
func (d *direct) dictionaries(ctx context.Context) ([]*textSet, error) {
	sets := make([]*textSet, len(d.leaves))
	return sets, d.each(ctx, func(_ context.Context, g int) error {
		chunk, err := d.open(g)
		if err != nil {
			return err
		}
		defer d.pool.leave(chunk)
		values, err := chunk.ReadDictionary()
		if err != nil {
			return err
		}
		sets[g] = &textSet{}
		if values == nil {
			if d.file.Meta.Groups[g].Columns[d.leaves[g].element.column].Values > 0 {
				return errPlain
			}
			return nil
		}
		return d.copyTexts(sets[g], values.Bytes)
	})
}

// copyTexts copies the strings of a dictionary.
func (d *direct) copyTexts(s *textSet, values [][]byte) error {
	size := 0
	for _, b := range values {
		size += len(b)
	}
	if size > math.MaxUint32 {
		return errOtherwise
	}
	if err := d.grow(int64(size) + 4*int64(len(values))); err != nil {
		return err
	}
	s.bytes, s.ends = make([]byte, 0, size), make([]uint32, 0, len(values))
	for _, b := range values {
		if !utf8.Valid(b) {
			return errOtherwise // if it is used
		}
		s.bytes = append(s.bytes, b...)
		s.ends = append(s.ends, uint32(len(s.bytes)))
	}
	return nil
}

// putCodes writes the strings of a row group, by their place in its set.
type putCodes func(indexes []uint32, at placed)

// byDictionary merges the sets of the row groups into a dictionary, and reads the codes
// of each.
func (d *direct) byDictionary(ctx context.Context, sets []*textSet, read func(context.Context, int, putCodes) error) (column.Column, error) {
	m, err := d.merge(sets)
	if err != nil {
		return nil, err
	}
	c := &column.Strings{Codes: column.NewCodes(d.slots(), len(m.order))}
	if err := d.grow(int64(d.slots()) * codeBytes(len(m.order))); err != nil {
		return nil, err
	}
	used := make([][]bool, len(sets))
	err = d.each(ctx, func(ctx context.Context, g int) error {
		used[g] = make([]bool, len(m.ranks[g]))
		switch from, end := d.bases[g], d.bases[g+1]; {
		case c.Codes.U8 != nil:
			return read(ctx, g, putRanks(c.Codes.U8[from:end], m.ranks[g], used[g]))
		case c.Codes.U16 != nil:
			return read(ctx, g, putRanks(c.Codes.U16[from:end], m.ranks[g], used[g]))
		default:
			return read(ctx, g, putRanks(c.Codes.U32[from:end], m.ranks[g], used[g]))
		}
	})
	if err != nil {
		return nil, err
	}
	c.Valid = d.validity()
	return m.finish(c, used), nil
}

// putRanks writes the ranks of the strings of a row group to its slots, and notes which
// strings are used.
func putRanks[T uint8 | uint16 | uint32](to []T, ranks []uint32, used []bool) putCodes {
	narrow := make([]T, len(ranks))
	for i, rank := range ranks {
		narrow[i] = T(rank)
	}
	return func(indexes []uint32, at placed) {
		gather(to, narrow, indexes, at)
		for _, index := range indexes[:at.n] {
			used[index] = true
		}
	}
}

// merged is a dictionary of the sets of all row groups.
type merged struct {
	all   *dict
	order []uint32   // the codes of all, by rank
	ranks [][]uint32 // by row group, along its set
}

func (d *direct) merge(sets []*textSet) (*merged, error) {
	m := &merged{all: newDict(), ranks: make([][]uint32, len(sets))}
	size := 0
	for g, s := range sets {
		m.ranks[g] = make([]uint32, s.len())
		for i := range m.ranks[g] {
			m.ranks[g][i] = m.all.add(s.at(uint32(i)))
		}
		if size += len(s.bytes); size > math.MaxUint32 {
			return nil, errOtherwise
		}
	}
	if err := d.grow(m.all.size() + 24*int64(m.all.len())); err != nil {
		return nil, err
	}
	entries := make([]entry, m.all.len())
	for code := range entries {
		entries[code] = entry{prefix: prefix(m.all.at(uint32(code))), code: uint32(code)}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if c := cmp.Compare(a.prefix, b.prefix); c != 0 {
			return c
		}
		return slices.Compare(m.all.at(a.code), m.all.at(b.code))
	})
	ranks := make([]uint32, len(entries))
	m.order = make([]uint32, len(entries))
	for rank, e := range entries {
		ranks[e.code], m.order[rank] = uint32(rank), e.code
	}
	for _, codes := range m.ranks {
		for i, code := range codes {
			codes[i] = ranks[code]
		}
	}
	return m, nil
}

// finish returns a column its dictionary, which has the strings that are used.
func (m *merged) finish(c *column.Strings, used [][]bool) *column.Strings {
	some := make([]bool, len(m.order))
	for g, ranks := range m.ranks {
		for i, rank := range ranks {
			some[rank] = some[rank] || used[g][i]
		}
	}
	dict := &column.Dict{Bytes: make([]byte, 0, len(m.all.bytes)), Offsets: make([]uint32, 1, len(m.order)+1)}
	recode := make([]uint32, len(m.order))
	for rank, code := range m.order {
		recode[rank] = uint32(dict.Len())
		if some[rank] {
			dict.Bytes = append(dict.Bytes, m.all.at(code)...)
			dict.Offsets = append(dict.Offsets, uint32(len(dict.Bytes)))
		}
	}
	c.Dict = dict
	if dict.Len() < len(m.order) {
		old := c.Codes
		c.Codes = column.NewCodes(old.Len(), dict.Len())
		for i := range old.Len() {
			if !c.Null(i) {
				c.Codes.Set(i, recode[old.At(i)])
			}
		}
	}
	return c
}

// errEnough says that a sample is there.
var errEnough = errors.New("enough")

// mostDiffer says whether most of the texts differ, and are many.
func (d *direct) mostDiffer(ctx context.Context) (bool, error) {
	if d.slots() < leastTexts {
		return false, nil
	}
	s := newTextSample()
	for g := range d.leaves {
		err := d.pages(ctx, g, func(page *parquet.Page, at placed) error {
			for i := range at.n {
				if s.add(textOf(page, i)) {
					return errEnough
				}
			}
			return nil
		})
		if errors.Is(err, errEnough) {
			break
		}
		if err != nil {
			return false, err
		}
	}
	return s.mostDiffer(d.slots()), nil
}

// textOf returns a value of a page.
func textOf(page *parquet.Page, i int) []byte {
	if page.Indexes == nil {
		return page.Values.Bytes[i]
	}
	return page.Dictionary.Bytes[page.Indexes[i]]
}

// byOwnDictionary makes a dictionary of the texts of each row group, and merges these.
func (d *direct) byOwnDictionary(ctx context.Context) (column.Column, error) {
	sets, codes := make([]*textSet, len(d.leaves)), make([][]uint32, len(d.leaves))
	if err := d.grow(4 * int64(d.slots())); err != nil {
		return nil, err
	}
	err := d.each(ctx, func(ctx context.Context, g int) (err error) {
		sets[g], codes[g], err = d.ownDictionary(ctx, g)
		return err
	})
	if err != nil {
		return nil, err
	}
	return d.byDictionary(ctx, sets, func(_ context.Context, g int, put putCodes) error {
		at := placed{n: len(codes[g])}
		if b := d.valid[g]; b != nil {
			at.at = make([]uint32, 0, len(codes[g]))
			for slot := range d.bases[g+1] - d.bases[g] {
				if b.Get(slot) {
					at.at = append(at.at, uint32(slot))
				}
			}
		}
		put(codes[g], at)
		return nil
	})
}

// ownDictionary makes a dictionary of the texts of a row group.
func (d *direct) ownDictionary(ctx context.Context, g int) (*textSet, []uint32, error) {
	all, charged := newDict(), int64(0)
	var codes, known []uint32 // known: of the dictionary of the file, and one
	err := d.pages(ctx, g, func(page *parquet.Page, at placed) error {
		if page.Indexes != nil && known == nil {
			known = make([]uint32, len(page.Dictionary.Bytes))
		}
		foreseen := int64(0) // before it is there
		if page.Indexes == nil {
			foreseen = int64(textBytes(page, at.n))
		}
		if err := d.grow(foreseen); err != nil {
			return err
		}
		for i := range at.n {
			if page.Indexes == nil {
				codes = append(codes, all.add(page.Values.Bytes[i]))
				continue
			}
			code := &known[page.Indexes[i]]
			if *code == 0 {
				*code = all.add(textOf(page, i)) + 1
			}
			codes = append(codes, *code-1)
		}
		if len(all.bytes) > math.MaxUint32/2 {
			return errOtherwise
		}
		more := all.size() - charged
		charged += more
		return d.grow(more - foreseen)
	})
	for code := range all.len() {
		if err == nil && !utf8.Valid(all.at(uint32(code))) {
			err = errOtherwise
		}
	}
	return &textSet{all.bytes, all.ends}, codes, err
}
