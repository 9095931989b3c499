package load

import (
	"github.com/segq/segq/exec/load/parquet"
	"github.com/segq/segq/lang/check"
)

// Parts divides the rows of a table of which nothing is to be kept: it returns tables of row
// groups one after another, in the order of the rows, of which the columns that are read hold
// about so many bytes at most, by what the footers say. It is nil where the whole table is
// no larger than two of them, or where what a field is depends on all of its values. The
// tables have the files of t, and are not to be closed.
func (t *Table) Parts(reads *check.Reads, most int64) (parts []*Table, err error) {
	for _, u := range t.units {
		if u.doubtful {
			return nil, nil
		}
	}
	sizes, all, err := t.sizesOf(reads)
	if err != nil || all <= 2*most {
		return nil, err
	}
	var held int64
	for i, f := range t.files {
		for g, group := range f.file.Meta.Groups {
			if held += sizes[i][g]; parts == nil || held > most {
				parts = append(parts, t.emptied())
				held = sizes[i][g]
			}
			own := parts[len(parts)-1].files[i]
			own.file.Meta.Groups = append(own.file.Meta.Groups, group)
			own.rows += int(group.Rows)
		}
	}
	for _, part := range parts {
		if err := part.outlined(); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// emptied returns a table of the same files without a row group.
func (t *Table) emptied() *Table {
	none := &Table{options: t.options, brief: true}
	for _, f := range t.files {
		own, meta, file := *f, *f.file.Meta, *f.file
		meta.Groups, own.rows = nil, 0
		file.Meta, own.file = &meta, &file
		none.files = append(none.files, &own)
	}
	return none
}

// sizesOf returns about what the columns that are read will hold: by file and row group, and all.
func (t *Table) sizesOf(reads *check.Reads) (sizes [][]int64, all int64, err error) {
	t.mu.Lock()
	need := t.needed(reads)
	t.mu.Unlock()
	sizes = make([][]int64, len(t.files))
	for i, f := range t.files {
		sizes[i] = make([]int64, len(f.file.Meta.Groups))
		for u := range need {
			for _, column := range u.columns[i] {
				chunks, err := f.file.Meta.Column(column)
				if err != nil {
					return nil, 0, err
				}
				for g := range chunks {
					n := f.leaves[column].sizeOf(&chunks[g])
					sizes[i][g], all = sizes[i][g]+n, all+n
				}
			}
		}
	}
	return sizes, all, nil
}

// sizeOf returns about what a column chunk will hold, and what is needed beside it, as far as
// the footer can be believed.
func (f *leafPlan) sizeOf(c *parquet.Column) int64 {
	const most = 1 << 40
	if c.Values < 0 || c.Unpacked < 0 || c.Values > most || c.Unpacked > most {
		return 0
	}
	held, meanwhile := f.foreseen(c)
	return held + meanwhile
}
