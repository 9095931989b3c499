package lookup

import (
	"context"
	"weak"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// matches are the rows of the texts of a dictionary, by code: [none] where there is none. Keys have the same
// dictionary for every field of a lookup, so that they are found once.
type matches struct {
	dict weak.Pointer[column.Dict] // which is given up with its column
	rows []uint32
}

func (m *matches) bytes() int64 {
	if m == nil {
		return 0
	}
	return 4 * int64(len(m.rows))
}

// spread is Rows for a column of keys with nulls, and keys that are there often: its rows are those of the
// column. ok is false where that has to be done by distinct keys. What was found of the dictionary of keys
// before is in known; what is by now is returned.
func (r *Resident) spread(ctx context.Context, keys column.Column, fields []string, known *matches) (rows *column.Struct, found *matches, ok bool, err error) {
	if c, is := keys.(*column.Strings); !is && keysOf(keys) == nil || is && c.Dict.Len() == 0 || !sameKeys(keys, r.key.Type) {
		return nil, known, false, nil
	}
	if err := r.Read(ctx); err != nil {
		return nil, known, true, err
	}
	columns, err := r.named(ctx, fields)
	if err != nil {
		return nil, known, true, err
	}
	at, found, err := r.places(ctx, keys, known)
	if err != nil {
		return nil, known, true, err
	}
	g := &gathering{ctx: ctx, at: at, threads: r.threads}
	made, err := g.column(&column.Struct{Fields: columns, N: max(r.Len(), 1)})
	rows, _ = made.(*column.Struct)
	return rows, found, true, err
}

// sameKeys says whether the keys in a column are of a type, so that equal ones have equal bits.
func sameKeys(c column.Column, t *check.Type) bool {
	switch c.(type) {
	case *column.Strings, *column.Texts:
		return t.Kind == check.String
	case *column.Ints:
		return t.Kind == check.Int
	case *column.Floats:
		return t.Kind == check.Float
	case *column.Timestamps:
		return t.Kind == check.Timestamp
	case *column.Bools:
		return t.Kind == check.Bool
	}
	return false
}

// places returns the rows of the keys in a column, [none] where there is none.
func (r *Resident) places(ctx context.Context, c column.Column, known *matches) (at []uint32, found *matches, err error) {
	texts, ok := c.(*column.Strings)
	if !ok {
		at, err = r.find(ctx, c)
		return at, known, err
	}
	if known == nil || known.dict != weak.Make(texts.Dict) {
		if texts.Dict.Len() > texts.Len() {
			at, err = r.findUsed(ctx, texts)
			return at, known, err
		}
		rows, err := r.find(ctx, &column.Texts{Offsets: texts.Dict.Offsets, Bytes: texts.Dict.Bytes})
		if err != nil {
			return nil, nil, err
		}
		known = &matches{weak.Make(texts.Dict), rows}
	}
	g := &gathering{ctx: ctx, at: make([]uint32, texts.Len()), threads: r.threads}
	return g.at, known, g.each(func(start, end int) {
		switch {
		case texts.Codes.U8 != nil:
			decode(g.at, texts.Codes.U8, texts.Valid, known.rows, start, end)
		case texts.Codes.U16 != nil:
			decode(g.at, texts.Codes.U16, texts.Valid, known.rows, start, end)
		default:
			decode(g.at, texts.Codes.U32, texts.Valid, known.rows, start, end)
		}
	})
}

// decode gives each row from start to end what its code has in rows.
func decode[T uint8 | uint16 | uint32](to []uint32, codes []T, valid column.Bitmap, rows []uint32, start, end int) {
	for i := start; i < end; i++ {
		if to[i] = none; valid.Valid(i) {
			to[i] = rows[codes[i]]
		}
	}
}

// findUsed is places for a column that may use few texts of its dictionary.
func (r *Resident) findUsed(ctx context.Context, c *column.Strings) ([]uint32, error) {
	d := &distinct{at: make([]uint32, c.Len())}
	if err := d.ofCodes(ctx, c); err != nil || d.keys == nil {
		return d.at, err
	}
	rows, err := r.find(ctx, d.keys)
	if err != nil {
		return nil, err
	}
	for i, k := range d.at {
		if k != none {
			d.at[i] = rows[k]
		}
	}
	return d.at, nil
}

// find returns the rows of keys, each of which is looked for.
func (r *Resident) find(ctx context.Context, c column.Column) ([]uint32, error) {
	g := &gathering{ctx: ctx, at: make([]uint32, c.Len()), threads: r.threads}
	find := r.finder(c)
	texts, isTexts := c.(*column.Texts)
	return g.at, g.each(func(start, end int) {
		if isTexts && r.texts != nil {
			r.findTexts(g.at, texts, start, end)
			return
		}
		for i := start; i < end; i++ {
			if g.at[i] = none; !c.Null(i) && !isNaN(c, i) {
				g.at[i] = find(i)
			}
		}
	})
}

// finder returns what finds the row of a key in a column.
func (r *Resident) finder(c column.Column) func(i int) uint32 {
	keys := keysOf(c)
	return func(i int) uint32 {
		if r.keys == nil {
			return none
		}
		return r.found.find(keys.hash(i), func(k uint32) bool { return keys.equal(i, r.keys, int(k)) })
	}
}
