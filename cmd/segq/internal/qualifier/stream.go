package qualifier

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/segq/segq/exec/column"
	"golang.org/x/sync/errgroup"
)

// Streaming says how profiles are answered as they come.
type Streaming struct {
	// CSV has a row for each profile and rule; else there is a line of JSON a profile.
	CSV bool
	// Threads is how many profiles are answered side by side.
	Threads int
	// Now gives what now means for a profile.
	Now func() time.Time
	// Wrong hears of lines that are no profile; where there is JSON, they are in that, too.
	Wrong func(line int, err error)
}

// Streamed counts the profiles that were answered, the lines and answers that have failed, the profiles with values that
// did not fit, and those without an id.
type Streamed struct{ Profiles, Wrong, Failed, Unfit, Nameless int }

const (
	// longestLine is the longest line that is read.
	longestLine = 64 << 20
	// Lines that are there already are answered together, so many or so many bytes of them at most.
	batchLines = 64
	batchBytes = 1 << 20
)

// batch is some lines, and what becomes of them.
type batch struct {
	first int // the number of its first line
	lines [][]byte
	long  []bool // the line was too long to be read
	out   []byte
	wrong []wrongLine
	Streamed
	done chan struct{}
}

type wrongLine struct {
	line int
	err  error
}

// Stream answers each line of in with a line to out, in order. What is there is answered at once: whoever writes a line
// and waits gets its answer. Empty lines have none. It ends at the end of in, or with an error of either side.
func (r *Rules) Stream(ctx context.Context, in io.Reader, out io.Writer, s Streaming) (total Streamed, err error) {
	group, ctx := errgroup.WithContext(ctx)
	todo, order := make(chan *batch, s.Threads), make(chan *batch, 2*s.Threads)
	group.Go(func() error {
		defer close(order)
		defer close(todo)
		return readBatches(ctx, in, func(b *batch) error {
			for _, to := range []chan *batch{order, todo} {
				select {
				case to <- b:
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
			return nil
		})
	})
	for range s.Threads {
		group.Go(func() error { return r.work(ctx, todo, &s) })
	}
	group.Go(func() error { return write(ctx, order, out, &s, &total) })
	return total, group.Wait()
}

// work answers batches.
func (r *Rules) work(ctx context.Context, todo <-chan *batch, s *Streaming) error {
	q, err := r.take(ctx)
	if err != nil {
		return err
	}
	defer r.leave(q)
	for b := range todo {
		for i, line := range b.lines {
			if len(bytes.TrimSpace(line)) == 0 {
				continue
			}
			var a Answer
			err := errors.New("the line is longer than 64 MiB")
			if !b.long[i] {
				a, err = r.answer(ctx, q, line, s.Now())
			}
			b.add(b.first+i, &a, err, s.CSV)
		}
		close(b.done)
	}
	return nil
}

// add adds what is printed for a line.
func (b *batch) add(line int, a *Answer, err error, asCSV bool) {
	switch {
	case err != nil:
		b.Wrong++
		b.wrong = append(b.wrong, wrongLine{line, err})
		if !asCSV {
			b.out = fmt.Appendf(b.out, `{"line":%d,"error":%s}`+"\n", line, column.AppendJSONString(nil, err.Error()))
		}
		return
	case asCSV:
		b.out = a.appendCSV(b.out)
	default:
		b.out = a.AppendJSON(b.out)
	}
	b.Profiles++
	if string(a.ID) == "null" {
		b.Nameless++
	}
	if len(a.Warnings) > 0 {
		b.Unfit++
	}
	if asCSV {
		for _, text := range a.Warnings {
			b.wrong = append(b.wrong, wrongLine{line, errors.New(text)})
		}
	}
	if len(a.Failed) > 0 {
		b.Failed++
		for name, why := range a.Failed {
			b.wrong = append(b.wrong, wrongLine{line, fmt.Errorf("%s: %s", name, why)})
		}
	}
}

// appendCSV appends a row for each rule. The id of a profile without one is empty: its line might be the id of another.
func (a *Answer) appendCSV(dst []byte) []byte {
	id := string(a.ID)
	if id == "null" {
		id = ""
	} else if strings.HasPrefix(id, `"`) {
		_ = json.Unmarshal(a.ID, &id) // which it is
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	for _, name := range a.In {
		_ = w.Write([]string{id, name}) // to memory
	}
	w.Flush()
	return append(dst, text.Bytes()...)
}

// write writes what batches have become, in their order, and flushes when none is waiting.
func write(ctx context.Context, order <-chan *batch, out io.Writer, s *Streaming, total *Streamed) error {
	w := bufio.NewWriterSize(out, 1<<16)
	if s.CSV {
		if _, err := w.WriteString("id,rule\n"); err != nil {
			return err
		}
	}
	for b := range order {
		select {
		case <-b.done:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if _, err := w.Write(b.out); err != nil {
			return err
		}
		for _, wrong := range b.wrong {
			s.Wrong(wrong.line, wrong.err)
		}
		total.Profiles += b.Profiles
		total.Wrong += b.Wrong
		total.Failed += b.Failed
		total.Unfit += b.Unfit
		total.Nameless += b.Nameless
		if len(order) == 0 {
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
	return w.Flush()
}

// readBatches reads lines, and hands on those that are there before it waits for more.
func readBatches(ctx context.Context, in io.Reader, emit func(*batch) error) error {
	r := bufio.NewReaderSize(in, 1<<18)
	line, size := 1, 0
	b := &batch{first: line, done: make(chan struct{})}
	for ctx.Err() == nil {
		text, long, err := readLine(r)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		last := err != nil
		if line == 1 {
			text = bytes.TrimPrefix(text, []byte("\uFEFF"))
		}
		if len(text) > 0 || !last {
			b.lines, b.long = append(b.lines, text), append(b.long, long)
			size += len(text)
			line++
		}
		if len(b.lines) > 0 && (last || len(b.lines) >= batchLines || size >= batchBytes || !lineThere(r)) {
			if err := emit(b); err != nil {
				return err
			}
			b, size = &batch{first: line, done: make(chan struct{})}, 0
		}
		if last {
			return nil
		}
	}
	return context.Cause(ctx)
}

// lineThere says whether a whole line can be read without waiting.
func lineThere(r *bufio.Reader) bool {
	waiting, _ := r.Peek(r.Buffered())
	return bytes.IndexByte(waiting, '\n') >= 0
}

// readLine reads a line without its end, of one that is too long only the beginning. The error is io.EOF with the last
// one, which may be empty.
func readLine(r *bufio.Reader) (line []byte, long bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if !long {
			line = append(line, part...)
		}
		if len(line) > longestLine {
			line, long = line[:1], true
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return bytes.TrimSuffix(line, []byte("\n")), long, err
	}
}
