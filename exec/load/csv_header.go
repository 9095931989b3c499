package load

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// columnPaths returns where the values of each column go, from the cells of the
// header, without the blanks around them.
//
// A column without a name is called column and its number. A name that was
// there before gets the suffix _2, or the next number that is free. A dot makes a field of
// a nested object, unless the name would have an empty or blank part, or one at
// whose ends there are blanks, or is a number, or another column is the object:
// then the whole name is the field.
func columnPaths(header []string) (paths [][]string, renamed []string) {
	names := make([]string, len(header))
	taken := make(map[string]bool, len(header))
	for i, name := range header {
		names[i] = strings.TrimSpace(name)
		taken[names[i]] = true
	}
	seen := make(map[string]bool, len(header))
	last := map[string]int{} // the number that the name got last
	for i, name := range names {
		base := name
		if name == "" {
			base = "column" + strconv.Itoa(i+1)
			name = base
		}
		for seen[name] || name != names[i] && taken[name] {
			last[base] = max(last[base], 1) + 1
			name = base + "_" + strconv.Itoa(last[base])
		}
		if names[i] != "" && name != names[i] {
			renamed = append(renamed, name)
		}
		names[i], seen[name] = name, true
	}
	paths = make([][]string, len(names))
	for i, name := range names {
		paths[i] = columnPath(name, seen)
	}
	return paths, renamed
}

// columnPath returns the path of a column, of which names are all.
func columnPath(name string, names map[string]bool) []string {
	parts := strings.Split(name, ".")
	if len(parts) > maxDepth || numeralOf([]byte(name), '.') != notNumber {
		return []string{name}
	}
	end := 0
	for i, part := range parts {
		if part == "" || strings.TrimSpace(part) != part {
			return []string{name}
		}
		if end += len(part); i < len(parts)-1 && names[name[:end]] {
			return []string{name}
		}
		end++
	}
	return parts
}

// common returns the number of cells that the first lines below the header all
// have, if that is more than the header has and the last of them is not always empty,
// else that of the header. names says that the first cells of the lines may be the
// names of rows: they do not repeat, and are in quotes or whole numbers.
func (r *sheetReader) common() (width int, names bool) {
	first := map[string]bool{}
	same, filled, rows := true, false, 0
	names = true
	sampled(r.buf[r.pos:], r.final, dialect{delimiter: r.delimiter, cr: r.cr}, func(cells []cell, data []byte) bool {
		if width == 0 {
			width = len(cells)
		}
		if same = len(cells) == width; !same {
			return false
		}
		name := unquoted(nil, data, cells[0])
		_, whole := parseWhole(name)
		names = names && !first[string(name)] && (whole || cells[0].quoted())
		first[string(name)] = true
		last := cells[len(cells)-1]
		filled = filled || last.from() < last.to()
		rows++
		return rows < sniffRows
	})
	if !same || !filled || width < len(r.header) {
		return len(r.header), false
	}
	return width, names
}

// complete adds what the header lacks: a name for the first column, if the lines
// below have one cell more, as R and pandas write it, or names at the end if they
// have several more. Under a single name the first cells must look like names of
// rows, and several more are none, since commas in a list of sentences look the same.
func (r *sheetReader) complete(header []string) (full []string, note string) {
	width, names := r.common()
	lacking := width - len(header)
	switch {
	case lacking == 1 && (len(header) > 1 || names):
		return append([]string{""}, header...), "the header has no name for the first column, which is called column1"
	case lacking > 1 && len(header) > 1 && width <= maxWidth:
		note = fmt.Sprintf("the header has no names for the last %d columns, which are called column%d and so on", lacking, len(header)+1)
		return append(header, make([]string, lacking)...), note
	}
	return header, ""
}

// name settles what the columns of the file called name are called. notes say
// what somebody who looks at the file would not expect.
func (r *sheetReader) name(name string, delimiter byte) (paths [][]string, notes []string) {
	note := func(format string, args ...any) {
		notes = append(notes, name+": "+fmt.Sprintf(format, args...))
	}
	switch {
	case delimiter == 0 && r.other != 0:
		note("the delimiter is %s, and may be %s as well: --delimiter says which", delimiterName(r.delimiter), delimiterName(r.other))
	case delimiter == 0 && r.delimiter != delimiters[0]:
		note("the delimiter is %s", delimiterName(r.delimiter))
	}
	header := make([]string, len(r.header))
	foreign := false
	for i, cell := range r.header {
		text, ok := utf8Text(nil, cell)
		header[i], foreign = string(text), foreign || !ok
	}
	if foreign {
		note("the header is not UTF-8 and was read as Windows-1252")
	}
	if !r.headless {
		lacking := ""
		if header, lacking = r.complete(header); lacking != "" {
			note("%s", lacking)
		} else if value, likely := r.valueInHeader(); likely {
			note("the first line names the columns, and looks like a row (%q): --no-header reads it as one", value)
		}
	}
	if doubt := r.doubt(delimiter); doubt != "" {
		note("%s", doubt)
	}
	r.width = len(header)
	paths, renamed := columnPaths(header)
	switch {
	case len(renamed) == 1:
		note("the column that repeats a name is called %s", renamed[0])
	case len(renamed) > 1:
		note("columns that repeat a name are called %s", listed(renamed))
	}
	return paths, notes
}

func delimiterName(c byte) string {
	switch c {
	case ',':
		return "the comma"
	case '\t':
		return "the tab"
	case ';':
		return "the semicolon"
	}
	return "the vertical bar"
}

// listed names the first few of many.
func listed(names []string) string {
	const most = 8
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// unquoted returns the text of a cell, in dst if quotes are doubled in it.
func unquoted(dst, data []byte, c cell) []byte {
	text := data[c.from():c.to()]
	if c.start&escaped == 0 {
		return text
	}
	dst = dst[:0]
	for {
		i := bytes.Index(text, []byte(`""`))
		if i < 0 {
			return append(dst, text...)
		}
		dst = append(dst, text[:i+1]...)
		text = text[i+2:]
	}
}

// leaves makes the nodes of the columns below root.
func leaves(root *node, paths [][]string) []*node {
	root.seen = kindObject
	out := make([]*node, len(paths))
	for i, path := range paths {
		n := root
		for _, part := range path {
			n.seen |= kindObject
			n = n.child(part)
		}
		out[i] = n
	}
	return slices.Clip(out)
}
