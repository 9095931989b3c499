package redisx

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// State is where a job is in its life.
type State string

// The states. Lost is that of a job which Redis does not know: it never was, or
// its time to be read is over. A job that is Delayed met an error that may pass and
// waits to be queued again; a Suspect was lost with its worker and waits to run
// alone. From Done on, states are final; Truncated is Done with a result that was
// cut.
const (
	Lost      State = "lost"
	Queued    State = "queued"
	Delayed   State = "delayed"
	Suspect   State = "suspect"
	Running   State = "running"
	Done      State = "done"
	Truncated State = "truncated"
	Failed    State = "failed"
	Cancelled State = "cancelled"
	Expired   State = "expired"
	Dead      State = "dead"
)

// Final says whether a job in state s has ended.
func (s State) Final() bool {
	switch s {
	case Queued, Delayed, Suspect, Running:
		return false
	}
	return true
}

// Job is what Redis knows of a job at one moment.
type Job struct {
	ID                   string
	State                State
	Tenant, Class, Owner string
	// Attempt counts the runs of the job from 1, Tries those that met an error which
	// may pass, and Crashes those in which it ran alone and its worker was lost.
	Attempt, Tries, Crashes int
	// Place is that of a Queued job among those of its tenant and class, or of a Suspect among these, counted
	// from 1: 0 for others, and behind the first hundred. The queues of tenants and classes take turns.
	Place int
	// Before is the id of a job that runs alone and that a Suspect waits for, or a Queued one where no worker is left for it
	// meanwhile; "" where none does. Alone says that a Running one does itself, since a worker was lost with it.
	Before                     string
	Alone                      bool
	Created, Started, Finished time.Time
	// Deadline is when the job expires; zero for never.
	Deadline time.Time
	// Error says why the job failed or was given up, or why it is delayed.
	Error string
	// Partitions are the counters of the present attempt, by partition; empty
	// before the first.
	Partitions []Partition
	// Load is what the present attempt has told of the loading of the data that it waits
	// for, or has waited for; zero for nothing.
	Load Load
	// Command is what was asked.
	Command Command
	// Source says who did the work when it was not this job: [SourceCache], or the id
	// of the job that asked the same before. Its result is in that job's name.
	Source string
	// Snapshot names the data that the last attempt ran over, "" where its worker did not say, and Code
	// the kind of error of a job that failed without a record, "" for none that has a name.
	Snapshot, Code string

	token    string
	frames   int
	checksum string // of the result
}

// Partition is how far a job is in one partition: of Total rows, Rows were seen
// and Matched of those matched. Elapsed is the time from the start of the attempt to
// this report, in whole milliseconds.
type Partition struct {
	Done                 bool
	Rows, Total, Matched int
	Elapsed              time.Duration
}

// Load is how far data is loaded: bytes that were read, of how many, and of how many columns, 0 where that is not
// known. They are counters of their own: estimates are made of rows.
type Load struct {
	Done, Total int64
	Columns     int
}

// loadField is where a hash of counters has the load, beside the numbers of partitions.
const loadField = "load"

// String returns the form in Redis: bytes that were read:of how many:columns. Workers of versions before leave the
// columns out.
func (l Load) String() string { return fmt.Sprintf("%d:%d:%d", l.Done, l.Total, l.Columns) }

func parseLoad(text string) Load {
	done, rest, _ := strings.Cut(text, ":")
	total, columns, _ := strings.Cut(rest, ":")
	var l Load
	l.Done, _ = strconv.ParseInt(done, 10, 64)
	l.Total, _ = strconv.ParseInt(total, 10, 64)
	l.Columns, _ = strconv.Atoi(columns)
	return l
}

// Loading says whether the job runs, and waits for data: it has seen no row yet, and not
// all is loaded.
func (j *Job) Loading() bool {
	return j.State == Running && j.Load.Done < j.Load.Total && !slices.ContainsFunc(j.Partitions, func(p Partition) bool { return p.Rows > 0 })
}

