package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/forget"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl/show"
)

// fromRedis looks through what a tenant keeps, publishes and has asked in Redis.
func (o *forgetting) fromRedis(ctx context.Context) error {
	if o.redis.URL == "" {
		if os.Getenv("SEGQ_REDIS_URL") != "" {
			return errors.New("the Redis of SEGQ_REDIS_URL was not looked through: --attach does that")
		}
		return nil
	}
	client, err := o.redis.Open(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	if o.Name(client.Namespace()) {
		o.stays("namespace "+client.Namespace(), "its name has it", "use another namespace")
	}
	if o.Name(o.tenant) {
		o.stays("tenant "+o.tenant, "its name has it", "use another tenant")
	}
	errs := []error{o.fromStore(ctx, store.Shared(client, o.tenant))}
	published, err := client.Segments(ctx, o.tenant)
	errs = append(errs, err)
	for _, s := range published {
		errs = append(errs, o.fromPublished(ctx, client, s))
	}
	errs = append(errs, o.fromJobs(ctx, client))
	if o.exports == "" {
		errs = append(errs, errors.New("what workers have exported was not looked through: give their folder with --export-root, on the machine that has it, or --export-root off where they have none"))
	}
	return errors.Join(errs...)
}

// fromPublished looks through a published segment.
func (o *forgetting) fromPublished(ctx context.Context, client *redisx.Client, s redisx.Segment) error {
	place, drop := "segment "+s.Name+", published as "+s.Kind, "segq segments drop "+s.Name+", and publish it again from data without the profile"
	if o.Name(s.Name) {
		o.stays(place, "its name has it", "segq segments drop "+s.Name+", and publish it by another name")
	}
	if s.Kind == "hll" || s.Kind == "bitmap" {
		o.stays(place, "it may count in it: there are no ids in it", drop)
		return nil
	}
	in, err := o.published(ctx, client, s)
	if errors.Is(err, redisx.ErrNoSegment) {
		return nil // it went meanwhile
	}
	for i, id := range o.Spellings()[1:] {
		if in[i+1] {
			o.stays(place, id+" is a member", o.sameIf(id))
		}
	}
	if err == nil && in[0] && s.Kind == "set" && o.sure {
		_, err = client.ForgetMember(ctx, o.tenant, s.Name, o.ID)
	}
	switch {
	case err != nil || !in[0]:
		return err
	case s.Kind == "set":
		o.note(place, "it is a member")
	case s.Kind == "bloom":
		o.stays(place, "it seems to be a member, and nobody can be taken out of a Bloom filter", drop)
	default:
		o.stays(place, "it is in an entry", drop)
	}
	return nil
}

// published says which of the spellings of an id are in a published segment.
func (o *forgetting) published(ctx context.Context, client *redisx.Client, s redisx.Segment) (in []bool, err error) {
	ids := o.Spellings()
	if s.Kind != "stream" {
		if in, err = client.Member(ctx, o.tenant, s.Name, ids...); err != nil {
			in = make([]bool, len(ids))
		}
		return in, err
	}
	in = make([]bool, len(ids))
	for i, id := range ids {
		one, failed := client.Streamed(ctx, o.tenant, s.Name, id)
		in[i], err = one, errors.Join(err, failed)
	}
	return in, err
}

// about is what of a job, or of what is none, has the id.
type about struct {
	place  string
	traces []*redisx.Trace
	what   []string
	mine   bool
}

// fromJobs looks through the commands and answers of the queue.
func (o *forgetting) fromJobs(ctx context.Context, client *redisx.Client) error {
	found := map[string]*about{}
	untraced, err := client.Traces(ctx, o.tenant, func(t *redisx.Trace) error {
		mentions := o.mentions(t)
		if len(mentions) == 0 {
			return nil
		}
		place := placeOf(client, t)
		key := place
		if t.Job == "" && !slices.ContainsFunc(mentions, func(m forget.Mention) bool { return m.Mine }) {
			key += " of others" // what is theirs does not go with what is of the person
		}
		a := found[key]
		if a == nil {
			a = &about{place: place}
			found[key] = a
		}
		for _, m := range mentions {
			a.what, a.mine = append(a.what, m.What), a.mine || m.Mine
		}
		t.Text = nil
		a.traces = append(a.traces, t)
		return nil
	})
	errs := []error{err}
	for _, place := range slices.Sorted(maps.Keys(found)) {
		errs = append(errs, o.fromJob(ctx, client, found[place]))
	}
	if n := untraced.Others; n > 0 {
		errs = append(errs, fmt.Errorf("%s of other tenants and their answers were not looked through: --tenant NAME looks through those of one", show.Plural(n, "job", "jobs")))
	}
	if untraced.Lookups {
		errs = append(errs, errors.New("rows of lookups in Redis were not looked through: they go an hour after the last process that reads them has ended"))
	}
	return errors.Join(errs...)
}

// mentions finds the id in a text.
func (o *forgetting) mentions(t *redisx.Trace) (all []forget.Mention) {
	switch t.Kind {
	case redisx.TraceCommand, redisx.TraceWaiting:
		all = o.Command(t.Text)
		if t.Error != "" && forget.Mentions(t.Error, o.ID) && len(all) == 0 {
			all = append(all, forget.Mention{What: "its error mentions it"})
		}
	case redisx.TraceAnswer:
		all = o.Answer(t.Text)
	case redisx.TraceCached: // which has no command beside it
		all = append(o.Answer(t.Text), o.Question(t.Text)...)
	default:
		all = o.Other(t.Text)
	}
	return all
}

// placeOf says where a text is. What is none of a job has no name.
func placeOf(client *redisx.Client, t *redisx.Trace) string {
	in := " in Redis (namespace " + client.Namespace() + ")"
	switch t.Kind {
	case redisx.TraceCommand, redisx.TraceAnswer:
		return "job " + t.Job + in
	case redisx.TraceCached:
		return "answers that are kept for who asks the same," + in
	case redisx.TraceWaiting:
		return "commands that are no jobs yet," + in
	case redisx.TraceBad:
		return "rejected commands (in:bad)," + in
	}
	return "requests beside the queue," + in
}

// fromJob notes what has the id, and takes it away if somebody is sure and it is over.
func (o *forgetting) fromJob(ctx context.Context, client *redisx.Client, a *about) error {
	what := strings.Join(slices.Compact(a.what), ", ")
	goes, open := time.Duration(0), false
	for _, t := range a.traces {
		goes = max(goes, t.Goes)
		open = open || !t.State.Final() && t.Job != ""
	}
	kind := a.traces[0].Kind
	switch {
	case kind == redisx.TraceWaiting:
		o.stays(a.place, what, "it becomes a job as soon as a worker sees it: run this again then")
	case kind == redisx.TraceRequest:
		o.stays(a.place, what, "it goes within seconds")
	case open:
		o.stays(a.place, what, "segq cancel "+a.traces[0].Job+", and run this again when it has ended")
	case !a.mine:
		o.stays(a.place, what, "look at it: it may be of others; "+goesIn(goes))
	case !o.sure:
		o.found = append(o.found, finding{a.place, what, stateFound, goesIn(goes)})
	default:
		for _, t := range a.traces {
			gone, err := client.Erase(ctx, t)
			if err != nil {
				return err
			}
			if !gone {
				o.stays(a.place, what, "it goes on: run this again when it has ended")
				return nil
			}
		}
		o.note(a.place, what)
	}
	return nil
}

// goesIn says when something goes by itself.
func goesIn(d time.Duration) string {
	switch {
	case d <= 0:
		return "it goes by itself"
	case d > 48*time.Hour:
		return fmt.Sprintf("it goes by itself in %d days", int(d.Hours()+12)/24)
	case d > 90*time.Minute:
		return fmt.Sprintf("it goes by itself in %d hours", int(d.Hours()+0.5))
	}
	return fmt.Sprintf("it goes by itself in %s", show.Plural(max(1, int(d.Minutes()+0.5)), "minute", "minutes"))
}
