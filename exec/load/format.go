package load

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/segq/segq/exec/load/arrow"
	"github.com/segq/segq/exec/load/avro"
	"github.com/segq/segq/exec/load/parquet"
)

// format is a way to write a table into a file. It is read as text, as a stream of
// bytes, or at offsets.
type format struct {
	extensions   []string // without the dot
	compressible bool     // its files may be compressed as a whole
	magic        []string // what such files begin with, if anything
	byColumn     bool     // its columns can be read one by one

	// looks says whether a text seems to be in the format that nobody has named. The
	// text is the beginning of one, blanks before it left out.
	looks func(text []byte) bool
	// text reads a text in UTF-8 from its first byte to its last.
	text func(*loader, context.Context, io.Reader) error
	// stream reads what is no text from its first byte to its last.
	stream func(*loader, context.Context, io.Reader) error
	// offsets reads from any place of so many bytes.
	offsets func(*loader, context.Context, io.ReaderAt, int64) error
}

// formats are all that there are. A text is in the first that it looks like.
var formats = []*format{
	{extensions: []string{"parquet"}, magic: []string{parquet.Magic}, byColumn: true, offsets: (*loader).parquet},
	{extensions: []string{"ndjson", "jsonl"}, compressible: true, looks: looksNDJSON, text: (*loader).ndjson},
	{extensions: []string{"json"}, compressible: true, looks: looksJSON, text: (*loader).json},
	{extensions: []string{"csv"}, compressible: true, looks: looksCSV, text: (*loader).csv},
	{extensions: []string{"tsv"}, compressible: true, looks: looksTSV, text: (*loader).tsv},
	{
		extensions: []string{"arrow", "arrows", "ipc", "feather"}, magic: []string{arrow.Magic, arrow.StreamMagic, arrow.FeatherMagic},
		offsets: (*loader).arrow,
	},
	{extensions: []string{"avro"}, magic: []string{avro.Magic}, stream: (*loader).avro},
	{extensions: []string{packedName}, magic: []string{"\x89SGQ"}, text: (*loader).packed},
}

// Formats lists the extensions of the files that [Open] reads, for people.
func Formats() string {
	var names, packed []string
	for _, f := range formats {
		for _, e := range f.extensions {
			names = append(names, "."+e)
		}
	}
	for _, c := range compressions {
		packed = append(packed, c.extension)
	}
	return strings.Join(names, ", ") + ", each of the texts also " + strings.Join(packed[:len(packed)-1], ", ") + " or " + packed[len(packed)-1]
}

// Extensions lists the ends of the names of the files that [Open] reads, with their dots.
func Extensions() []string {
	var ends []string
	for _, f := range formats {
		for _, e := range f.extensions {
			ends = append(ends, "."+e)
			for _, c := range compressions {
				if f.compressible {
					ends = append(ends, "."+e+c.extension)
				}
			}
		}
	}
	return ends
}

// formatNamed returns the format whose files have an extension, or nil.
func formatNamed(extension string) *format {
	for _, f := range formats {
		if slices.Contains(f.extensions, extension) {
			return f
		}
	}
	return nil
}

// CheckFormat finds out whether there is a format of that name: an extension without its dot,
// and perhaps that of a compression, as in csv.gz.
func CheckFormat(name string) error {
	_, _, err := parseFormat(name)
	return err
}

// FormatNames lists the names of formats without those of compressions.
func FormatNames() []string {
	var names []string
	for _, f := range formats {
		if f.extensions[0] != packedName {
			names = append(names, f.extensions...)
		}
	}
	return names
}

func parseFormat(name string) (*format, *compression, error) {
	base, c := cutCompression(strings.TrimPrefix(strings.ToLower(name), "."))
	f := formatNamed(base)
	switch {
	case f == nil || base == packedName:
		return nil, nil, fmt.Errorf("the format %q is not known: choose one of %s", name, strings.Join(FormatNames(), ", "))
	case c != nil && !f.compressible:
		return nil, nil, fmt.Errorf("the format %q is not known: a .%s file has a compression of its own", name, base)
	}
	return f, c, nil
}

// packedName is the extension of packed tables.
const packedName = "segq"

// extensionError is the error of a file whose extension is that of no format.
type extensionError struct{ file string }

// unread are extensions of formats that people have and segq does not read.
var unread = map[string]string{
	".orc": "ORC", ".xlsx": "Excel", ".xls": "Excel", ".xlsb": "Excel", ".ods": "OpenDocument", ".xml": "XML", ".html": "HTML",
	".sqlite": "SQLite", ".sqlite3": "SQLite", ".db": "SQLite", ".duckdb": "DuckDB", ".pkl": "Python pickle", ".pickle": "Python pickle", ".npy": "NumPy",
	".rds": "R", ".rdata": "R", ".sav": "SPSS", ".dta": "Stata", ".sas7bdat": "SAS", ".h5": "HDF5", ".hdf5": "HDF5", ".zip": "ZIP", ".tar": "tar", ".yaml": "YAML", ".yml": "YAML",
}