// Submit puts a command in the queue and gives the id of its job. A command whose
// id is known already is not queued again: that is no error, so that a client
// may repeat itself. One whose answer is in the cache is done at once; one that asks
// what another job of its tenant is at work on shares that job's run. The error is [ErrBusy] when too many commands wait,
// and [ErrSnapshot] when it asks for other data than there is.
func (c *Client) Submit(ctx context.Context, command Command) (id string, err error) {
	payload, err := command.encodeNew()
	if err != nil {
		return "", err
	}
	err = c.enqueue(ctx, &command, payload, c.queueCap, c.totalCap, "", "")
	return command.ID, err
}

// submitAtOnce is how many commands go in one pipeline.
const submitAtOnce = 256

// SubmitAll is Submit for many commands, with few round trips. It gives the ids of those
// that are queued, in their order, and stops at the first that cannot be.
func (c *Client) SubmitAll(ctx context.Context, commands []Command) (ids []string, err error) {
	for part := range slices.Chunk(commands, submitAtOnce) {
		p := c.bulk.Pipeline()
		answers := make([]*redis.Cmd, len(part))
		for i := range part {
			payload, err := part[i].encodeNew()
			if err != nil {
				return ids, err
			}
			answers[i] = scriptEnqueue().EvalSha(ctx, p, []string{c.keys.ingress()},
				append([]any{c.keys.prefix}, enqueueArgs(&part[i], payload, c.queueCap, c.totalCap, "", "")...)...)
		}
		_, _ = p.Exec(ctx) // each command has its own error
		for i := range part {
			answer, err := answers[i].Text()
			if err != nil {
				// Perhaps the server has no such script; by itself the command says why.
				_, err = c.Submit(ctx, part[i])
			} else {
				err = c.queued(&part[i], answer)
			}
			if err != nil {
				return ids, err
			}
			ids = append(ids, part[i].ID)
		}
	}
	return ids, nil
}

// enqueueArgs are the arguments of the enqueue script.
func enqueueArgs(command *Command, payload []byte, queueCap, totalCap int, staging, raw string) []any {
	args := []any{
		command.ID, command.Tenant, command.Class, command.Priority, payload, command.DeadlineMS,
		queueCap, totalCap, staging, raw, command.flight(), command.Snapshot,
	}
	for _, ask := range command.asks() {
		args = append(args, ask)
	}
	return args
}

// enqueue runs the enqueue script with these caps, 0 for none; raw is what to take
// from the list staging.
func (c *Client) enqueue(ctx context.Context, command *Command, payload []byte, queueCap, totalCap int, staging, raw string) error {
	answer, err := c.run(ctx, c.control, scriptEnqueue, enqueueArgs(command, payload, queueCap, totalCap, staging, raw)...).Text()
	switch {
	case err != nil && strings.HasPrefix(err.Error(), "OOM "):
		return fmt.Errorf("%w: try again later", ErrMemory)
	case err != nil:
		return fmt.Errorf("cannot queue the command: %w", err)
	}
	return c.queued(command, answer)
}

// queued returns the error for what the enqueue script has answered.
func (c *Client) queued(command *Command, answer string) error {
	if why, ok := strings.CutPrefix(answer, "OTHER:"); ok {
		return fmt.Errorf("%w: %s", ErrSnapshot, why)
	}
	switch answer {
	case "BUSY":
		return fmt.Errorf("%w: tenant %s has %d commands waiting in class %s", ErrBusy, command.Tenant, c.queueCap, command.Class)
	case "FULL":
		return fmt.Errorf("%w: there are %d commands in all", ErrBusy, c.totalCap)
	}
	return nil
}

// Cancel asks for the end of a job and gives its state after that: Cancelled
// when it was waiting, Running when its worker has been asked, else the final
// state that it has already. That a running job has ended is told by Status. A worker of this
// process, over the same client, need not hear of it from Redis: it has been told when Cancel returns.
func (c *Client) Cancel(ctx context.Context, id string) (State, error) {
	if err := validName("id", id); err != nil {
		return Lost, err
	}
	state, err := c.cancel(ctx, id, 0)
	if err == nil && state == Running {
		c.working.Range(func(w, _ any) bool {
			w.(*Worker).cancelled(id)
			return true
		})
	}
	return state, err
}

