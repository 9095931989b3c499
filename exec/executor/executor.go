// Package executor answers a batch over a part of a table, in a process that somebody else has started: the executor of
// a cluster, which hands it a line on standard input and reads one from its standard output.
//
// The tour: a line has a [Split], the part of the table, and a [Batch], what is asked (batch.go); behind it come
// lines that mean nothing, and are read slowly as long as there is no answer (ticks.go). [Run] opens what the split
// names (open.go), through a cache of packed columns if there is one, has the resident engine answer, and
// writes an [Answer] (answer.go): one line, which is whole or no answer. Where profiles are asked for ([Take]: take.go, draw.go), the answer has several
// lines, of which the last proves that they are all (lines.go). [Pack] takes rows in place of a line, and
// leaves them in the cache for splits to come (pack.go).
//
// Nobody is asked for anything: whoever has started the process retries it elsewhere, or twice, and each attempt
// answers by itself.
package executor

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/columncache"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/wire"
)

// Options say how an executor works. The zero value is good.
type Options struct {
	// Cache keeps the columns for other processes; nil for none.
	Cache *columncache.Cache
	// Threads is how many goroutines work; 0 for one.
	Threads int
	// Tick is how often one of the lines is read that mean nothing.
	Tick time.Duration
	// Hurry is called when an answer was written, and only lines that mean nothing are left to be read; nil for nothing.
	Hurry func()
	// Tell hears how far the answer is, some times a second; nil for nobody. It should return soon.
	Tell func(Progress)
}

// WrongError is an error that another attempt would meet as well: what was asked, or the part of the table, makes no
// sense here, or is not any more what it was.
type WrongError struct{ Err error }

// Error says what is wrong.
func (e *WrongError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *WrongError) Unwrap() error { return e.Err }

func wrong(format string, args ...any) error { return &WrongError{fmt.Errorf(format, args...)} }

// Ready is what a process says that is only to show that it can be started: of which version it is.
func Ready() string { return "segq is ready: " + version }

// maxLine is how long the line of a split and a batch may be.
const maxLine = 256 << 20

// Do runs, or packs where rows says how.
func (o Options) Do(ctx context.Context, rows string, in io.Reader, out io.Writer) error {
	if rows != "" {
		return Pack(ctx, in, out, rows, o)
	}
	return Run(ctx, in, out, o)
}

// Run reads a split and a batch, answers, and reads what is left of in. What no attempt could answer it refuses, in place of an answer,
// and what takes longer than the time of the batch.
func Run(ctx context.Context, in io.Reader, out io.Writer, o Options) error {
	began := time.Now()
	lines := bufio.NewReaderSize(in, 4<<10) // no more than is read now: the rest is to stay in the pipe
	line, err := readLine(lines)
	if err != nil {
		return err
	}
	rest := tick(lines, o.Tick)
	defer rest.drain(o.Hurry)
	t, err := newTask(line)
	if err != nil {
		return err
	}
	t.Options, t.began = o, began
	if until, some := t.until(); some {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, until)
		defer cancel()
	}
	if err := t.respond(ctx, out); err != nil {
		text, is := refused(ctx, t.split.Part, err)
		if !is {
			return fmt.Errorf("part %d: %w", t.split.Part, err)
		}
		_, err = fmt.Fprintf(out, "%d\t%s\t\n", t.split.Part, text)
		return err
	}
	return nil
}

// until is when the time of the batch is over, whichever attempt this is.
func (t *task) until() (at time.Time, some bool) {
	if t.batch.Within > 0 {
		at, some = t.began.Add(t.batch.Within), true
	}
	if end := time.UnixMilli(t.batch.Until); t.batch.Until > 0 && (!some || end.Before(at)) {
		at, some = end, true
	}
	return at, some
}

// holdFor is how long a process takes at least that only says its line back: as long as the others of the statement need to begin, so that
// no executor takes the lines of others.
const holdFor = 300 * time.Millisecond

// Place says back the line that it reads, a part and a split, so that it is kept where it was read.
func Place(in io.Reader, out io.Writer) error {
	wait := time.After(holdFor)
	lines := bufio.NewReaderSize(in, 4<<10)
	line, err := readLine(lines)
	if err != nil {
		return err
	}
	<-wait
	_, err = io.WriteString(out, line+"\n")
	tick(lines, 0).drain(nil)
	return err
}

