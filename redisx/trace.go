package redisx

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Trace is a text that Redis has of what was asked or answered, as it was written.
type Trace struct {
	Kind TraceKind
	// Job is the id of the job, "" for what is none, and State that of it: Lost where only its answer is left.
	Job   string
	State State
	// Goes is after how long it goes by itself, 0 where that is not known yet.
	Goes time.Duration
	// Text is the JSON, of a cached answer and of the answer to a job a record, of others what the README says.
	Text []byte
	// Error is that of the job, beside its command.
	Error string

	key     string
	element string // of the list key
	frames  []string
}

// TraceKind is what a [Trace] is of.
type TraceKind string

// The kinds: the command of a job, its answer, an answer that was kept for who asks the same, a command that is no job
// yet, one that was rejected, and a request or an answer beside the queue.
const (
	TraceCommand TraceKind = "command"
	TraceAnswer  TraceKind = "answer"
	TraceCached  TraceKind = "cached"
	TraceWaiting TraceKind = "waiting"
	TraceBad     TraceKind = "rejected"
	TraceRequest TraceKind = "request"
)

// tracesAtOnce is how many jobs are read in one round trip.
const tracesAtOnce = 100

var scriptErase = script("erase")

// Traces calls each with all texts that Redis has of the jobs of a tenant, and of what belongs to no tenant, until it
// returns an error. It reads every key of the namespace; what comes meanwhile may be missing.
func (c *Client) Traces(ctx context.Context, tenant string, each func(*Trace) error) (Untraced, error) {
	if err := validName("tenant", tenant); err != nil {
		return Untraced{}, err
	}
	t := &traces{client: c, tenant: tenant, each: each, jobs: map[string]State{}}
	if err := t.find(ctx); err != nil {
		return Untraced{}, fmt.Errorf("cannot look through Redis: %w", err)
	}
	// Lists first: what is in them becomes a job.
	err := errors.Join(t.readLists(ctx), t.readJobs(ctx), t.readAnswers(ctx), t.readCached(ctx))
	return t.untraced, err
}

// Untraced is what of a namespace is not among the traces: whether there are rows of lookups, and how many jobs other tenants have.
type Untraced struct {
	Lookups bool
	Others  int
}

// traces is one look through a namespace.
type traces struct {
	client   *Client
	tenant   string
	each     func(*Trace) error
	ids      []string
	jobs     map[string]State    // of those that are the tenant's, or of nobody
	answers  map[string][]string // names of frames, by job and token
	cached   []string
	lists    map[string]TraceKind
	untraced Untraced
}

// find sorts the names of all keys.
func (t *traces) find(ctx context.Context) error {
	k := t.client.keys
	t.answers = map[string][]string{}
	t.lists = map[string]TraceKind{k.ingress(): TraceWaiting, k.rejected(): TraceBad, k.requests(): TraceRequest}
	keys := t.client.control.Scan(ctx, 0, k.prefix+"*", 1000).Iterator()
	for keys.Next(ctx) {
		kind, rest, _ := strings.Cut(strings.TrimPrefix(keys.Val(), k.prefix), ":")
		switch kind {
		case "job":
			if !strings.Contains(rest, ":") {
				t.ids = append(t.ids, rest)
			}
		case "res":
			if end := strings.LastIndexByte(rest, ':'); end > 0 {
				t.answers[rest[:end]] = append(t.answers[rest[:end]], "res:"+rest)
			}
		case "cache":
			t.cached = append(t.cached, keys.Val())
		case "answers":
			t.lists[keys.Val()] = TraceRequest
		case "in":
			if strings.HasPrefix(rest, "proc:") {
				t.lists[keys.Val()] = TraceWaiting
			}
		case "lookup":
			t.untraced.Lookups = true
		}
	}
	slices.Sort(t.ids)
	t.ids = slices.Compact(t.ids) // a scan may give a key twice
	return keys.Err()
}

