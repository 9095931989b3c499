package load

import (
	"context"
	"errors"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load/parquet"
)

// errPlain says that texts are not all in the dictionaries of their row groups, or not worth
// to be there.
var errPlain = errors.New("some texts are in no dictionary")

// texts reads texts: row by row if most of them differ; else by the dictionaries of the row
// groups if all values are in these, and by a dictionary of our own if not.
func (d *direct) texts(ctx context.Context) (column.Column, error) {
	switch key := d.leaves[0].key; {
	case d.brief && !key:
		return d.textsAsWritten(ctx)
	case d.brief: // keys always are in a dictionary
		if c, err := d.knownKeys(ctx); !errors.Is(err, errPlain) {
			return c, err
		}
	}
	if differ, err := d.mostDiffer(ctx); err != nil {
		return nil, err
	} else if differ {
		return d.byRow(ctx)
	}
	c, err := d.byDictionary(ctx, d.dictionary, nil)
	if !errors.Is(err, errPlain) {
		return c, err
	}
	codes := make([][]uint32, len(d.leaves))
	return d.byDictionary(ctx, func(ctx context.Context, g int, t *textTable) ([]uint32, error) {
		var err error
		codes[g], err = d.ownCodes(ctx, g, t)
		return nil, err
	}, codes)
}

// textsAsWritten reads texts for one answer, so that whatever is done to them once is too
// often: by dictionaries where the file has them, and row by row where it has none, or some
// with about as many texts as there are rows.
func (d *direct) textsAsWritten(ctx context.Context) (c column.Column, err error) {
	if slices.ContainsFunc(d.leaves, func(f *leafPlan) bool { return f.chunk.Values > 0 && !f.chunk.Dictionary() }) {
		return d.byRow(ctx)
	}
	known := d.known()
	switch {
	case known == nil:
		c, err = d.byDictionary(ctx, d.dictionary, nil)
	case known.plain:
		return d.byRow(ctx)
	default:
		c, err = d.byKnown(ctx, known)
	}
	if errors.Is(err, errPlain) {
		if known != nil {
			known.plain = true // as is likely in the next part
		}
		return d.byRow(ctx)
	}
	return c, err
}

// knownKeys reads the keys of maps by a dictionary that has those of parts before as well. It fails with
// errPlain where nothing is to be remembered, or not all keys are in the dictionaries of the file.
func (d *direct) knownKeys(ctx context.Context) (column.Column, error) {
	known := d.known()
	if known == nil || known.plain {
		return nil, errPlain
	}
	c, err := d.byKnown(ctx, known)
	known.plain = errors.Is(err, errPlain)
	return c, err
}

// fewDiffer is how many texts a dictionary of one answer may have, whatever the rows.
const fewDiffer = 4096

// textSet has the strings of a dictionary one after another.
type textSet struct {
	bytes []byte
	ends  []uint32
}

func (s *textSet) len() int { return len(s.ends) }

// dictionary adds the dictionary of a row group to a table, and returns the codes of its
// texts there.
func (d *direct) dictionary(_ context.Context, g int, t *textTable) ([]uint32, error) {
	chunk, err := d.open(g)
	if err != nil {
		return nil, err
	}
	defer d.pool.leave(chunk)
	texts := d.pool.texts()
	defer func() { d.pool.leaveTexts(texts) }()
	texts.bytes, texts.ends, err = chunk.DictionaryTexts(texts.bytes, texts.ends)
	if err != nil {
		return nil, err
	}
	if texts.len() == 0 {
		if d.leaves[g].chunk.Values > 0 {
			return nil, errPlain
		}
		return nil, nil
	}
	if d.brief && texts.len() > fewDiffer && int64(2*texts.len()) > d.leaves[g].chunk.Values {
		return nil, errPlain
	}
	codes := make([]uint32, texts.len())
	return codes, d.charged(t, 4*int64(len(codes)), func() error { return addTexts(t, codes, texts) })
}