// readLine reads the first line.
func readLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return string(line[:len(line)-1]), nil
		case errors.Is(err, bufio.ErrBufferFull) && len(line) < maxLine:
		case errors.Is(err, bufio.ErrBufferFull):
			return "", wrong("the line of a split is longer than %d bytes", maxLine)
		case errors.Is(err, io.EOF) && len(line) == 0:
			return "", wrong("there is no split on standard input")
		case errors.Is(err, io.EOF):
			return string(line), nil
		default:
			return "", err
		}
	}
}

// task is one split and batch.
type task struct {
	Options
	split  *Split
	batch  *Batch
	digest string // of the text of the batch
	began  time.Time
	source *load.Table // the files; nil where they were not opened
}

// opened is a split that was opened, with what is asked of it.
type opened struct {
	table   column.Table
	engine  *resident.Engine
	queries []*check.Query
}

func (o *opened) rows() int { return o.table.Snapshot().Rows() }

// respond opens the split, and answers.
func (t *task) respond(ctx context.Context, out io.Writer) error {
	if t.batch.Look {
		answer, err := t.look(ctx)
		if err != nil {
			return err
		}
		return t.write(out, answer)
	}
	schema, err := t.batch.schema()
	if err != nil {
		return err
	}
	queries, err := wire.Decode(t.batch.Queries, schema)
	if err != nil {
		return &WrongError{err}
	}
	table, err := t.open(ctx, schema)
	if err != nil {
		return err
	}
	defer func() { _ = table.Close() }() // which was only read
	o := &opened{table, resident.Open(table, resident.Options{Threads: max(t.Threads, 1)}), queries}
	defer o.engine.Close()
	if t.batch.Take != nil {
		return t.give(ctx, o, out)
	}
	answer, err := t.answer(ctx, o)
	if err != nil {
		return err
	}
	return t.write(out, answer)
}

// write writes the line of an answer.
func (t *task) write(out io.Writer, answer *Answer) error {
	text, err := answer.encode()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d\t%s\t\n", t.split.Part, text)
	return err
}

// give answers with profiles.
func (t *task) give(ctx context.Context, o *opened, out io.Writer) error {
	to := t.lines(out, t.types(o))
	taken, err := t.take(ctx, o, to)
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	if taken, err = ended(ctx, taken, err); err != nil {
		return err
	}
	return to.end(taken, o.rows())
}

// answer answers with numbers.
func (t *task) answer(ctx context.Context, o *opened) (*Answer, error) {
	ready, rows := time.Now(), o.rows()
	b, err := t.batch.ask(o.queries, t.split.Part)
	if err != nil {
		return nil, err
	}
	found, err := t.batch.gather(b, rows)
	if err != nil {
		return nil, err
	}
	if t.Tell != nil {
		watch := newProgress(t, rows, len(o.queries))
		b.Sink = watch
		defer watch.tell()()
	}
	results, err := o.engine.Run(ctx, *b)
	if err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, err
	}
	a := &Answer{Part: t.split.Part, Attempt: attempt, Batch: t.digest, Rows: rows, Packed: packed(o.table)}
	if t.source != nil {
		a.Misfits = t.source.Report().Misfits
	}
	a.OpenMS, a.MS = ready.Sub(t.began).Milliseconds(), time.Since(t.began).Milliseconds()
	for i, r := range results {
		if err := fatal(ctx, r.Err); err != nil {
			return nil, err // another attempt may read it, or none
		}
		o := outcomeOf(r)
		if found[i] != nil && r.Err == nil {
			o.Bits = found[i].bits
		}
		a.Outcomes = append(a.Outcomes, o)
	}
	return a, nil
}

// fatal returns the error of a query if it is that of the whole attempt.
func fatal(ctx context.Context, err error) error {
	var data *exec.DataError
	var wrong *WrongError
	ctxErr := context.Cause(ctx)
	switch {
	case err == nil:
		return nil
	case ctxErr != nil && errors.Is(err, ctxErr):
		return ctxErr
	case errors.As(err, &data), errors.As(err, &wrong):
		return err
	}
	return nil
}
