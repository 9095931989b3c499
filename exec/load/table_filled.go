package load

// Filled returns the share of all rows that have a value of a field outside lists, by what the footers of the
// files say; not ok where they do not say it. It is what the files have: a value that is none in the type of
// the field counts.
func (t *Table) Filled(path []string) (share float64, ok bool) {
	b := t.top
	for _, name := range path {
		if b != nil {
			b = b.fields[name]
		}
	}
	if b == nil || b.unit == nil || b.differ || b.unit.doubtful || b.unit.cast || b.kinds&kindForms != 0 {
		return 0, false
	}
	rows, filled := int64(0), int64(0)
	for i, f := range t.files {
		rows += int64(f.rows)
		if k := b.unit.keys[i]; k != nil {
			if !k.null {
				filled += int64(f.rows)
			}
			continue
		}
		columns := b.unit.columns[i]
		if len(columns) == 0 {
			continue // a field that the file does not have is null
		}
		n, ok := f.filled(columns)
		if !ok {
			return 0, false
		}
		filled += n
	}
	if rows <= 0 || filled < 0 || filled > rows {
		return 0, false
	}
	return float64(filled) / float64(rows), true
}

// filled returns how many rows of a file have a value in the column of a field.
func (f *tableFile) filled(columns []int) (n int64, ok bool) {
	leaf := f.leaves[columns[0]]
	if len(columns) != 1 || leaf == nil || leaf.maxRep > 0 {
		return 0, false
	}
	chunks, err := f.file.Meta.Column(columns[0])
	if err != nil {
		return 0, false
	}
	for _, c := range chunks {
		if c.Nulls < 0 || c.Values < c.Nulls {
			return 0, false
		}
		n += c.Values - c.Nulls
	}
	return n, true
}
