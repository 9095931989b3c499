package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/analysis"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/redisx"
)

// commands returns what is to be submitted.
func (o *submitOptions) commands(ctx context.Context, io console.Streams) ([]redisx.Command, error) {
	now, err := o.instant()
	if err := errors.Join(err, o.bounds(true), o.operation(), o.validateRows(), o.validateMemberships(), o.validateKept()); err != nil {
		return nil, exit.Usage(err)
	}
	if err := o.checkSelect(true, io); err != nil {
		return nil, err
	}
	if o.op == diffOp && o.kept.Saved != "" {
		return o.diffCommand(io)
	}
	if o.op == "rules" || o.op == "qualify" || o.op == whyOp && len(o.sets) > 0 || (o.ofMany() || o.op == analysis.Near && o.into != "") && len(o.sets) > 0 {
		return o.setCommand(io)
	}
	if _, err := o.document(io); err != nil {
		return nil, err
	}
	asked, err := o.questions(ctx, io, now)
	if err != nil {
		return nil, err
	}
	spec := o.spec()
	if err := spec.Fits(len(asked)); err != nil {
		return nil, exit.Usage(err)
	}
	if !spec.Joint() {
		o.asked = asked
	}
	o.several = asked
	commands := make([]redisx.Command, len(asked))
	for i, q := range asked {
		commands[i] = o.command(q, now, io)
	}
	if o.ofMany() {
		o.asked = nil // one answer is about all
		if commands, err = o.asMemberships(commands, asked); err != nil {
			return nil, err
		}
	}
	if slices.Contains([]string{diffOp, saveOp, whyOp}, o.op) && !o.ofMany() && len(commands) > 0 {
		if commands, err = o.asKept(commands); err != nil {
			return nil, err
		}
	}
	if commands, err = o.joined(commands); err != nil {
		return nil, exit.Usage(err)
	}
	for i := range commands {
		if err := commands[i].Check(); err != nil {
			if len(commands) > 1 {
				err = fmt.Errorf("job %d: %w", i+1, err)
			}
			return nil, exit.Usage(err)
		}
	}
	return commands, nil
}

// setCommand returns the command that asks the rules of a set, which it names.
func (o *submitOptions) setCommand(io console.Streams) ([]redisx.Command, error) {
	if len(o.sets) != 1 || len(o.queries)+len(o.files) > 0 {
		return nil, exit.Usage(fmt.Errorf("--op %s asks the rules of one --set NAME, without -c and -f", o.op))
	}
	if o.store.file != "" {
		return nil, exit.Usage(fmt.Errorf("workers take sets from Redis, and not from --store %s: leave it out, and put the set there with segq rules put --attach", o.store.file))
	}
	name, version, err := store.CutVersion(o.sets[0])
	if err != nil {
		return nil, exit.Usage(err)
	}
	c := o.asking(io).CommandOf("", "", nil, o.now)
	c.Op, c.Name, c.Set, c.SetVersion, c.Priority, c.Profile, c.Explain = o.op, o.into, name, version, o.priority, o.about, o.explain
	c.Comparing = o.compared
	if o.id != "" {
		c.ID = o.id
	}
	if c.Document, err = o.document(io); err != nil {
		return nil, err
	}
	if err := c.Check(); err != nil {
		return nil, exit.Usage(err)
	}
	return []redisx.Command{c}, nil
}

// document returns the profile that is asked about.
func (o *submitOptions) document(io console.Streams) (string, error) {
	if (o.data.Profile != "") != (o.op == "qualify") {
		return "", exit.Usage(errors.New("--op qualify asks which rules of a --set the profile of --profile FILE is in: they go together"))
	}
	if o.data.Profile == "" {
		return "", nil
	}
	text, err := o.data.ReadProfile(io.In)
	if err != nil {
		return "", exit.Data(fmt.Errorf("--profile: %w", err))
	}
	return string(text), nil
}

// joined makes one command of many where that is asked for, and names it.
func (o *submitOptions) joined(commands []redisx.Command) ([]redisx.Command, error) {
	if o.together > 1 {
		if o.op != "query" {
			return nil, fmt.Errorf("--together is for queries alone, not for an operation such as %s", o.op)
		}
		commands = ask.Together(commands, o.together)
	}
	if o.spec().Joint() {
		commands = []redisx.Command{ask.AsJoint(commands, o.spec())}
	}
	if o.into != "" {
		if len(commands) != 1 {
			return nil, fmt.Errorf("publish one query under one name, not %d", len(commands))
		}
		commands[0].Name = o.into
	}
	if o.printsRows() && len(commands) != 1 {
		return nil, severalQueries(len(commands))
	}
	if o.id != "" {
		if len(commands) != 1 {
			return nil, fmt.Errorf("--id is for one job, and there are %d", len(commands))
		}
		commands[0].ID = o.id
	}
	return commands, nil
}

// operation makes the flags of analyses and --op say the same.
func (o *submitOptions) operation() error {
	if o.changed == nil { // of a command without them
		return nil
	}
	switch o.op {
	case analysis.Funnel:
		o.funnel = true
	case analysis.Near:
		o.near = true
	case analysis.Overlap:
		o.overlap = true
	case analysis.Lift:
		if o.lift == "" {
			o.lift, o.by = o.by, ""
		}
	case "export", "sample":
		if o.spec().Op != "" {
			return fmt.Errorf("--op %s does not go with %s: choose one", o.op, strings.Join(o.picked(), ", "))
		}
	}
	if o.op == analysis.Breakdown && o.by == "" || o.op == analysis.Lift && o.lift == "" {
		return fmt.Errorf("--op %s needs a field: add --by FIELD, or --lift FIELDS in place of --op lift", o.op)
	}
	if op := o.spec().Op; op != "" {
		o.op = op
	}
	return o.analysing.validate(o.taking.rows(), o.sample > 0)
}

// questions reads the queries, and finds what is wrong with them as far as that can be said
// without the data. Where one is to be published, it is the one of that name: the others
// are there to be asked about.
func (o *submitOptions) questions(ctx context.Context, io console.Streams, now time.Time) ([]*ask.Question, error) {
	if err := o.sparesInput(nil); err != nil {
		return nil, exit.Usage(err)
	}
	queries, err := o.written(ctx, io.In, &o.client.Options)
	if err != nil {
		return nil, err
	}
	if err := o.emptyQuery(queries); err != nil {
		return nil, exit.Usage(err)
	}
	asked := ask.Questions(queries, now)
	ask.Link(asked)
	if ask.Failures(asked) > 0 {
		ask.ReportErrors(io.Err, asked)
		return nil, &exit.Error{Status: exit.WrongQuery}
	}
	if o.into != "" && o.op != membershipsOp && o.op != diffOp && len(asked) > 1 {
		name := strings.TrimSuffix(o.into, path.Ext(o.into))
		for i, q := range asked {
			if q.Name == o.into || q.ID == o.into || o.to == redisx.ToFile && q.Name == name {
				return asked[i : i+1], nil
			}
		}
	}
	return asked, nil
}

// command returns the command of a question, with what only submit and publish can say.
func (o *submitOptions) command(q *ask.Question, now time.Time, io console.Streams) redisx.Command {
	c := o.asking(io).Command(q, now)
	c.Priority = o.priority
	if o.op != "query" && !o.spec().Joint() { // which one of rows is not
		c.Op = o.op
	}
	c.To, c.Rate, c.TTLMS = o.to, o.rate, o.ttl.Milliseconds()
	if c.Op == "export" && c.To == redisx.ToFile && o.into == "" && c.Name != "" && path.Ext(c.Name) == "" {
		c.Name += ".csv"
	}
	return c
}