// readLists reads what is no job.
func (t *traces) readLists(ctx context.Context) error {
	for key, kind := range t.lists {
		texts, err := t.client.control.LRange(ctx, key, 0, -1).Result()
		if err != nil {
			return err
		}
		goes := time.Duration(0)
		if kind != TraceWaiting && len(texts) > 0 {
			goes = max(0, t.client.control.PTTL(ctx, key).Val())
		}
		for _, text := range texts {
			if err := t.each(&Trace{Kind: kind, Goes: goes, Text: []byte(text), key: key, element: text}); err != nil {
				return err
			}
		}
	}
	return nil
}

// readJobs reads the commands of jobs.
func (t *traces) readJobs(ctx context.Context) error {
	for part := range slices.Chunk(t.ids, tracesAtOnce) {
		p := t.client.bulk.Pipeline()
		fields, goes := make([]*redis.SliceCmd, len(part)), make([]*redis.DurationCmd, len(part))
		for i, id := range part {
			fields[i] = p.HMGet(ctx, t.client.keys.prefix+"job:"+id, "state", "tenant", "payload", "error")
			goes[i] = p.PTTL(ctx, t.client.keys.prefix+"job:"+id)
		}
		if _, err := p.Exec(ctx); err != nil {
			return err
		}
		for i, id := range part {
			f, _ := texts(fields[i].Val())
			switch {
			case f[0] == "":
				continue // it has gone meanwhile
			case f[1] != t.tenant:
				t.jobs[id] = "" // somebody else's
				t.untraced.Others++
				continue
			}
			if t.jobs[id] = State(f[0]); f[0] == "following" {
				t.jobs[id] = Queued
			}
			if err := t.each(&Trace{Kind: TraceCommand, Job: id, State: t.jobs[id], Goes: max(0, goes[i].Val()), Text: []byte(f[2]), Error: f[3]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// readAnswers reads the answers of jobs, also those of attempts that came to nothing.
func (t *traces) readAnswers(ctx context.Context) error {
	for name, frames := range t.answers {
		id, _, _ := strings.Cut(name, ":")
		state, known := t.jobs[id]
		if known && state == "" {
			continue
		}
		if !known {
			state = Lost
		}
		// By their numbers.
		slices.SortFunc(frames, func(a, b string) int {
			if len(a) != len(b) {
				return len(a) - len(b)
			}
			return strings.Compare(a, b)
		})
		one := &Trace{Kind: TraceAnswer, Job: id, State: state, frames: slices.Compact(frames)}
		for _, frame := range one.frames {
			text, err := t.client.bulk.Get(ctx, t.client.keys.prefix+frame).Bytes()
			if err != nil && !isNil(err) { // else it has gone meanwhile
				return err
			}
			one.Text = append(one.Text, text...)
		}
		one.Goes = max(0, t.client.bulk.PTTL(ctx, t.client.keys.prefix+one.frames[0]).Val())
		if err := t.each(one); err != nil {
			return err
		}
	}
	return nil
}

// readCached reads answers that are kept for who asks the same.
func (t *traces) readCached(ctx context.Context) error {
	for _, key := range t.cached {
		text, err := t.client.bulk.Get(ctx, key).Bytes()
		if isNil(err) {
			continue
		}
		if err != nil {
			return err
		}
		one := &Trace{Kind: TraceCached, Goes: max(0, t.client.bulk.PTTL(ctx, key).Val()), Text: text[min(len(text), len(checksum(nil))):], key: key}
		if err := t.each(one); err != nil {
			return err
		}
	}
	return nil
}

// Erase takes away what a trace is of: a job that has ended, with its command and its answer, an answer that was kept for
// others, or a command that was rejected. It says whether that could be done: what goes on or goes at once stays.
func (c *Client) Erase(ctx context.Context, t *Trace) (bool, error) {
	switch t.Kind {
	case TraceCommand, TraceAnswer:
		args := []any{t.Job}
		for _, frame := range t.frames {
			args = append(args, frame)
		}
		n, err := c.run(ctx, c.control, scriptErase, args...).Int()
		return n == 1, err
	case TraceCached:
		return true, c.control.Unlink(ctx, t.key).Err()
	case TraceBad:
		return true, c.control.LRem(ctx, t.key, 0, t.element).Err()
	}
	return false, nil
}
