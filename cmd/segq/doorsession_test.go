package main

import (
	"testing"

	"github.com/spf13/cobra"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/backend"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
)

// session has the data and the broker in its own process.
func (r *doorRun) session() []fields {
	return r.throughSession(r.hall.own, slicesOf([]string{"--tenant", r.tenant}, r.flags))
}

func (r *doorRun) sessionAttached() []fields {
	args := slicesOf([]string{"--attach", "--tenant", r.tenant}, r.there(), r.flags)
	return r.throughSession(openSession(r.T, args, nil), args)
}

// throughSession does what a session does with what somebody types. Queries that have names
// are typed first, those that others ask about before these.
func (r *doorRun) throughSession(q *ask.Queue, args []string) (all []fields) {
	b := backend.New(r.Context(), q, sessionOptions(r.T, args).asking(console.Streams{}), "")
	b.ShowPersonal(true) // what it masks else is tested with it
	for range r.statements {
		for _, s := range r.statements {
			if s.name != "" {
				b.Check(repl.Query{Name: s.name, Text: s.query})
			}
		}
	}
	for _, s := range r.statements {
		q := repl.Query{Name: s.name, Text: s.query}
		if ds := b.Check(q); ds.Failed() {
			all = append(all, r.wrongInSession(ds, s.query))
			continue
		}
		all = append(all, r.answerInSession(b, q))
	}
	return all
}

// wrongInSession returns what a session says is wrong with a query, as a record has it.
func (r *doorRun) wrongInSession(ds ast.Diagnostics, text string) fields {
	one := &record.Record{}
	answer.Refuse(one, ds, text)
	whole := r.recordsIn(jsonText(one))[0]
	return fields{"partial": true, "status": whole["status"], "error": whole["error"]}
}

// answerInSession returns the answer to a query in a session, with what the check said.
func (r *doorRun) answerInSession(b repl.Backend, q repl.Query) fields {
	id, err := b.Submit(r.Context(), q)
	if err != nil {
		r.Fatal(err)
	}
	for r.Context().Err() == nil {
		jobs, err := b.Poll(r.Context(), []string{id})
		if err != nil {
			r.Fatal(err)
		}
		if !jobs[0].State.Final() {
			continue
		}
		if jobs[0].Answer == nil {
			r.Fatalf("%s: %+v", q.Text, jobs[0])
		}
		got := *jobs[0].Answer
		var told []string
		for _, d := range b.Check(q) {
			told = append(told, answer.Warning(d, q.Text))
		}
		got.Warnings = append(told, got.Warnings...)
		line, err := record.Encode(&got)
		if err != nil {
			r.Fatal(err)
		}
		return r.recordsIn(string(line))[0]
	}
	r.Fatal("the test ends")
	return nil
}

// openSession opens what a session asks: workers elsewhere, or data with a worker here.
func openSession(t *testing.T, args, over []string) *ask.Queue {
	t.Helper()
	var data []string
	if len(over) > 0 {
		data, args = over[:1], append(args, over[1:]...)
	}
	q, err := ask.OpenQueue(t.Context(), sessionOptions(t, args).place(data), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	return q
}

// sessionOptions reads the flags of a session.
func sessionOptions(t *testing.T, args []string) *options {
	t.Helper()
	o := &options{}
	c := &cobra.Command{}
	o.register(c)
	if err := c.ParseFlags(append([]string{"--redis", ""}, args...)); err != nil {
		t.Fatal(err)
	}
	if err := o.validate(); err != nil {
		t.Fatal(err)
	}
	return o
}
