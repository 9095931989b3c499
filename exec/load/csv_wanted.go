package load

import "strings"

// typeOf returns what is said of the column at a path: by [Options.Types], whose paths are names with
// dots between, in backquotes where they have a dot or such themselves, or by the schema; said tells
// which of them.
func (o *Options) typeOf(path []string) (name string, said bool) {
	if len(o.Types) > 0 {
		steps := make([]string, len(path))
		for i, name := range path {
			steps[i] = quotedName(name)
		}
		if t := o.Types[strings.Join(steps, ".")]; t != "" {
			return t, true
		}
	}
	if o.Schema == nil {
		return "", false
	}
	t := o.Schema
	for _, name := range path {
		f := t.Field(name)
		if f == nil {
			return "", false
		}
		t, _ = insideOf(f.Type)
	}
	return kindOf[t.Kind], false
}

// wantedNumber takes a cell that is no number by itself, where numbers are wanted: it
// may have zeros in front, a decimal comma or groups of three digits, else it is null.
func (f *cellFiller) wantedNumber(row int, b []byte) {
	cell := trimCell(b)
	b = withoutZeros(cell)
	if f.number(row, b) {
		return
	}
	k, either := f.wordKinds(b), !f.table.said && isGrouped(cell, ',')
	if k == cellComma || either {
		if either {
			place := f.sheet.rows[row]
			f.cells.either = append(f.cells.either, eitherComma{len(f.node.floats.values), int(place.line), int(place.row)})
		}
		if k == cellComma {
			f.cells.addComma(cell)
		}
		v, _ := parseComma(b) // wordKinds has tried
		f.node.floats.add(uint32(row), v)
		f.cells.digits = append(f.cells.digits, asWritten)
		return
	}
	if f.groupedNumber(row, cell) {
		return
	}
	f.misfit(row, k)
}

// misfit counts a cell that is not what is wanted. What spells null is null.
func (f *cellFiller) misfit(row int, k cellKinds) {
	found := "a text"
	switch {
	case k&cellNull != 0:
		return
	case k&cellNumber != 0, k&cellComma != 0:
		found = "a number"
	case k&cellTime != 0:
		found = "a timestamp"
	case k&cellBool != 0:
		found = "a boolean"
	}
	place := f.sheet.rows[row]
	f.node.misfit(found, int(place.line), int(place.row))
}

// wanted reads the cells as booleans or timestamps, which a user wants them to be.
// Whole numbers are the milliseconds of timestamps. As a map or an object
// no cell can be read.
func (f *cellFiller) wanted(want string) {
	f.begin(cellAny)
	n := f.node
	n.bools, n.times = lane[bool]{}, lane[int64]{}
	f.each(func(row int, c cell) bool {
		b := f.text(c, row)
		k := f.wordKinds(b)
		if _, number := parseFloat(b); number {
			k = cellNumber
		}
		switch want {
		case "boolean":
			if v, ok := boolText(b); ok {
				n.bools.add(uint32(row), v)
				return true
			}
		case "timestamp":
			if ms, ok := parseTimestamp(trimCell(b)); ok {
				n.times.add(uint32(row), ms)
				return true
			}
			if ms, ok := parseWhole(b); ok {
				if f.hint.said {
					n.times.add(uint32(row), ms)
				} else {
					n.ints.add(uint32(row), ms) // which is to be noted
				}
				return true
			}
			if ms, ok := parseDotted(trimCell(b)); ok {
				n.times.add(uint32(row), ms)
				return true
			}
			if hasSlashes(trimCell(b)) {
				place := f.sheet.rows[row]
				n.misfit("a date with slashes, of which the day or the month may be first (export dates as 2025-04-17)", int(place.line), int(place.row))
				return true
			}
		}
		f.misfit(row, k)
		return true
	})
}

// isTrue tells the booleans apart.
func isTrue(b []byte) bool {
	b = trimCell(b)
	return b[0]|0x20 == 't'
}

// seenWanted returns the kind of a column that is wanted to be something.
func seenWanted(want string) kinds {
	switch want {
	case "text":
		return kindText
	case "number":
		return kindInt
	case "boolean":
		return kindBool
	case "timestamp":
		return kindInstant
	}
	return 0
}
