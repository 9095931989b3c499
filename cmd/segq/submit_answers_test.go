package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
)

// countsOne answers every query with the count 1.
type countsOne struct{}

func (countsOne) Handle(tasks []*redisx.Task) {
	for _, t := range tasks {
		t.Finish(fmt.Appendf(nil, `{"id":%q,"status":"ok","count":1,"total":2}`, t.Command.ID))
	}
}

// TestAnswersBehindOneThatIsGone: what cannot be read has a record that says so, in its
// place, and holds up none of the others.
func TestAnswersBehindOneThatIsGone(t *testing.T) {
	t.Parallel()
	url, namespace := workertest.Redis(t), "test-"+uuid.NewString()
	c, err := redisx.Open(t.Context(), redisx.Options{URL: url, Namespace: namespace})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- redisx.NewWorker(c, countsOne{}, redisx.WorkerOptions{Grace: 1}).Run(ctx) }()
	commands := []redisx.Command{
		{ID: "gone", Op: "query", Query: "a", Name: "first"}, {ID: "there", Op: "query", Query: "b"},
		{ID: "lost", Op: "rules", Queries: []string{"c", "d"}, Names: []string{"third", "fourth"}},
	}
	if _, err := c.SubmitAll(t.Context(), commands); err != nil {
		t.Fatal(err)
	}
	if left, err := broker.Await(t.Context(), c, []string{"gone", "there", "lost"}, func(redisx.Job, []byte, error) {}); err != nil {
		t.Fatal(left, err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	o, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	r := redis.NewClient(o)
	defer r.Close()
	results, err := r.Keys(t.Context(), "segq:{"+namespace+"}:res:gone:*").Result()
	if err != nil || len(results) != 1 {
		t.Fatal(results, err)
	}
	if err := r.Del(t.Context(), results[0], "segq:{"+namespace+"}:job:lost").Err(); err != nil {
		t.Fatal(err)
	}

	var out strings.Builder
	err = printAnswers(t.Context(), c, commands, nil, printer.To("ndjson", &out, printer.Layout{}))
	if err == nil || !strings.Contains(err.Error(), "the result of job gone is gone") {
		t.Errorf("%v", err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for i, want := range []string{
		`{"v":1,"id":"gone","index":0,"name":"first","query":"a","status":"error",`, `{"v":1,"id":"there","index":1,`,
		`{"v":1,"id":"lost/1","index":2,"name":"third","query":"c","status":"error",`, `{"v":1,"id":"lost/2","index":3,"name":"fourth","query":"d","status":"error",`,
	} {
		if i >= len(lines) || !strings.HasPrefix(lines[i], want) {
			t.Fatalf("line %d is not %s:\n%s", i, want, out.String())
		}
	}
	if !strings.Contains(lines[2], "Redis no longer knows it") {
		t.Error(lines[2])
	}

	out.Reset()
	err = printAnswers(t.Context(), c, commands[2:], nil, printer.To("ndjson", &out, printer.Layout{}))
	var status *exit.Error
	if !errors.As(err, &status) || status.Status != exit.Unreachable {
		t.Errorf("all are lost: %v", err)
	}
}

// TestNobodyAnswersInTime: whoever gave a time does not wait longer for workers that are not there.
func TestNobodyAnswersInTime(t *testing.T) {
	t.Parallel()
	url := workertest.Redis(t)
	for _, flag := range []string{"--wait", "--watch"} {
		out, said := scratch(t), scratch(t)
		args := []string{"submit", flag, "--ndjson", "--timeout", "50ms", "--redis", url, "--namespace", "test-" + uuid.NewString(), "-c", "true", "-c", "false"}
		status := execute(args, console.Open(scratch(t), out, said))
		records, notes := contents(t, out), contents(t, said)
		if status != exit.TimedOut || strings.Count(records, `"status":"timeout"`) != 2 || !strings.Contains(notes, "2 of 2 jobs have not ended in their time") {
			t.Errorf("submit %s ends with %d\n%s%s", flag, status, records, notes)
		}
	}
}

// answersFromOther answers each query from data of its own.
type answersFromOther struct{}

func (answersFromOther) Handle(tasks []*redisx.Task) {
	for _, t := range tasks {
		t.Finish(fmt.Appendf(nil, `{"id":%q,"status":"ok","count":1,"total":%d,"snapshot":%q}`, t.Command.ID, len(t.Command.Query), "data-"+t.Command.Query))
	}
}

// TestAnswersFromOtherData: who waits for answers hears that they come from different data, whichever way they are asked for.
func TestAnswersFromOtherData(t *testing.T) {
	t.Parallel()
	url, namespace := workertest.Redis(t), "test-"+uuid.NewString()
	c, err := redisx.Open(t.Context(), redisx.Options{URL: url, Namespace: namespace})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- redisx.NewWorker(c, answersFromOther{}, redisx.WorkerOptions{Grace: 1}).Run(ctx) }()
	defer func() { stop(); <-ended }()
	for _, test := range []struct{ args, said string }{
		{"submit --wait --ndjson", "2 snapshots"}, {"submit --wait --format table", "2 snapshots"}, {"--attach --ndjson", "2 snapshots"},
		{"--attach --quiet", ""},
	} {
		out, said := scratch(t), scratch(t)
		args := append(strings.Fields(test.args), "--redis", url, "--namespace", namespace, "-c", "true", "-c", "false", "-c", "true")
		if status := execute(args, console.Open(scratch(t), out, said)); status != exit.OK {
			t.Errorf("%s ends with %d", test.args, status)
		}
		notes := contents(t, said)
		if test.said == "" && strings.Contains(notes, "snapshots") || !strings.Contains(notes, test.said) ||
			test.said != "" && !strings.Contains(notes, "2 from data-true of 4 profiles, 1 from data-false of 5 profiles") {
			t.Errorf("%s says %q", test.args, notes)
		}
	}
}

// scratch returns an empty file, open until the end of the test.
func scratch(t *testing.T) *os.File {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// contents returns what is in a file.
func contents(t *testing.T, f *os.File) string {
	t.Helper()
	b, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
