package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// answers waits for the jobs of commands and prints their results, in their order.
func (o *submitOptions) answers(ctx context.Context, client *redisx.Client, commands []redisx.Command, io console.Streams) error {
	if o.watch {
		ids := make([]string, len(commands))
		for i, c := range commands {
			ids[i] = c.ID
		}
		if _, err := follow(ctx, client, &o.client, ids, console.Open(io.In, io.Err, io.Err)); err != nil {
			return err
		}
	}
	w := bufio.NewWriter(io.Out)
	err := printAnswers(ctx, client, commands, o.asked, w)
	return errors.Join(err, w.Flush())
}

// printAnswers prints each answer as soon as those before it are printed. asked are the
// questions of the answers; nil where one answer is about several.
func printAnswers(ctx context.Context, client *redisx.Client, commands []redisx.Command, asked []*ask.Question, w io.Writer) error {
	var ids []string
	byID, first, all := map[string]redisx.Command{}, map[string]int{}, 0
	for _, c := range commands {
		ids = append(ids, c.ID)
		byID[c.ID], first[c.ID] = c, all
		all += max(1, len(c.Names))
	}
	waiting, next := map[string][]*record.Record{}, 0
	var printed []*record.Record
	var broken error
	_, err := broker.Await(ctx, client, ids, func(j redisx.Job, result []byte, err error) {
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
				line, err := record.Encode(r)
				broken = errors.Join(broken, err)
				fmt.Fprintf(w, "%s\n", line)
			}
			printed = append(printed, waiting[ids[next]]...)
			delete(waiting, ids[next])
		}
	})
	switch {
	case err != nil:
		return err
	case broken != nil:
		return exit.Data(broken)
	}
	return statusOfRecords(printed)
}
