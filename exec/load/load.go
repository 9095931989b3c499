// Package load reads files of profiles into a resident [column.Snapshot].
//
// Data is read from a source (source.go): a file, a pipe or a reader. Its name or first
// bytes tell its format and compression, each a row of a table (format.go,
// compression.go), and input.go hands its bytes to the format's reader.
//
// Each format fills chunks, but for most leaves of Parquet, which are read straight into
// columns (direct.go). Chunks are columns of a run of rows, in the kinds that their
// values had (chunk in node.go, lane.go). JSON text is walked once (walker.go, walker_value.go,
// label.go), blocks of lines (ndjson.go), or of the rows of a document (document.go), side by side;
// CSV (csv.go) and Parquet (parquet.go) fill the same chunks. Those of text are shrunk when they
// are complete (shrunk.go), which leaves room for those to come (spare.go). When all are there, the type of each field
// follows from the values in all of them (decide.go), and the chunks are
// joined column by column (assemble.go).
//
// A [Table] reads columns of Parquet files when they are asked for (table.go), or, where
// nothing is to be kept, some row groups after others (table_parts.go, part_reader.go).
//
// README.md says what each value turns into. In short: a field has the type of its
// values, and is text if they have several; single values among lists of such values
// are lists of one (forms.go, ones.go), and values of another form (an object among
// texts) become null and are counted (decide.go). An object is a map when its
// name is that of an XDM map (mapDepth in kind.go), or when its keys look like data
// (mapping.go).
package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load/parquet"
	"github.com/segq/segq/lang/check"
)

// Options says how to load. The zero value is good.
type Options struct {
	// Strict makes the first bad row an error instead of leaving it out.
	Strict bool
	// BadRows says how many rows may be left out without an error.
	BadRows BadRows
	// ID names the field that identifies a profile; "" for _id, else id, else none.
	ID string
	// SharedIDs says that profiles may well have the same id: it is not noted.
	SharedIDs bool
	// Events names the list of events; "" for xEvent, else the only list of
	// objects with a timestamp.
	Events string
	// Threads is how many goroutines read; 0 for as many as there are cores.
	Threads int
	// Types says what fields are that the data alone would make something else, by
	// path: text, number, timestamp, boolean, map or object. What cannot be read as
	// that is null, and a [Misfit].
	Types map[string]string
	// Schema is what the fields are, as [ReadSchema] gives it; nil for what their values say. Fields that
	// the data does not have are null; those that it does not name are read as without it. What a field
	// cannot hold is null, and a [Misfit]. Types go before it.
	Schema *check.Type
	// NullEntries keeps the entries of maps that are null, of what Schema calls a map.
	NullEntries bool
	// Object is the path of the object that the rows are for whoever gave Types, "" for none: what is said of a type that
	// would help names fields in it.
	Object string
	// Untold says of a field, by its path, that no value of it may be told where something is said about the data; nil for none.
	Untold func(path string) bool
	// Dialect says how texts are written.
	Dialect Dialect
	// Memory is how many bytes loading may hold at any time, text, chunks and columns
	// together, and Columns how many the resulting columns may hold; 0 for any number.
	// They are counted as they come, and what is garbage is not.
	Memory, Columns int64
	// Beside returns what others hold of both; nil for nothing. It does not block.
	Beside func() int64
	// MaxRejects is how many rejected rows are reported in detail; 0 for 20.
	MaxRejects int
	// Format is that of all data, by what the extension of a file would be without the dot (see
	// [CheckFormat]); "" where the names tell.
	Format string
	// Keys says, by the names that paths give files, of which fields all rows of a file have one value; nil for what the names of folders say.
	Keys map[string][]Key
	// Pick sees the footer of each Parquet file of a table that is opened: it may give elements of the schema other names, or have them passed over. What is
	// left that cannot be read is an error then; nil for all as they are.
	Pick func(*parquet.Meta) error
	// Shares says of which Parquet files, by the names that paths give them, only a share of the row groups is read.
	Shares map[string]Share
	// Stdin is what the path - means; nil for a file of that name.
	Stdin io.Reader
	// Progress hears how many bytes of the files, of how many, were read; the
	// total is 0 where it is unknown. It is called from one goroutine at a time,
	// and must not block.
	Progress func(bytesRead, total int64)
	// Taken counts the rows as they come, those of columns that are read later too; nil for nobody.
	Taken *atomic.Int64
}

// Key is a field of which all rows of a file have one value.
type Key struct {
	Name, Value string
	Null        bool
}

// Share is of a file that is divided into Of shares, each of about as many row groups, those from From on before To. Where there
// are fewer groups, some shares have none.
type Share struct{ From, To, Of int }

