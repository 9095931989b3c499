package main

import (
	"context"
	"errors"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// answerThere answers through the workers of a queue: with one job, or as many as the rules take.
func (o *whyOptions) answerThere(ctx context.Context, id string, queries []rules.Written, now time.Time, place ask.Place, io console.Streams) (*record.Record, error) {
	asked := ask.Questions(queries, now)
	ask.Link(asked)
	ask.ReportErrors(io.Err, asked)
	r := whyRecord(asked)
	if len(asked) == 1 && r.Error != nil {
		return r, nil
	}
	commands, good, err := o.whyCommands(id, asked, now, io)
	if err != nil || len(commands) == 0 {
		return whyWrong(id, asked, r), err
	}
	q, err := ask.Reach(ctx, place)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	records, err := whyAnswers(ctx, q.Client, commands, io)
	if err != nil {
		return nil, err
	}
	whyWrong(id, asked, r)
	rules := r.Why.Rules
	for _, own := range records {
		if own.Error != nil || own.Why == nil {
			if len(asked) == 1 {
				asked[0].Locate(own)
				own.ID, own.Index, own.Name = r.ID, r.Index, r.Name
			}
			return own, nil
		}
		for _, rule := range own.Why.Rules {
			asked[good[0]].Locate(&record.Record{Error: rule.Error})
			rules[good[0]], good = rule, good[1:]
		}
		r.ElapsedMS += own.ElapsedMS
		r.Why.Profile, r.Why.Profiles, r.Why.In = own.Why.Profile, own.Why.Profiles, r.Why.In+own.Why.In
	}
	last := records[len(records)-1]
	r.Status, r.Exact, r.Snapshot, r.Engine, r.RowsSkipped, r.ValuesSkipped, r.Warnings = last.Status, last.Exact, last.Snapshot, last.Engine, last.RowsSkipped, last.ValuesSkipped, last.Warnings
	return r, nil
}

// whyWrong makes r say what is wrong with rules, before any is answered.
func whyWrong(id string, asked []*ask.Question, r *record.Record) *record.Record {
	r.Why = &record.Why{Profile: id, Rules: make([]record.WhyRule, len(asked))}
	for i, q := range asked {
		r.Why.Rules[i] = record.WhyRule{Name: q.Record.Name, Query: q.Record.Query, Error: q.Record.Error}
	}
	return r
}

// mostTogether is how many rules one job is asked about.
const mostTogether = 1000

// whyCommands returns the commands that ask, and the places of the rules that they ask about, in their order.
func (o *whyOptions) whyCommands(id string, asked []*ask.Question, now time.Time, io console.Streams) (commands []redisx.Command, good []int, err error) {
	asking := o.asking(io)
	for i, q := range asked {
		if q.Record.Error == nil {
			good, commands = append(good, i), append(commands, asking.Command(q, now))
		}
	}
	commands = ask.Together(commands, mostTogether)
	for i := range commands {
		c := &commands[i]
		c.Op, c.Profile, c.Explain, c.Sample, c.Values = "why", id, o.explain, 0, false
		if len(asked) > 1 && c.Query != "" { // one that goes alone is one of several
			c.Queries, c.Names, c.Query, c.Name = []string{c.Query}, []string{c.Name}, "", ""
		}
		if err := c.Check(); err != nil {
			return nil, nil, exit.Usage(err)
		}
	}
	return commands, good, nil
}

// whyAnswers submits commands, and returns their answers.
func whyAnswers(ctx context.Context, client *redisx.Client, commands []redisx.Command, io console.Streams) ([]*record.Record, error) {
	ids, err := broker.Submit(ctx, client, commands, io.Err)
	if err != nil {
		return nil, exit.Data(err)
	}
	places := map[string]int{}
	for i, id := range ids {
		places[id] = i
	}
	defer broker.NoteNoWorker(ctx, client, io.Err)()
	records, unread := make([]*record.Record, len(ids)), error(nil)
	left, err := broker.Await(ctx, client, ids, func(j redisx.Job, result []byte, err error) {
		at := places[j.ID]
		j.Command = commands[at] // Redis may not know it any more
		all, err := ask.Records(j, result, err)
		records[at], unread = all[0], errors.Join(unread, err)
	})
	if len(left) > 0 {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		for _, id := range left {
			_, _ = client.Cancel(limited, id)
		}
	}
	if err == nil && unread != nil {
		err = exit.Data(unread)
	}
	return records, err
}
