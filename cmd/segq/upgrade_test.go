package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/backend"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/worker"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/preview"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
)

// exchange is what a client and a worker of some version have put into Redis for one job.
type exchange struct {
	Command json.RawMessage
	Result  json.RawMessage
}

func readExchanges(t *testing.T, file string) (all []exchange) {
	t.Helper()
	text, err := os.ReadFile("testdata/upgrade/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var one exchange
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

// command reads the command.
func (e *exchange) command(t *testing.T) (c redisx.Command) {
	t.Helper()
	if err := json.Unmarshal(e.Command, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// replay is a worker of another version: it answers what that has answered.
type replay map[string]json.RawMessage

// Handle ends each task as workers do.
func (r replay) Handle(tasks []*redisx.Task) {
	for _, t := range tasks {
		result := r[t.Command.ID]
		var wrong struct{ Error *record.Error }
		if err := json.Unmarshal(result, &wrong); err != nil {
			t.Fail(err)
		} else if e := wrong.Error; e != nil {
			t.Reject(e.Code, e.Message, result)
		} else {
			t.Finish(result)
		}
	}
}

// upgrade is a queue between clients and workers.
type upgrade struct {
	*testing.T
	client *redisx.Client
	redis  *building
	prefix string
}

// work runs a worker until ctx ends.
type work func(ctx context.Context, c *redisx.Client, o redisx.WorkerOptions) error

// begin starts a queue with workers.
func begin(t *testing.T, b *building, workers ...work) *upgrade {
	t.Helper()
	namespace := "upgrade-" + uuid.NewString()
	c, err := redisx.Open(t.Context(), redisx.Options{URL: b.url, Namespace: namespace})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, len(workers))
	for _, w := range workers {
		go func() { ended <- w(ctx, c, redisx.WorkerOptions{Grace: 1, MaxRunning: 4}) }()
	}
	t.Cleanup(func() {
		stop()
		for range workers {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
		c.Close()
	})
	return &upgrade{t, c, b, "segq:{" + namespace + "}:"}
}

// ask puts commands in the queue as their clients have written them, and waits for the
// jobs to end.
func (u *upgrade) ask(all []exchange) (commands []redisx.Command, ids []string) {
	u.Helper()
	for _, e := range all {
		c := e.command(u.T)
		if err := u.redis.client.LPush(u.Context(), u.prefix+"in", string(e.Command)).Err(); err != nil {
			u.Fatal(err)
		}
		commands, ids = append(commands, c), append(ids, c.ID)
	}
	var jobs []string
	for _, id := range ids {
		jobs = append(jobs, u.prefix+"job:"+id)
	}
	u.redis.awaitKeys(u.T, jobs...)
	if left, err := broker.Await(u.Context(), u.client, ids, func(redisx.Job, []byte, error) {}); err != nil {
		u.Fatal(left, err)
	}
	return commands, ids
}

// results returns the results as workers have written them.
func (u *upgrade) results(ids []string) (all [][]byte) {
	u.Helper()
	jobs, err := u.client.Status(u.Context(), ids...)
	if err != nil {
		u.Fatal(err)
	}
	for _, j := range jobs {
		result, err := u.client.Result(u.Context(), j)
		if err != nil {
			u.Fatal(err)
		}
		all = append(all, result)
	}
	return all
}

// decoded reads records as JSON.
func decoded(t *testing.T, text []byte) (all []fields) {
	t.Helper()
	return (&doorRun{T: t}).recordsIn(string(text))
}

// submitted is what segq submit and segq --attach read.
func (u *upgrade) submitted(commands []redisx.Command) []fields {
	u.Helper()
	var out bytes.Buffer
	var status *exit.Error // some queries are wrong
	if err := printAnswers(u.Context(), u.client, commands, nil, printer.To("ndjson", &out, printer.Layout{})); err != nil && !errors.As(err, &status) {
		u.Fatal(err)
	}
	return decoded(u.T, out.Bytes())
}

// previewed is what the preview API gives.
func (u *upgrade) previewed(ids []string) (all []fields) {
	u.Helper()
	server := preview.New(u.client, preview.Options{}).Handler()
	for _, id := range ids {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/preview/"+id, nil)
		r.Host = "localhost"
		server.ServeHTTP(w, r)
		e := decoded(u.T, w.Body.Bytes())
		answer, ok := e[0]["answer"].(fields)
		if !ok {
			u.Fatalf("%d: %v", w.Code, e)
		}
		all = append(all, answer)
	}
	return all
}

// polled is what a session reads of what is done.
func (u *upgrade) polled(ids []string) (all []fields) {
	u.Helper()
	b := backend.New(u.Context(), &ask.Queue{Client: u.client}, sessionOptions(u.T, nil).asking(console.Streams{}), "")
	b.ShowPersonal(true)
	jobs, err := b.Poll(u.Context(), ids)
	if err != nil {
		u.Fatal(err)
	}
	for _, j := range jobs {
		if j.State != repl.Done {
			continue
		}
		line, err := record.Encode(j.Answer)
		if err != nil {
			u.Fatal(err)
		}
		all = append(all, decoded(u.T, line)...)
	}
	return all
}

// TestRollingUpgrade: clients of today read what workers of each version write, and
// workers of today answer the commands of each, so that nobody sees from the answer who
// gave it but by what a version does not know.
func TestRollingUpgrade(t *testing.T) {
	t.Parallel()
	b := openBuilding(t)
	d, err := dataset.Open(t.Context(), []string{"testdata/doors/people.ndjson"}, dataset.Options{}, 1, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	for version, all := range map[int][]exchange{
		0: readExchanges(t, "version0.ndjson"), 1: readExchanges(t, "version1.ndjson"), 2: later(t, readExchanges(t, "version1.ndjson")),
	} {
		answers := replay{}
		for _, e := range all {
			answers[e.command(t).ID] = e.Result
		}
		old := func(ctx context.Context, c *redisx.Client, o redisx.WorkerOptions) error {
			return redisx.NewWorker(c, answers, o).Run(ctx)
		}
		own := func(ctx context.Context, c *redisx.Client, o redisx.WorkerOptions) error {
			return worker.Run(ctx, c, d, worker.Options{WorkerOptions: o})
		}
		other, today, both := begin(t, b, old), begin(t, b, own), begin(t, b, old, own)
		commands, ids := other.ask(all)
		today.ask(all)
		both.ask(all)
		for door, read := range map[string]func(*upgrade) []fields{
			"submit":  func(u *upgrade) []fields { return u.submitted(commands) },
			"preview": func(u *upgrade) []fields { return u.previewed(ids) },
			"session": func(u *upgrade) []fields { return u.polled(ids) },
		} {
			theirs, ours, either := read(other), read(today), read(both)
			if len(theirs) < len(all)-1 || len(theirs) != len(ours) || len(theirs) != len(either) {
				t.Fatalf("version %d, %s: %d, %d and %d records for %d jobs", version, door, len(theirs), len(ours), len(either), len(all))
			}
			for i := range theirs {
				if version == 0 {
					unknownToVersion0(t, theirs[i], ours[i])
					strip0(either[i])
				}
				for _, r := range []fields{theirs[i], ours[i], either[i]} {
					untimedRecord(r)
					withoutLaterParts(r)
				}
				if diff := cmp.Diff(theirs[i], ours[i]); diff != "" {
					t.Errorf("version %d, %s, record %d (-version %d +today)\n%s", version, door, i, version, diff)
				}
				if diff := cmp.Diff(ours[i], either[i]); diff != "" {
					t.Errorf("version %d, %s, record %d (-today +either)\n%s", version, door, i, diff)
				}
			}
		}
		if version < 2 {
			readByThem(t, version, all, today.results(ids))
		}
	}
}