// Groups returns the first of n groups, and the first that is not of the share.
func (s Share) Groups(n int) (from, to int, err error) {
	if s.From < 0 || s.From > s.To || s.To > s.Of || s.Of < 1 {
		return 0, 0, fmt.Errorf("there are no shares %d to %d of %d", s.From, s.To, s.Of)
	}
	at := func(i int) int { return int(int64(n) * int64(i) / int64(s.Of)) }
	return at(s.From), at(s.To), nil
}

// Report tells how a load went.
type Report struct {
	// Rows is the number of rows in the snapshot, Rejected of those left out.
	Rows, Rejected int
	// Rejects describes the first of the rejected rows.
	Rejects []Reject
	// Misfits are the values that did not fit the type of their field, by field and
	// kind, in the order of the schema.
	Misfits []Misfit
	// Coerced are the values that were read as another type than their own, by field and kind, in the order of the
	// schema.
	Coerced []Coercion
	// Notes says what was decided that a reader of the numbers should know: a field that
	// was left out, a delimiter or an encoding that was found out.
	Notes []string
	// Files lists what was read, in order, Bytes is how many bytes they have, and Read how many of them were read
	// until now.
	Files       []File
	Bytes, Read int64
	// Peak is about how many bytes the load held at most, Columns how many its result
	// holds.
	Peak, Columns int64
	// Elapsed is the time it took, until now.
	Elapsed time.Duration
}

// File is a file that was read, with the number of its good rows. Written is when it was last written to, zero where that is not
// known, as of what is no file of this machine.
type File struct {
	Name    string
	Rows    int
	Written time.Time
}

// Reject is a row that was left out.
type Reject struct {
	File string
	// Line is the line in the file, from 1; 0 where a format has no lines.
	Line int
	// Row is the number of the row in the file, from 1.
	Row     int
	Message string

	// Shared says that other rows are in the same line.
	Shared bool
}

// String returns the reject as one line: file, line, message.
func (r Reject) String() string {
	return r.File + ": " + r.place()
}

func (r Reject) place() string {
	if r.Line == 0 {
		return fmt.Sprintf("row %d: %s", r.Row, r.Message)
	}
	return fmt.Sprintf("line %d: %s", r.Line, r.Message)
}

// Where returns the file and the line, or the row where there are no lines, or both
// where a line has several rows.
func (r Reject) Where() string {
	if r.Shared {
		return fmt.Sprintf("%s:%d (row %d)", r.File, r.Line, r.Row)
	}
	if r.Line == 0 {
		return fmt.Sprintf("%s, row %d", r.File, r.Row)
	}
	return fmt.Sprintf("%s:%d", r.File, r.Line)
}

// loader gathers the chunks of one load.
type loader struct {
	options Options
	began   time.Time
	want    *wanted // of Options.Types
	chunks  []*chunk
	report  Report
	cells   cellColumns // of CSV, whose types are decided at the end
	meter   meter
	like    atomic.Pointer[node] // the root of the last chunk of JSON
	spare   spare                // lanes of chunks of JSON that are complete
	later   bool                 // columns are improved when they are there
	pool    *pool                // of who reads one part after another; nil for others
	brief   bool                 // columns are for one answer: texts that differ need no dictionary
	titled  bool                 // most rows of some file of cells have more cells than its first line
	advice  []string             // what to do about rows that cannot be read
	clocks  map[string]*clocks   // by field

	name      string          // the file that is being read
	short     int             // how long its text is, and one more, if it is short; else 0
	keys      []*folderKey    // of that file
	overruled map[string]bool // the fields that folders say, and files otherwise
	line, row int             // in that file, before the chunk to be taken in
}

func newLoader(o Options) (*loader, error) {
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	if o.MaxRejects <= 0 {
		o.MaxRejects = 20
	}
	want, err := newWanted(o.Types, o.Schema)
	if o.NullEntries && o.Schema != nil && err == nil {
		want.maps(o.Schema)
	}
	return &loader{options: o, began: time.Now(), want: want, meter: meter{limit: o.meterLimit()}}, err
}

// note adds to the notes of the report, once.
func (l *loader) note(format string, args ...any) {
	if s := fmt.Sprintf(format, args...); !slices.Contains(l.report.Notes, s) {
		l.report.Notes = append(l.report.Notes, s)
	}
}

// advise notes what to do about rows that cannot be read; an error that they make says
// it as well.
func (l *loader) advise(format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	l.note("%s", s)
	l.advice = append(l.advice, s)
}

// take adds a chunk.
func (l *loader) take(c *chunk) error {
	c.from = Reject{File: l.name, Line: l.line, Row: l.row}
	for _, r := range c.rejects {
		r.File, r.Row = l.name, r.Row+l.row
		if r.Line > 0 {
			r.Line += l.line
		}
		if l.options.Strict {
			return errors.New(r.place())
		}
		if len(l.report.Rejects) < l.options.MaxRejects {
			l.report.Rejects = append(l.report.Rejects, r)
		}
	}
	l.line += c.lines
	l.row += c.read
	l.report.Rejected += c.rejected
	l.report.Rows += c.rows
	if l.options.Taken != nil {
		l.options.Taken.Add(int64(c.rows))
	}
	l.report.Files[len(l.report.Files)-1].Rows += c.rows
	l.addKeys(c)
	c.root.seal(c.rows)
	if c.open {
		l.like.Store(c.root)
	}
	if c.rows > 0 || len(c.root.children) > 0 {
		l.chunks = append(l.chunks, c)
	}
	return l.meter.settle(c)
}

