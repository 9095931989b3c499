package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// errLate says that the time of the jobs is over, with that in which a worker would have said so.
var errLate = errors.New("the time of the jobs is over")

// answerGrace is how long a worker takes at most to say that the time of a job is over.
const answerGrace = time.Second

// answers waits for the jobs of commands and prints their results, in their order. With --timeout it
// does not wait for workers that are not there.
func (o *submitOptions) answers(ctx context.Context, client *redisx.Client, commands []redisx.Command, io console.Streams) error {
	if o.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, o.timeout+answerGrace, errLate)
		defer cancel()
	}
	if o.watch {
		ids := make([]string, len(commands))
		for i, c := range commands {
			ids[i] = c.ID
		}
		if _, err := follow(ctx, client, &o.client, ids, console.Open(io.In, io.Err, io.Err)); err != nil && !errors.Is(err, errLate) {
			return err
		}
	}
	if !o.watch {
		defer broker.NoteNoWorker(ctx, client, o.notes(io))()
	}
	if o.printsRows() {
		return o.answerRows(ctx, client, commands[0], io)
	}
	kind := o.kind()
	if kind == "" {
		kind = o.op
	}
	if o.compared.Previous != "" {
		kind = printer.Changes
	}
	out, err := o.open(ctx, kind, io)
	if err != nil {
		return err
	}
	counted := &snapshots{Writer: out}
	if o.asked == nil && len(commands) == 1 {
		counted.Writer = &showing{out, io.Err, o.several}
	}
	err = printAnswers(ctx, client, commands, o.asked, counted)
	if answered := (*exit.Error)(nil); err != nil && !errors.As(err, &answered) {
		return errors.Join(err, out.Break())
	}
	closed := out.Close()
	if closed == nil {
		o.dropManifest(o.notes(io))
	}
	counted.note(o.notes(io))
	return errors.Join(err, closed)
}

// showing shows in its source what is wrong with one of several queries that the answer is about, and writes that.
type showing struct {
	printer.Writer
	to      io.Writer
	several []*ask.Question
}

// Write shows and writes.
func (s *showing) Write(r *record.Record) error {
	ask.Show(s.to, s.several, r)
	return s.Writer.Write(r)
}

// printAnswers prints each answer as soon as those before it are printed. asked are the
// questions of the answers; nil where one answer is about several.
func printAnswers(ctx context.Context, client *redisx.Client, commands []redisx.Command, asked []*ask.Question, w printer.Writer) error {
	var ids []string
	byID, first, all := map[string]redisx.Command{}, map[string]int{}, 0
	for _, c := range commands {
		ids = append(ids, c.ID)
		byID[c.ID], first[c.ID] = c, all
		all += ask.AnswersOf(c)
	}
	waiting, next := map[string][]*record.Record{}, 0
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var printed []*record.Record
	var broken, unwritten error
	put := func(j redisx.Job, result []byte, err error) {
		j.Command = byID[j.ID] // Redis may not know it any more
		records, err := ask.Records(j, result, err)
		for i, r := range records {
			r.Index = first[j.ID] + i
			if r.Index < len(asked) {
				asked[r.Index].Locate(r)
			}
		}
		waiting[j.ID], broken = records, errors.Join(broken, err)
		for ; next < len(ids) && waiting[ids[next]] != nil; next++ {
			for _, r := range waiting[ids[next]] {
				if unwritten != nil {
					break
				}
				if unwritten = w.Write(r); unwritten != nil {
					stop(unwritten) // what nobody can read need not be waited for
				}
			}
			printed = append(printed, waiting[ids[next]]...)
			delete(waiting, ids[next])
		}
	}
	left, err := broker.Await(ctx, client, ids, put)
	if errors.Is(err, errLate) {
		err = nil
		for _, id := range left {
			put(redisx.Job{ID: id, State: redisx.Expired, Created: time.Now().UTC().Truncate(time.Millisecond)}, nil, nil)
		}
	}
	switch {
	case unwritten != nil:
		return unwritten
	case err != nil:
		return err
	case broken != nil:
		return exit.Data(broken)
	}
	status := statusOfRecords(printed)
	if own := (*exit.Error)(nil); len(left) > 0 && errors.As(status, &own) {
		own.Err = fmt.Errorf("%d of %d jobs have not ended in their time: segq doctor tells whether there is a worker", len(left), len(ids))
	}
	return status
}
