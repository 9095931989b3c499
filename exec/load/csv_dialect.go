package load

import "bytes"

// dialect is how a file of cells is written.
type dialect struct {
	delimiter byte
	cr        bool // lines end with CR alone, as on old Macs
	skip      int  // bytes before the header: a line such as sep=;
	other     byte // a delimiter by which the lines are cells as well; 0 for none
}

// delimiters are those that are looked for, the usual one first.
var delimiters = []byte{',', '\t', ';', '|'}

// sniffRows is how many lines at the beginning decide the dialect.
const sniffRows = 100

// sniff finds out the dialect of a file from its beginning. final says that the
// sample is all of it; delimiter is 0 where it is to be found out.
//
// The delimiter is the one by which the most of the first lines have as many
// cells as the header, or all one more (see complete), and the header at least two;
// of several, the one that leaves the fewest quotes in cells, then the first in
// delimiters. Without any it is the comma.
func sniff(sample []byte, final bool, delimiter byte) dialect {
	d := dialect{delimiter: delimiter}
	d.cr = endsWithCR(sample, delimiter)
	if c, skip := declared(sample, d.cr); skip > 0 && (delimiter == 0 || c == delimiter) {
		d.delimiter, d.skip = c, skip
	}
	if d.delimiter != 0 {
		return d
	}
	d.delimiter = delimiters[0]
	best, fewest := -1.0, 0
	for _, c := range delimiters {
		share, strays := agreement(sample, final, dialect{delimiter: c, cr: d.cr})
		switch {
		case share > best || share == best && strays < fewest:
			d.delimiter, d.other, best, fewest = c, 0, share, strays
		case share == best && strays == fewest && share > 0 && d.other == 0:
			d.other = c
		}
	}
	return d
}

// endsWithCR says whether the lines of a sample end with CR alone: outside of quotes there is
// no line feed.
func endsWithCR(sample []byte, delimiter byte) bool {
	first := bytes.IndexByte(sample, '\r')
	if first < 0 || first+1 < len(sample) && sample[first+1] == '\n' && bytes.IndexByte(sample[:first], '"') < 0 {
		return false
	}
	ends := func(c byte) bool {
		return c == '\r' || c == '\n' || c == delimiter || delimiter == 0 && bytes.IndexByte(delimiters, c) >= 0
	}
	cr, quoted := false, false
	for i := 0; i < len(sample); i++ {
		switch c := sample[i]; {
		case c == '"' && !quoted:
			quoted = i == 0 || ends(sample[i-1])
		case c == '"' && i+1 < len(sample) && sample[i+1] == '"':
			i++ // they are one quote inside
		case c == '"':
			quoted = i+1 < len(sample) && !ends(sample[i+1])
		case quoted:
		case c == '\n':
			return false
		case c == '\r':
			cr = true
		}
	}
	return cr
}

// declared reads a first line such as sep=; which Excel takes as the delimiter.
func declared(sample []byte, cr bool) (delimiter byte, skip int) {
	const prefix = "sep="
	if len(sample) < len(prefix)+2 || !bytes.EqualFold(sample[:len(prefix)], []byte(prefix)) {
		return 0, 0
	}
	delimiter, skip = sample[len(prefix)], len(prefix)+1
	if bytes.IndexByte(delimiters, delimiter) < 0 {
		return 0, 0
	}
	if sample[skip] == '\r' {
		skip++
	}
	if skip < len(sample) && sample[skip] == '\n' {
		skip++
	} else if !cr || sample[skip-1] != '\r' {
		return 0, 0
	}
	return delimiter, skip
}

// agreement returns the share of the first lines whose number of cells is that of
// the header, or one more in all of them, and the number of cells with stray quotes.
// The share is -1 where the header is one cell.
func agreement(sample []byte, final bool, d dialect) (share float64, strays int) {
	header, body, same, more := 0, 0, 0, 0
	strays = sampled(sample, final, d, func(cells []cell, _ []byte) bool {
		switch {
		case header == 0:
			header = len(cells)
			return header > 1
		case len(cells) == header:
			same++
		case len(cells) == header+1:
			more++
		}
		body++
		return body < sniffRows
	})
	switch {
	case header < 2:
		return -1, strays
	case more == body:
		return 1, strays
	}
	return float64(same) / float64(body), strays
}

// sampled reads the first lines of a file, blank ones left out, while more says
// so, and counts the cells with stray quotes.
func sampled(sample []byte, final bool, d dialect, more func(cells []cell, data []byte) bool) (strays int) {
	x := newLexer(d)
	x.buf, x.final, x.pos = sample, final, d.skip
	for x.pos < len(x.buf) {
		x.cells = x.cells[:0]
		if x.row() != rowWhole || !x.blank(x.cells) && !more(x.cells, x.buf) {
			break
		}
	}
	return x.strays
}
