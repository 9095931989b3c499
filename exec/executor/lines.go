package executor

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/columnwire"
	"github.com/segq/segq/lang/check"
)

// Line is one of the lines of an answer with profiles: some rows, or, in the last one, what there is to tell of them. The lines of a
// part follow each other, numbered from 0.
type Line struct {
	V      string `json:"v"`
	Part   int    `json:"part"`
	Batch  string `json:"batch"`
	Number int    `json:"number"`
	Rows   int    `json:"rows,omitempty"`
	End    *Taken `json:"end,omitempty"`
	// Of values: a piece of what was gathered of a query, or why there is nothing.
	Query int    `json:"query,omitempty"`
	Error string `json:"error,omitempty"`
	// Columns has the rows of one column after another, as package columnwire writes them.
	Columns []byte `json:"-"`
}

const (
	// mostInLine is about how many bytes the rows of a line have before they are pressed.
	mostInLine = 512 << 10
	// firstLot is how many rows are tried first.
	firstLot = 256
)

// lines writes the lines of a part.
type lines struct {
	task  *task
	types []*check.Type
	out   *bufio.Writer
	next  int // the number of the next line
	given int // rows
}

func (t *task) lines(out io.Writer, types []*check.Type) *lines {
	return &lines{task: t, types: types, out: bufio.NewWriterSize(out, 64<<10)}
}

// writeError is the error of a line that nobody takes.
type writeError struct{ err error }

func (e *writeError) Error() string { return e.err.Error() }
func (e *writeError) Unwrap() error { return e.err }

// write writes a line of n rows.
func (l *lines) write(n int, body string) error {
	l.given += n
	return l.line(&Line{Rows: n}, body)
}

// end writes the last line.
func (l *lines) end(taken *Taken, rows int) error {
	taken.Rows, taken.Given = rows, l.given
	if err := l.line(&Line{End: taken}, ""); err != nil {
		return err
	}
	return l.out.Flush()
}

func (l *lines) line(head *Line, body string) error {
	head.V, head.Part, head.Batch, head.Number = version, l.task.split.Part, l.task.digest, l.next
	l.next++
	text, err := encode(head)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(l.out, "%d\t%s.%s\t\n", head.Part, text, body); err != nil {
		return &writeError{err}
	}
	return nil
}

// lineStretch makes lines of the rows of a stretch.
type lineStretch struct {
	to     *lines
	rows   []int
	bodies []string
}

// Add keeps the next n rows, as several lines where they are large.
func (s *lineStretch) Add(n int, columns []column.Column) error {
	if s.to.task.batch.Take.Names != nil {
		columns = []column.Column{columns[0], places(columns[1])}
	}
	s.add(columnwire.Range(0, n), columns)
	return nil
}

// places returns lists of names as lists of the places that they have in the order of all names.
func places(c column.Column) column.Column {
	lists, ok := c.(*column.List)
	if !ok {
		return c
	}
	names, ok := lists.Elem.(*column.Strings)
	if !ok {
		return c
	}
	codes := &column.Ints{I64: make([]int64, names.Len())}
	for i := range codes.I64 {
		codes.I64[i] = int64(names.Codes.At(i))
	}
	return &column.List{Valid: lists.Valid, Offsets: lists.Offsets, Elem: codes}
}

func (s *lineStretch) add(rows []uint32, columns []column.Column) {
	var body []byte
	for i, c := range columns {
		body = columnwire.Append(body, c, s.to.types[i], rows)
		if len(body) > 2*mostInLine && len(rows) > 1 {
			s.add(rows[:len(rows)/2], columns)
			s.add(rows[len(rows)/2:], columns)
			return
		}
	}
	s.rows, s.bodies = append(s.rows, len(rows)), append(s.bodies, pressed(body, gzip.BestSpeed))
}

// End does nothing: the rows were kept.
func (s *lineStretch) End() error { return nil }

// Emit writes the lines.
func (s *lineStretch) Emit() error {
	for i, body := range s.bodies {
		if err := s.to.write(s.rows[i], body); err != nil {
			return err
		}
	}
	return nil
}

// DecodeLine reads a line of an answer to a batch of that digest. What is no such line, whole and of this version, is an error.
func DecodeLine(text, batch string) (*Line, error) {
	if err := Refusal(text); err != nil {
		return nil, err
	}
	head, body, _ := strings.Cut(text, ".")
	l := &Line{}
	if err := decode(head, l); err != nil {
		return nil, fmt.Errorf("it is no answer: %w", err)
	}
	switch {
	case l.V != version:
		return nil, fmt.Errorf("it is of another segq, in version %s", l.V)
	case l.Batch != batch:
		return nil, errors.New("it is the answer to something else")
	case (l.End != nil || l.Error != "") && body == "":
		return l, nil
	case l.Rows <= 0 || l.End != nil:
		return nil, fmt.Errorf("it has %d rows", l.Rows)
	}
	var err error
	l.Columns, err = unpressed(body)
	return l, err
}
