package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/why"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
	"github.com/spf13/cobra"
)

// whyOptions are the flags of why.
type whyOptions struct {
	options
	explain bool
}

func whyCommand(g *configuration, io console.Streams) *cobra.Command {
	o := &whyOptions{}
	c := &cobra.Command{
		Use:   "why ID [flags] [DATA ...]",
		Short: "Show why a profile matches a rule, or does not",
		Long: `why takes the profile with an id, and shows one rule (-c, -f, --set or standard input) clause by clause: what holds for
the profile, what does not, and the values that decided it; of events, those that came nearest, with the parts of the condition
that they meet and miss. (null) is where there is no value: every comparison with it is false.

Of several rules it lists those that the profile is in, of each with --explain also why.

With --profile FILE it takes a profile that is not in the data, one JSON object, in place of an ID: the rules are checked against the
fields of --schema FILE, or against those of DATA.`,
		Example: `  segq why p-0001898 -c 'loyalty.tier = "gold" and xEvent.count() > 3' p.parquet
  segq why p-0001898 -f rules.pql p.parquet
  segq why --profile new.json -f rules.pql p.parquet
  segq why p-0001898 --attach --redis redis://127.0.0.1:6379 --set nightly`,
		Args: func(cmd *cobra.Command, args []string) error {
			if o.data.Profile != "" {
				return nil
			}
			return cobra.MinimumNArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			id, data := "", args
			if o.data.Profile == "" {
				id, data = args[0], args[1:]
			}
			if err := besideCluster(cmd, data); err != nil {
				return err
			}
			if !o.attach && (o.data.Profile == "" || !o.given("schema")) {
				data, o.dataFrom = g.data(cmd, data)
			}
			return o.run(cmd.Context(), id, data, io)
		},
		Annotations: map[string]string{config.TakesData: "true"},
	}
	f := c.Flags()
	o.registerQueries(f)
	f.StringVar(&o.now, "now", "", "the `TIME` that now means (ISO-8601; default the time of the run)")
	f.DurationVar(&o.timeout, "timeout", 0, "give up after this time, such as 30s (status 4)")
	o.data.RegisterProfile(f)
	f.BoolVar(&o.explain, "explain", false, "show of several rules why, too")
	help.Under(f, help.Queries)
	o.printing.register(f)
	f.StringVar(&o.progress, "progress", "auto", "progress: auto, tty, err or off")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no notes on standard error")
	help.Under(f, help.Output)
	o.registerOver(f)
	o.data.RegisterCluster(f)
	return c
}

// run answers why a profile is in rules.
func (o *whyOptions) run(ctx context.Context, id string, data []string, io console.Streams) error {
	if err := errors.Join(o.settle(), o.overData(data), chosen("--progress", o.progress, progresses)); err != nil {
		return exit.Usage(err)
	}
	if _, err := printer.FormatOf(o.format, o.output, false); err != nil {
		return exit.Usage(err)
	}
	switch {
	case o.data.Clustered() && (o.data.Profile != "" || o.attach):
		return exit.Usage(errors.New("--cluster asks about a profile of its table: leave out --profile and --attach, or --cluster"))
	case o.data.Profile != "" && o.attach:
		return exit.Usage(errors.New("--profile needs the fields here: leave out --attach, and name DATA or --schema FILE"))
	case o.data.Profile == dataset.Stdin && !o.asks():
		return exit.Usage(errors.New("standard input has the profile: give the rules with -c, -f or --set"))
	}
	if o.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.timeout)
		defer cancel()
	}
	r, err := o.answer(ctx, id, data, io)
	if err != nil {
		return err
	}
	out, err := o.open(ctx, printer.Why, io)
	if err != nil {
		return err
	}
	if r.Error != nil && r.Error.Told {
		out.Told(r.Index)
	}
	if err := out.Write(r); err != nil {
		return errors.Join(err, out.Break())
	}
	if err := out.Close(); err != nil {
		return err
	}
	return whyStatus(r)
}