// Error lists the formats.
func (e extensionError) Error() string {
	base, _ := cutCompression(e.file)
	if name := unread[strings.ToLower(filepath.Ext(base))]; name != "" {
		return name + " is not read: write the data as Parquet, CSV or NDJSON; the formats are " + Formats()
	}
	return "the extension is not known; the formats are " + Formats() + "; --input-format says which it is"
}

// isExtension says whether an error is that of an extension that is not known.
func isExtension(err error) bool {
	var of extensionError
	return errors.As(err, &of)
}

// plainExtensions are those of texts of any kind, which are tables if they are what is loaded.
var plainExtensions = []string{"", ".txt", ".text", ".dat", ".data", ".tab", ".psv", ".log"}

// acceptGuess notes what a file is taken for whose extension is none of a format. Text in lines
// could be anything, and is taken for a table only where the extension says no more than that it is text.
func (l *loader) acceptGuess(in *input, f *format, head *bufio.Reader) error {
	if !in.strange {
		return nil
	}
	base, _ := cutCompression(in.name())
	_, err := head.Peek(1)
	plain := slices.Contains(plainExtensions, strings.ToLower(filepath.Ext(base)))
	if !plain && (f.hasCells() || errors.Is(err, io.EOF)) {
		return extensionError{in.name()}
	}
	l.note("%s is read as .%s, by its first bytes; --input-format says otherwise", in.name(), f.extensions[0])
	return nil
}

// formatOf splits the extensions of a file into format and compression.
func formatOf(name string) (*format, *compression, error) {
	base, c := cutCompression(strings.ToLower(filepath.Base(name)))
	extension := filepath.Ext(base)
	f := formatNamed(strings.TrimPrefix(extension, "."))
	switch {
	case f == nil:
		return nil, nil, extensionError{name}
	case c != nil && !f.compressible:
		return nil, nil, fmt.Errorf("a %s file has a compression of its own; decompress it first", extension)
	}
	return f, c, nil
}

// formatBegun returns the format whose files begin so; nil for none.
func formatBegun(head []byte) *format {
	for _, f := range formats {
		if slices.ContainsFunc(f.magic, func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) }) {
			return f
		}
	}
	return nil
}

// guessFormat says what format something seems to have that nobody has named.
func guessFormat(r *bufio.Reader) (*format, error) {
	head, err := r.Peek(r.Size())
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	if f := formatBegun(head); f != nil {
		return f, nil
	}
	if decoded, encoding := utf8Reader(bytes.NewReader(head)); encoding != "" {
		head, _ = io.ReadAll(decoded) // what is wrong shows again when it is read
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, byteOrderMark), " \t\r\n")
	if bytes.IndexByte(firstLine(text), 0) < 0 {
		for _, f := range formats {
			if f.looks != nil && f.looks(text) {
				return f, nil
			}
		}
	}
	return nil, errors.New("the format is not known: the name has no extension, and this is not text; --input-format says which it is")
}

// binaryFormat returns the format that is no text which something begins as, with what no text has
// soon after; nil for none.
func binaryFormat(r *bufio.Reader) *format {
	const soon = 32
	head, _ := r.Peek(soon)
	for _, f := range formats {
		for _, magic := range f.magic {
			if bytes.HasPrefix(head, []byte(magic)) && hasControl(head) {
				return f
			}
		}
	}
	return nil
}

// markup returns an error where a text begins as a page of HTML or as XML, of which every line could be a row.
func markup(r *bufio.Reader) error {
	const most = 256
	head, _ := r.Peek(most) // what cannot be read will fail again
	head = bytes.ToLower(bytes.TrimLeft(head, " \t\r\n"))
	switch {
	case bytes.HasPrefix(head, []byte("<!doctype html")), bytes.HasPrefix(head, []byte("<html>")), bytes.HasPrefix(head, []byte("<html ")):
		return errors.New("this is a page of HTML, perhaps of a login, an error or a folder, and not the data")
	case bytes.HasPrefix(head, []byte("<?xml")):
		return errors.New("this is XML, which is not read: write the data as Parquet, CSV or NDJSON")
	}
	return nil
}

// looksNDJSON takes nothing as well, which is nothing in any format.
func looksNDJSON(text []byte) bool {
	return len(text) == 0 || text[0] == '{' && byLine(text)
}

func looksJSON(text []byte) bool {
	return len(text) > 0 && (text[0] == '[' || text[0] == '{')
}

func looksCSV(text []byte) bool { return !looksTSV(text) }

func looksTSV(text []byte) bool {
	line := firstLine(text)
	return bytes.Count(line, []byte("\t")) > bytes.Count(line, []byte(","))
}

func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return line
}