// addTexts adds texts to a table, and sets their codes. It ends where one is no text, or
// where there are too many.
func addTexts(t *textTable, codes []uint32, texts textSet) error {
	from, known := uint32(0), isASCII(texts.bytes)
	for i, end := range texts.ends {
		s := texts.bytes[from:end]
		from = end
		code, found, at, w := t.find(s)
		if !found {
			if len(s) > math.MaxUint32-len(t.bytes) || !known && !utf8.Valid(s) {
				return errOtherwise
			}
			code = t.insert(s, at, w)
		}
		codes[i] = code
	}
	return nil
}

// charged calls f, which adds to a table, and charges for what it has grown by, and for
// more.
func (d *direct) charged(t *textTable, more int64, f func() error) error {
	before := t.size()
	if err := f(); err != nil {
		return err
	}
	return d.grow(more + t.size() - before)
}

// byDictionary makes a column by one dictionary. add adds the texts of a row group to a
// table, of which there is one for each thread. Either it returns the codes there of the
// dictionary of the row group, or own has those of the values.
func (d *direct) byDictionary(ctx context.Context, add func(context.Context, int, *textTable) ([]uint32, error), own [][]uint32) (column.Column, error) {
	n := len(d.leaves)
	tables := make([]*textTable, min(n, cap(d.pool.idle)))
	for k := range tables {
		tables[k] = d.pool.table()
	}
	defer d.pool.leaveTables(tables)
	codes, part := make([][]uint32, n), make([]int, n)
	err := d.pool.each(ctx, len(tables), func(ctx context.Context, k int) (err error) {
		for g := n * k / len(tables); g < n*(k+1)/len(tables) && err == nil; g++ {
			part[g] = k
			if err = ctx.Err(); err == nil {
				codes[g], err = add(ctx, g, tables[k])
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, t := range tables[1:] {
		if len(t.bytes) > math.MaxUint32-len(tables[0].bytes) { // if no text is in both
			return nil, errOtherwise
		}
	}
	order, ranks := mergeTables(tables)
	w := &codeWriter{d: d, own: own, tables: make([][]uint32, n)}
	for g := range w.tables {
		w.tables[g] = ranks[part[g]]
		if own == nil {
			w.tables[g] = codes[g]
			for i, code := range codes[g] {
				codes[g][i] = ranks[part[g]][code]
			}
		}
	}
	if err := d.grow(28*int64(len(order)) + int64(d.slots())*codeBytes(len(order))); err != nil {
		return nil, err
	}
	c := &column.Strings{}
	if c.Codes, err = w.write(ctx, len(order)); err != nil {
		return nil, err
	}
	c.Valid = d.validity()
	finishTexts(c, tables[0], order)
	return c, nil
}

// codeWriter writes the codes of texts, which are ranks.
type codeWriter struct {
	d      *direct
	tables [][]uint32 // by row group: the ranks of the texts of its dictionary, or of own codes
	own    [][]uint32 // by row group: codes of the values, if there are any
}

// write makes codes for so many texts.
func (w *codeWriter) write(ctx context.Context, texts int) (c column.Codes, err error) {
	d, n := w.d, w.d.slots()
	switch codeBytes(texts) {
	case 1:
		c.U8 = roomToFill[uint8](d.pool, n)
		err = writeCodes(ctx, w, c.U8)
	case 2:
		c.U16 = roomToFill[uint16](d.pool, n)
		err = writeCodes(ctx, w, c.U16)
	default:
		c.U32 = roomToFill[uint32](d.pool, n)
		err = writeCodes(ctx, w, c.U32)
	}
	return c, err
}

func writeCodes[T uint8 | uint16 | uint32](ctx context.Context, w *codeWriter, out []T) error {
	d := w.d
	return d.each(ctx, func(ctx context.Context, g int) error {
		to, table := out[d.bases[g]:d.bases[g+1]], make([]T, len(w.tables[g]))
		for i, rank := range w.tables[g] {
			table[i] = T(rank)
		}
		if w.own != nil {
			at := span{slots: len(to), n: len(w.own[g]), valid: d.valid[g]}
			for i, code := range w.own[g] {
				to[at.slots-at.n+i] = table[code]
			}
			if at.valid != nil {
				toSlots(to, at)
			}
			return nil
		}
		return d.pages(ctx, g, func(page *parquet.Encoded, at span) error {
			slots := to[at.from : at.from+at.slots]
			if at.n == 0 {
				clear(slots)
				return nil
			}
			if !page.Indexed() {
				return errPlain
			}
			err := parquet.Gather(page, slots[at.slots-at.n:], table)
			if err == nil && at.valid != nil {
				toSlots(slots, at)
			}
			return err
		})
	})
}

// finishTexts gives a column its dictionary, which has the strings that are used.
func finishTexts(c *column.Strings, t *textTable, order []uint32) {
	used, all := usedCodes(c, len(order))
	dict := &column.Dict{Bytes: make([]byte, 0, len(t.bytes)), Offsets: make([]uint32, 1, len(order)+1)}
	recode := make([]uint32, len(order))
	for rank, code := range order {
		recode[rank] = uint32(dict.Len())
		if all || used[rank] {
			dict.Bytes = append(dict.Bytes, t.at(code)...)
			dict.Offsets = append(dict.Offsets, uint32(len(dict.Bytes)))
		}
	}
	c.Dict = dict
	if all {
		return
	}
	old := c.Codes
	c.Codes = column.NewCodes(old.Len(), dict.Len())
	for i := range old.Len() {
		if !c.Null(i) {
			c.Codes.Set(i, recode[old.At(i)])
		}
	}
}

// usedCodes says which of n codes some value has, or that all are used, for which few
// values have to be looked at as a rule.
func usedCodes(c *column.Strings, n int) (used []bool, all bool) {
	switch {
	case c.Codes.U8 != nil:
		return usedOf(c.Codes.U8, c.Valid, n)
	case c.Codes.U16 != nil:
		return usedOf(c.Codes.U16, c.Valid, n)
	}
	return usedOf(c.Codes.U32, c.Valid, n)
}

func usedOf[T uint8 | uint16 | uint32](codes []T, valid column.Bitmap, n int) (used []bool, all bool) {
	used = make([]bool, n)
	left := n
	if n == 0 {
		return used, true
	}
	for i, code := range codes {
		if !used[code] && valid.Valid(i) {
			used[code] = true
			left--
		}
		if left == 0 {
			return used, true
		}
	}
	return used, left == 0
}

// errEnough says that a sample is there.
var errEnough = errors.New("enough")

// mostDiffer says whether most of the texts differ, and are many.
func (d *direct) mostDiffer(ctx context.Context) (bool, error) {
	if d.slots() < leastTexts || d.leaves[0].key {
		return false, nil
	}
	s := newTextSample()
	for g := range d.leaves {
		err := d.decoded(ctx, g, func(page *parquet.Page, at placed) error {
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

// ownCodes adds the texts of a row group to a table, and returns the codes of the values.
func (d *direct) ownCodes(ctx context.Context, g int, t *textTable) (codes []uint32, err error) {
	texts := d.pool.texts()
	defer func() { d.pool.leaveTexts(texts) }()
	codes = make([]uint32, 0, roomOf(d.leaves[g].chunk.Values))
	var known []uint32 // the codes of the dictionary of the file, if it has one
	err = d.pages(ctx, g, func(page *parquet.Encoded, at span) (err error) {
		if at.n == 0 {
			return nil
		}
		from := len(codes)
		codes = slices.Grow(codes, at.n)[:from+at.n]
		if page.Indexed() {
			if known == nil {
				texts.bytes, texts.ends, err = page.AppendDictionary(texts.bytes[:0], texts.ends[:0])
				known = make([]uint32, texts.len())
				if err == nil {
					err = d.charged(t, 0, func() error { return addTexts(t, known, texts) })
				}
			}
			if err == nil {
				err = parquet.Gather(page, codes[from:], known)
			}
			return errors.Join(err, d.grow(4*int64(at.n)))
		}
		foreseen, err := page.TextSize(at.n)
		if err == nil && foreseen > math.MaxUint32 {
			err = errOtherwise
		}
		if err == nil {
			err = d.grow(int64(foreseen)) // before it is there
		}
		if err == nil {
			texts.bytes, texts.ends, err = page.AppendTexts(texts.bytes[:0], texts.ends[:0], at.n)
		}
		if err != nil {
			return err
		}
		return d.charged(t, int64(4*at.n-foreseen), func() error { return addTexts(t, codes[from:], texts) })
	})
	return codes, err
}