// answer returns the record that is printed.
func (o *whyOptions) answer(ctx context.Context, id string, data []string, io console.Streams) (*record.Record, error) {
	now, err := o.instant()
	if err := errors.Join(err, o.sparesInput(data)); err != nil {
		return nil, exit.Usage(err)
	}
	queries, err := o.written(ctx, io.In, &o.redis)
	if err != nil {
		return nil, err
	}
	if len(queries) == 0 {
		return nil, exit.Usage(errors.New("no rules given: write one with -c, or name a file of them with -f"))
	}
	if err := existing(data); err != nil {
		if o.data.Profile != "" {
			err = fmt.Errorf("%w (--profile is in place of an id: leave out one of them)", err)
		}
		return nil, exit.Data(err)
	}
	place := o.place(data)
	if o.attach {
		return o.answerThere(ctx, id, queries, now, place, io)
	}
	if o.data.Profile == "" || !o.given("schema") {
		noteData(o.notes(io), data, o.dataFrom)
	}
	d, err := dataset.Open(ctx, place.Paths, place.Data, place.Threads, o.notes(io))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	asked := ask.PrepareOver(d, queries, o.paramValues(), now)
	ask.ReportErrors(io.Err, asked)
	r := whyRecord(asked)
	if len(asked) == 1 && r.Error != nil {
		return r, nil
	}
	began := time.Now()
	if err := o.answerHere(ctx, id, d, asked, now, r); err != nil {
		return nil, err
	}
	r.ElapsedMS = float64(time.Since(began).Microseconds()) / 1000
	return r, nil
}

// whyRecord returns the record about all that is asked: that of a single query, or one for several.
func whyRecord(asked []*ask.Question) *record.Record {
	r := *asked[0].Record
	if len(asked) > 1 {
		r.ID, r.Name, r.Query, r.Type, r.Status, r.Error, r.Warnings = "why", "", "", "", "", nil, nil
	}
	r.Type = "" // what is not true is told
	return &r
}

// answerHere answers with data in this process. The error is one of the data.
func (o *whyOptions) answerHere(ctx context.Context, id string, d *dataset.Dataset, asked []*ask.Question, now time.Time, r *record.Record) error {
	q := why.Question{ID: id, Only: o.data.Profile != "", Now: now, Trees: o.explain}
	var typed []*check.Query
	for _, one := range asked {
		q.Rules = append(q.Rules, why.Rule{
			Name: one.Record.Name, Query: one.Record.Query, Typed: one.Typed, Text: one.Source.Text, Segment: one.Definition, Error: one.Record.Error,
		})
		if one.Typed != nil {
			typed = append(typed, one.Typed)
		}
	}
	var err error
	if !q.Only && !d.OnCluster() {
		err = why.Narrow(d, id)
	}
	if err == nil {
		err = d.Explain(why.Answer(ctx, d, q, r))
	}
	var unknown *why.UnknownError
	var status *exit.Error
	switch {
	case errors.As(err, &unknown):
		r.Status, r.Error = record.Failed, &unknown.Says
	case errors.As(err, &status) && ctx.Err() == nil:
		return err
	case err != nil:
		answer.Fail(r, err)
	default:
		r.Status, r.Exact = record.OK, true
		d.Describe(r, typed)
	}
	return nil
}

// whyStatus returns the error whose status tells how a question went.
func whyStatus(r *record.Record) error {
	if r.Error != nil || r.Why == nil {
		return statusOfRecords([]*record.Record{r})
	}
	wrong := func(rule record.WhyRule) bool { return rule.Error != nil }
	switch {
	case !slices.ContainsFunc(r.Why.Rules, wrong):
		return nil
	case slices.ContainsFunc(r.Why.Rules, func(rule record.WhyRule) bool { return rule.Error == nil }):
		return &exit.Error{Status: exit.Partial}
	}
	return &exit.Error{Status: exit.WrongQuery}
}
