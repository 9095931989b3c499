package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// answers waits for the jobs of commands and prints what they came to, in their order.
func (o *submitOptions) answers(ctx context.Context, client *redisx.Client, commands []redisx.Command, io stdio) error {
	if o.watch {
		ids := make([]string, len(commands))
		for i, c := range commands {
			ids[i] = c.ID
		}
		if _, err := follow(ctx, client, &o.client, ids, newStdio(io.in, io.err, io.err)); err != nil {
			return err
		}
	}
	w := bufio.NewWriter(io.out)
	err := printAnswers(ctx, client, commands, o.asked, w)
	return errors.Join(err, w.Flush())
}

// printAnswers prints each answer as soon as those before it are printed. asked are the
// questions of the answers; nil where one answer is about several.
func printAnswers(ctx context.Context, client *redisx.Client, commands []redisx.Command, asked []*question, w io.Writer) error {
	var ids []string
	byID, first, all := map[string]redisx.Command{}, map[string]int{}, 0
	for _, c := range commands {
		ids = append(ids, c.ID)
		byID[c.ID], first[c.ID] = c, all
		all += max(1, len(c.Names))
	}
	waiting, next, failed := map[string][]*record.Record{}, 0, 0
	var broken error
	_, err := awaitEach(ctx, client, ids, func(j redisx.Job, result []byte, err error) {
		j.Command = byID[j.ID] // Redis may not know it any more
		records, err := recordsOf(j, result, err)
		for i, r := range records {
			r.Index = first[j.ID] + i
			if r.Index < len(asked) {
				asked[r.Index].place(r)
			}
		}
		waiting[j.ID], broken = records, errors.Join(broken, err)
		for ; next < len(ids) && waiting[ids[next]] != nil; next++ {
			for _, r := range waiting[ids[next]] {
				if r.Status != record.OK {
					failed++
				}
				line, err := record.Encode(r)
				broken = errors.Join(broken, err)
				fmt.Fprintf(w, "%s\n", line)
			}
			delete(waiting, ids[next])
		}
	})
	switch {
	case err != nil:
		return err
	case broken != nil:
		return dataError(broken)
	case failed == 0:
		return nil
	case failed == all:
		return &statusError{status: exitQuery}
	}
	return &statusError{status: exitPartial}
}

// recordsOf gives the records of a job that has ended, one for each of its queries. Where it
// came to none, or its result could not be read, which is the error, they say why.
func recordsOf(j redisx.Job, result []byte, unread error) ([]*record.Record, error) {
	r := &record.Record{ID: j.ID, Name: j.Command.Name, Query: j.Command.Query, Now: j.Created}
	if at, ok := parseInstant(j.Command.Now); ok {
		r.Now = at
	}
	if unread == nil && (len(result) == 0 || j.State == redisx.Truncated) { // half of a record is no answer
		fail(r, jobError(j))
	} else if unread == nil {
		if answer, err := recordOf(j, result); err != nil {
			unread = fmt.Errorf("the answer of %s cannot be read: %w", j.ID, err)
		} else {
			r = answer
		}
	}
	if unread != nil {
		fail(r, unread)
	}
	if j.Command.Op == "rules" {
		return perRule(j.Command, r), unread
	}
	return []*record.Record{r}, unread
}
