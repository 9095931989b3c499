package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

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

// untimedRecord takes the times of a run out of a record, and the name of a publication.
// The version is that of whoever hands the record on; the preview API also hands on what it
// does not know.
func untimedRecord(r fields) {
	forget(r)
	delete(r, "v")
	delete(r, "elapsed_ms")
	if at, _ := time.Parse(time.RFC3339, jsonWord(r["now"])); !at.Equal(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) {
		delete(r, "now") // nobody said it
	}
	if e, ok := r["export"].(fields); ok {
		delete(e, "version")
	}
	rules, _ := r["rules"].([]any)
	for _, rule := range rules {
		delete(rule.(fields), "elapsed_ms")
	}
}

func jsonWord(v any) string {
	text, _ := v.(string)
	return text
}

// unknownToVersion0 takes out of two records what the first does not say, since its version
// did not have it.
func unknownToVersion0(t *testing.T, theirs, ours fields) {
	t.Helper()
	for _, key := range since1 {
		if theirs[key] != nil {
			t.Errorf("version 0 has no %s: %v", key, theirs)
		}
	}
	if ours["values"] != nil {
		t.Errorf("nobody asked for values: %v", ours)
	}
	// A warning had no place and no hint.
	old, _ := theirs["warnings"].([]any)
	for i, w := range old {
		if now, _ := ours["warnings"].([]any); i >= len(now) || !strings.Contains(jsonWord(now[i]), jsonWord(w)) {
			t.Errorf("%q is not in %q", w, ours["warnings"])
		}
	}
	a, _ := theirs["rules"].([]any)
	for i := range a {
		unknownToVersion0(t, a[i].(fields), ours["rules"].([]any)[i].(fields))
	}
	strip0(theirs)
	strip0(ours)
}

// since1 are the fields that version 0 does not have.
var since1 = []string{"engine", "rows_skipped", "type", "truncated"}

// strip0 takes these out of a record; and values, which were in every answer, of all
// profiles, and are asked for today; and warnings; and the size of the audience and of the
// data beside a lift or an overlap, which did not have them.
func strip0(r fields) {
	if r["lift"] != nil || r["overlap"] != nil {
		delete(r, "count")
		delete(r, "total")
	}
	for _, key := range append([]string{"values", "warnings"}, since1...) {
		delete(r, key)
	}
	rules, _ := r["rules"].([]any)
	for _, rule := range rules {
		strip0(rule.(fields))
	}
}

// laterParts are the fields of parts of a record that the files of older versions do not have.
var laterParts = map[string][]string{
	"breakdown": {"distinct"},
	"funnel":    {"so_far", "kept", "costs_most"},
	"lift":      {"field", "null", "low", "high", "p", "p_corrected", "small"},
	"overlap":   {"names", "queries", "exact", "distinct"},
	"values":    {"quantiles", "bins"},
}

// withoutLaterParts takes out of a record what older versions do not say of operations. Of a lift
// they did not compare the profiles without a value; the values were in another order, and p was always
// approximate.
func withoutLaterParts(r fields) {
	for _, key := range []string{"notes", "compared"} {
		delete(r, key)
	}
	values, _ := r["lift"].([]any)
	values = slices.DeleteFunc(values, func(v any) bool { return v.(fields)["null"] == true })
	slices.SortFunc(values, func(a, b any) int {
		return strings.Compare(jsonWord(a.(fields)["value"]), jsonWord(b.(fields)["value"]))
	})
	if values != nil {
		r["lift"] = values
	}
	for part, keys := range laterParts {
		strip(r[part], keys)
	}
	withoutZeros(r)
	rules, _ := r["rules"].([]any)
	for _, rule := range rules {
		withoutLaterParts(rule.(fields))
	}
}

// strip takes fields out of an object, or of the objects of a list.
// withoutZeros takes out of a record's values the figures that are 0: older versions wrote 0 for
// those that do not exist, and read 0 where there are none.
func withoutZeros(r fields) {
	values, _ := r["values"].(fields)
	for _, key := range []string{"min", "average", "max", "sum", "distinct"} {
		if values[key] == json.Number("0") {
			delete(values, key)
		}
	}
}

func strip(part any, keys []string) {
	switch part := part.(type) {
	case fields:
		for _, key := range keys {
			delete(part, key)
		}
	case []any:
		for _, one := range part {
			strip(one, keys)
		}
	}
}

// later makes the answers of a version that says more, everywhere, and commands that ask
// more.
func later(t *testing.T, all []exchange) []exchange {
	t.Helper()
	out := slices.Clone(all)
	for i, e := range out {
		result := decoded(t, e.Result)[0]
		tell(result)
		result["v"] = 2
		command := decoded(t, e.Command)[0]
		command["later"] = fields{"x": []int{1}}
		out[i] = exchange{json.RawMessage(jsonText(command)), json.RawMessage(jsonText(result))}
	}
	return out
}

// tell adds to all objects in a value what nobody knows, and forget takes it out of them.
func tell(v any) {
	walkObjects(v, func(o fields) { o["later"] = fields{"x": []int{1}} })
}

func forget(v any) { walkObjects(v, func(o fields) { delete(o, "later") }) }

func walkObjects(v any, visit func(fields)) {
	switch v := v.(type) {
	case fields:
		for _, below := range v {
			walkObjects(below, visit)
		}
		visit(v)
	case []any:
		for _, below := range v {
			walkObjects(below, visit)
		}
	}
}