// cancel runs the cancel script, which remembers a job that is not there for so
// long.
func (c *Client) cancel(ctx context.Context, id string, remember time.Duration) (State, error) {
	answer, err := c.run(ctx, c.control, scriptCancel, id, remember.Milliseconds()).Text()
	if answer == "GONE" {
		return Lost, nil
	}
	return State(answer), err
}

// Status returns the jobs with these ids, in their order, each with its counters,
// in one round trip and as of one moment.
func (c *Client) Status(ctx context.Context, ids ...string) ([]Job, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	rows, err := c.run(ctx, c.control, scriptStatus, args...).Slice()
	if err != nil {
		return nil, fmt.Errorf("cannot read the state of %d jobs: %w", len(ids), err)
	}
	jobs := make([]Job, len(ids))
	for i, row := range rows {
		pair, ok := row.([]any)
		if !ok || len(pair) != 2 {
			return nil, errors.New("redis returned no job")
		}
		if jobs[i], err = readJob(ids[i], pair[0], pair[1]); err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

// readJob reads what the status script gives of a job.
func readJob(id string, fields, counters any) (Job, error) {
	f, ok := texts(fields)
	if !ok || len(f) != 24 {
		return Job{}, fmt.Errorf("job %s is malformed in Redis", id)
	}
	j := Job{ID: id, State: State(f[0]), Tenant: f[1], Class: f[2], Owner: f[5], Error: f[9], Source: f[17], Snapshot: f[19], Code: f[20], token: f[4], checksum: f[15]}
	if j.State == "" {
		j.State = Lost
		return j, nil
	}
	j.Attempt, _ = strconv.Atoi(f[3])
	j.Place, _ = strconv.Atoi(f[21])
	j.Before, j.Alone = f[22], f[23] == "1"
	j.frames, _ = strconv.Atoi(f[10])
	j.Tries, _ = strconv.Atoi(f[12])
	j.Crashes, _ = strconv.Atoi(f[13])
	j.Created, j.Started, j.Finished = millis(f[6]), millis(f[7]), millis(f[8])
	j.Deadline = millis(f[14])
	if err := json.Unmarshal([]byte(f[11]), &j.Command); err != nil {
		return Job{}, fmt.Errorf("job %s holds no command: %w", id, err)
	}
	pairs, _ := texts(counters)
	j.Partitions, j.Load = readCounters(pairs)
	return j, nil
}

// readCounters reads the fields and values of a counter hash.
func readCounters(pairs []string) (out []Partition, l Load) {
	out = make([]Partition, len(pairs)/2)
	for k := 0; k+1 < len(pairs); k += 2 {
		if pairs[k] == loadField {
			l = parseLoad(pairs[k+1])
			out = out[:len(out)-1]
			continue
		}
		i, err := strconv.Atoi(pairs[k])
		if err != nil || i < 0 || i >= len(out) {
			continue
		}
		out[i] = parsePartition(pairs[k+1])
	}
	return out, l
}

// String returns the counter's form in Redis: state:rows:total:matched:milliseconds.
func (p Partition) String() string {
	state := "running"
	if p.Done {
		state = "done"
	}
	return fmt.Sprintf("%s:%d:%d:%d:%d", state, p.Rows, p.Total, p.Matched, p.Elapsed.Milliseconds())
}

func parsePartition(text string) Partition {
	parts := strings.Split(text, ":")
	if len(parts) != 5 {
		return Partition{}
	}
	p := Partition{Done: parts[0] == "done"}
	p.Rows, _ = strconv.Atoi(parts[1])
	p.Total, _ = strconv.Atoi(parts[2])
	p.Matched, _ = strconv.Atoi(parts[3])
	ms, _ := strconv.ParseInt(parts[4], 10, 64)
	p.Elapsed = time.Duration(ms) * time.Millisecond
	return p
}

// texts reads an array of strings.
func texts(v any) ([]string, bool) {
	items, ok := v.([]any)
	out := make([]string, len(items))
	for i, item := range items {
		s, isText := item.(string)
		ok = ok && isText
		out[i] = s
	}
	return out, ok
}

// millis reads a time in milliseconds; zero for none.
func millis(text string) time.Time {
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil || ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