// finish joins the chunks into a snapshot.
func (l *loader) finish(ctx context.Context) (*column.Snapshot, error) {
	if l.report.Rows == 0 && l.report.Rejected > 0 {
		return nil, fmt.Errorf("no row could be read; the first: %s%s", l.report.Rejects[0], l.advised())
	}
	if err := l.tooManyBad(); err != nil {
		return nil, err
	}
	l.like.Store(nil)
	l.spare = spare{}
	l.noteRows()
	if err := l.settle(); err != nil {
		return nil, err
	}
	top, mixtures := l.decide()
	if path := l.want.unmet(); path != "" {
		return nil, unknownField("Types", path, "to give a type to", top.t)
	}
	root, err := l.columns(ctx, top)
	if err != nil {
		return nil, err
	}
	s := &column.Snapshot{Schema: top.t, Root: root, Mixtures: mixtures}
	if err := l.nameFields(s); err != nil {
		return nil, err
	}
	if l.later {
		column.IndexLists(root)
	} else {
		column.Index(root, l.options.Threads)
	}
	if err := l.weighColumns(s); err != nil {
		return nil, err
	}
	l.noteRepeats(s)
	l.report.Bytes = l.meter.read.Load()
	l.report.Read = l.report.Bytes
	s.Fingerprint = l.options.Identity(column.FingerprintOf(root, s.Schema, l.options.Threads))
	l.report.Elapsed = time.Since(l.began)
	return s, nil
}

// columns builds the columns of what was decided.
func (l *loader) columns(ctx context.Context, top *choice) (*column.Struct, error) {
	root, err := l.assemble(ctx, top)
	if err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	l.chunks = nil
	collect(l.meter.peak.Load()) // what the chunks held, before more is made of the columns
	return root, l.sortEntries(root)
}

// nameFields finds the fields that have a part of their own.
func (l *loader) nameFields(s *column.Snapshot) (err error) {
	if s.ID, err = idField(s.Schema, l.options.ID); err != nil {
		return err
	}
	s.EventsField, err = eventsField(s.Schema, l.options.Events)
	return err
}

func idField(schema *check.Type, name string) (*check.Field, error) {
	if name != "" {
		f := schema.Field(name)
		switch {
		case f == nil:
		case f.Type.Kind == check.List || f.Type.Kind == check.Map:
			return nil, fmt.Errorf("the field %q is a %s and cannot identify profiles: name one that has a text or a number", name, map[bool]string{true: "list", false: "map"}[f.Type.Kind == check.List])
		default:
			return f, nil
		}
		return nil, unknownField("ID", strconv.Quote(name), "to identify profiles by", schema)
	}
	for _, name := range []string{"_id", "id"} {
		if f := schema.Field(name); f != nil {
			return f, nil
		}
	}
	return nil, nil
}

func eventsField(schema *check.Type, name string) (*check.Field, error) {
	if name != "" {
		f := schema.Field(name)
		if f == nil {
			return nil, unknownField("Events", strconv.Quote(name), "to hold the events", schema)
		}
		if f.Type.Kind != check.List && f.Type.Kind != check.Any {
			return nil, fmt.Errorf("the field %q is not a list and cannot hold the events", name)
		}
		return f, nil
	}
	if f := schema.Field("xEvent"); f != nil && (f.Type.Kind == check.List || f.Type.Kind == check.Any) {
		return f, nil
	}
	var found *check.Field
	for _, f := range schema.Fields {
		if f.Type.Kind != check.List || f.Type.Elem.Kind != check.Object || !timed(f.Type.Elem) {
			continue
		}
		if found != nil {
			return nil, nil
		}
		found = f
	}
	return found, nil
}

// timed says whether an object of type t has an instant: a field timestamp, or
// one field only that is a timestamp.
func timed(t *check.Type) bool {
	if f := t.Field("timestamp"); f != nil && (f.Type.Kind == check.Timestamp || f.Type.Kind == check.Int) {
		return true
	}
	n := 0
	for _, f := range t.Fields {
		if f.Type.Kind == check.Timestamp {
			n++
		}
	}
	return n == 1
}

// names lists the fields of t, the first few of many.
func names(t *check.Type) string {
	const most = 12
	s := ""
	for i, f := range t.Fields {
		if i == most {
			return fmt.Sprintf("%s and %d more", s, len(t.Fields)-most)
		}
		if i > 0 {
			s += ", "
		}
		s += f.Name
	}
	return s
}
