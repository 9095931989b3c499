//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/redistest"
)

var taskNow = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// taskTable is some generated files, as a cluster has them, and the same in this process.
type taskTable struct {
	dir   string
	files []string
	snap  *column.Snapshot
}

func newTaskTable(t *testing.T) *taskTable {
	t.Helper()
	table := &taskTable{dir: t.TempDir()}
	for i := range 3 {
		file := filepath.Join(table.dir, fmt.Sprintf("part %d.parquet", i))
		if out, err := segqCommand(t, "", "gen", "--profiles", "300", "--seed", fmt.Sprint(i+1), "-o", file).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		table.files = append(table.files, file)
	}
	var err error
	if table.snap, _, err = load.Open(t.Context(), table.files, load.Options{SharedIDs: true}); err != nil {
		t.Fatal(err)
	}
	return table
}

// splits are the files, divided in two.
func (table *taskTable) splits(t *testing.T) []*executor.Split {
	t.Helper()
	all := []*executor.Split{{Part: 0}, {Part: 1}}
	for i, file := range table.files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		all[i%2].Pieces = append(all[i%2].Pieces, executor.Piece{Path: file, Size: info.Size(), Modified: info.ModTime().UnixMilli()})
	}
	return all
}

// queries are drawn ones, of which some ask for more than a count.
func (table *taskTable) queries(t *testing.T, seed uint64, n int) exec.Batch {
	t.Helper()
	b := exec.Batch{Now: taskNow}
	author := exectest.NewAuthor(seed, table.snap.Schema)
	for len(b.Queries) < n {
		q, problems := lang.Compile(author.Query(), column.Catalog{Snapshot: table.snap}, check.Options{})
		if problems.Failed() {
			continue
		}
		one := exec.Query{ID: fmt.Sprint(len(b.Queries)), Typed: q}
		if len(b.Queries)%5 == 0 {
			one.Matches = func(int, []uint64) error { return nil }
		}
		if len(b.Queries)%7 == 0 {
			one.By = []string{"homeAddress", "countryCode"}
		}
		b.Queries = append(b.Queries, one)
	}
	return b
}

// line is what a task reads.
func taskLine(t *testing.T, s *executor.Split, b *executor.Batch) (line, digest string) {
	t.Helper()
	split, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return batchLine(t, split, b)
}

// packedSplit reads what a task says of rows that it has packed.
func packedSplit(t *testing.T, out string, rows int) (part int, split string) {
	t.Helper()
	fields := strings.Split(strings.TrimSpace(out), "\t")
	if len(fields) != 3 || fields[2] != fmt.Sprint(rows) {
		t.Fatalf("%q", out)
	}
	part, err := strconv.Atoi(fields[0])
	if err != nil {
		t.Fatal(err)
	}
	return part, fields[1]
}

func batchLine(t *testing.T, split string, b *executor.Batch) (line, digest string) {
	t.Helper()
	batch, digest, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return split + "\t" + batch + "\n", digest
}

// tasked runs segq task as bash does for an executor.
func tasked(t *testing.T, dir, in, args string) (out string, status int, said string) {
	t.Helper()
	c := segqCommand(t, "", "task")
	c = shellOf(c, `exec "$SEGQ" task `+args)
	c.Dir, c.Stdin = dir, strings.NewReader(in)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	var exited *osexec.ExitError
	if err != nil && !errors.As(err, &exited) {
		t.Fatal(err)
	}
	return stdout.String(), c.ProcessState.ExitCode(), stderr.String()
}

// shellOf runs a script in which $SEGQ is a command.
func shellOf(c *osexec.Cmd, script string) *osexec.Cmd {
	shell := osexec.CommandContext(context.Background(), "bash", "-c", script)
	shell.Env = append(c.Env, "SEGQ="+c.Path)
	return shell
}

// answerOf reads the line that a task has written.
func answerOf(t *testing.T, out string, part int, digest string, queries int) *executor.Answer {
	t.Helper()
	text, ok := strings.CutPrefix(strings.TrimSuffix(out, "\n"), fmt.Sprintf("%d\t", part))
	if !ok {
		t.Fatalf("no answer of part %d: %q", part, out)
	}
	text, _, ok = strings.Cut(text, "\t")
	if !ok {
		t.Errorf("the answer of part %d has nothing behind it", part)
	}
	a, err := executor.DecodeAnswer(text, digest, queries)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// What tasks answer about the parts of a table adds up to what the engine answers about all of it: without a
// cache, when it is filled, and from it.
func TestTaskCounts(t *testing.T) {
	t.Parallel()
	table := newTaskTable(t)
	asked := table.queries(t, 1, 150)
	engine := resident.New(table.snap, resident.Options{})
	defer engine.Close()
	want, err := engine.Run(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	b, err := executor.NewBatch(asked, table.snap.Schema)
	if err != nil {
		t.Fatal(err)
	}
	for i, args := range []string{"", "--cache ./cache", "--cache ./cache --threads 2"} {
		sums := make([]exec.Sum, len(want))
		for _, s := range table.splits(t) {
			line, digest := taskLine(t, s, b)
			out, status, said := tasked(t, table.dir, line+strings.Repeat(strings.Repeat(" ", 8191)+"\n", 20), args+" --tick 1ms")
			if status != 0 || said != "" {
				t.Fatalf("status %d: %s", status, said)
			}
			a := answerOf(t, out, s.Part, digest, len(want))
			if packed := a.Packed > 0; packed != (i == 1) {
				t.Errorf("%d columns were packed in run %d", a.Packed, i)
			}
			for k, o := range a.Outcomes {
				if asked.Queries[k].Matches != nil {
					ones := 0
					for _, w := range o.Words(0, len(o.Bits)/8) {
						ones += bits.OnesCount64(w)
					}
					if ones != o.Count {
						t.Errorf("%d rows match, and %d are told", o.Count, ones)
					}
				}
				sums[k].Add(&asked.Queries[k], o.Result(asked.Queries[k].ID, a.Rows))
			}
		}
		for k := range sums {
			got := sums[k].Result(0, false)
			if got.Count != want[k].Count || got.Total != want[k].Total || got.Err != nil || want[k].Err != nil || !slices.Equal(got.Groups, want[k].Groups) || got.Without != want[k].Without {
				t.Errorf("%s: %d of %d %v, and not %d of %d", check.Dump(asked.Queries[k].Typed.Cond), got.Count, got.Total, got.Err, want[k].Count, want[k].Total)
			}
		}
	}
}

// Rows that come through the pipe are packed, and asked afterwards like a file.
func TestTaskPacksRows(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := `{"_id":"a","n":1,"s":"x\ty","xEvent":[{"timestamp":"2026-01-01T00:00:00Z","k":"v"}]}` + "\n" + `{"_id":"b","n":2}` + "\n"
	snap, _, err := load.Reader(t.Context(), strings.NewReader(text), "ndjson", "rows", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := executor.NewRows(snap.Schema, "_id", "xEvent")
	if err != nil {
		t.Fatal(err)
	}
	how, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	out, status, said := tasked(t, dir, text, "--cache ./cache --pack "+how)
	if status != 0 || said != "" {
		t.Fatalf("status %d: %s", status, said)
	}
	part, packed := packedSplit(t, out, 2)
	q, problems := lang.Compile(`n > 1 or xEvent.k = "v"`, column.Catalog{Snapshot: snap}, check.Options{})
	if problems.Failed() {
		t.Fatal(problems)
	}
	b, err := executor.NewBatch(exec.Batch{Now: taskNow, Queries: []exec.Query{{ID: "q", Typed: q, Sample: 2}}}, snap.Schema)
	if err != nil {
		t.Fatal(err)
	}
	line, digest := batchLine(t, packed, b)
	out, status, said = tasked(t, dir, line, "--cache ./cache")
	if status != 0 {
		t.Fatalf("status %d: %s", status, said)
	}
	if a := answerOf(t, out, part, digest, 1); a.Outcomes[0].Count != 2 || a.Rows != 2 || !slices.Equal(a.Outcomes[0].Sample, []string{"a", "b"}) {
		t.Errorf("%+v", a)
	}
	if err := os.RemoveAll(filepath.Join(dir, "cache")); err != nil {
		t.Fatal(err)
	}
	out, status, said = tasked(t, dir, line, "--cache ./cache")
	if refused := refusalOf(t, out, digest); status != 0 || said != "" || !strings.Contains(refused.Text, executor.ErrGone.Error()) {
		t.Errorf("status %d and %+v where the cache is empty: %s", status, refused, said)
	}
	if out, status, said = tasked(t, dir, text+"{\n", "--cache ./cache --pack "+how); status == 0 || out != "" || !strings.Contains(said, "line 3") {
		t.Errorf("status %d and %q where a row is damaged: %s", status, out, said)
	}
}

// What cannot be answered has no line of an answer, and a status that says whether another attempt could.
func TestTaskErrors(t *testing.T) {
	t.Parallel()
	table := newTaskTable(t)
	b, err := executor.NewBatch(table.queries(t, 2, 3), table.snap.Schema)
	if err != nil {
		t.Fatal(err)
	}
	good, digest := taskLine(t, table.splits(t)[0], b)
	changed, missing := table.splits(t)[0], table.splits(t)[0]
	changed.Pieces[0].Modified++
	missing.Pieces[0].Path += "x"
	changedLine, changedDigest := taskLine(t, changed, b)
	missingLine, _ := taskLine(t, missing, b)
	short, late := *b, *b
	short.Within, late.Until = time.Nanosecond, 1
	shortLine, shortDigest := taskLine(t, table.splits(t)[0], &short)
	lateLine, lateDigest := taskLine(t, table.splits(t)[0], &late)
	for _, c := range []struct {
		name, in string
		status   int
		says     string
	}{
		{"nothing", "", taskWrong, "there is no split on standard input"},
		{"no tab", "x\n", taskWrong, "and no tab"},
		{"garbage", "x\ty\n", taskWrong, "the split cannot be read"},
		{"cut", good[:len(good)/2] + "\n", taskWrong, "cannot be read"},
		{"missing", missingLine, 3, "no such file"},
	} {
		out, status, said := tasked(t, table.dir, c.in, "")
		if status != c.status || out != "" || !strings.Contains(said, c.says) || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: status %d, %q: %s", c.name, status, out, said)
		}
	}
	// What no other attempt could answer is refused in place of an answer: who has started the process would retry one that fails.
	for _, c := range []struct {
		name, in, digest, says string
		over                   bool
	}{
		{"changed", changedLine, changedDigest, "the table has changed", false},
		{"short", shortLine, shortDigest, "the time of the batch is over", true},
		{"late", lateLine, lateDigest, "the time of the batch is over", true},
	} {
		out, status, said := tasked(t, table.dir, c.in, "")
		refused := refusalOf(t, out, c.digest)
		if status != 0 || said != "" || refused.Over != c.over || !strings.Contains(refused.Text, c.says) {
			t.Errorf("%s: status %d, %+v: %s", c.name, status, refused, said)
		}
	}
	out, _, _ := tasked(t, table.dir, good, "")
	text, _, _ := strings.Cut(strings.TrimPrefix(out, "0\t"), "\t")
	for name, garbage := range map[string]string{"cut": text[:len(text)-9], "turned": text[:40] + string(text[40]^1) + text[41:], "empty": "", "NULL": "NULL"} {
		if _, err := executor.DecodeAnswer(garbage, digest, 3); err == nil {
			t.Errorf("an answer that is %s counts", name)
		}
	}
	if _, err := executor.DecodeAnswer(text, "another", 3); err == nil {
		t.Error("an answer to something else counts")
	}
}

// refusalOf reads what a task says in place of an answer.
func refusalOf(t *testing.T, out, digest string) *executor.RefusedError {
	t.Helper()
	fields := strings.Split(strings.TrimSuffix(out, "\n"), "\t")
	if len(fields) != 3 {
		t.Fatalf("%q", out)
	}
	_, err := executor.DecodeAnswer(fields[1], digest, 1)
	var refused *executor.RefusedError
	if !errors.As(err, &refused) {
		t.Fatalf("%q is not refused: %v", out, err)
	}
	return refused
}

// A task says its line back, and what else is on standard input it reads.
func TestTaskPlaces(t *testing.T) {
	t.Parallel()
	out, status, said := tasked(t, t.TempDir(), "7\tsplit\n"+strings.Repeat("x", 1<<20), "--place --word w")
	if out != "7\tsplit\n" || status != 0 || said != "" {
		t.Errorf("status %d, %q: %s", status, out, said)
	}
}

// slowTask is a task that has much to do: its lines, and its process once there is one.
func slowTask(t *testing.T) (line string, dir string) {
	t.Helper()
	dir = t.TempDir()
	list := `{"n":1}` + strings.Repeat(`,{"n":1}`, 99)
	text := `{"_id":"a","ev":[` + list + "]}\n"
	snap, _, err := load.Reader(t.Context(), strings.NewReader(text), "ndjson", "rows", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := executor.NewRows(snap.Schema, "", "")
	if err != nil {
		t.Fatal(err)
	}
	how, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	out, status, said := tasked(t, dir, text, "--cache ./cache --pack "+how)
	if status != 0 {
		t.Fatal(said)
	}
	_, packed := packedSplit(t, out, 1)
	q, problems := lang.Compile(endless, column.Catalog{Snapshot: snap}, check.Options{})
	if problems.Failed() {
		t.Fatal(problems)
	}
	b, err := executor.NewBatch(exec.Batch{Now: taskNow, Queries: []exec.Query{{ID: "q", Typed: q}}}, snap.Schema)
	if err != nil {
		t.Fatal(err)
	}
	line, _ = batchLine(t, packed, b)
	return line, dir
}

// Tasks tell a Redis how far each attempt at a part is, in the numbers that they answer; and answer the same where there is none,
// or no more.
func TestTaskMeter(t *testing.T) {
	t.Parallel()
	addr, stopRedis, err := redistest.Start()
	redistest.Need(t, err)
	defer stopRedis()
	client, err := redisx.Open(t.Context(), redisx.Options{URL: "redis://" + addr, Namespace: "tasks"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	m, err := client.Meter("one")
	if err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("redis://"+addr+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	table := newTaskTable(t)
	asked := table.queries(t, 3, 40)
	b, err := executor.NewBatch(asked, table.snap.Schema)
	if err != nil {
		t.Fatal(err)
	}
	var counts [2][]int
	ask := func(environment string) {
		t.Helper()
		for i, s := range table.splits(t) {
			line, digest := taskLine(t, s, b)
			c := shellOf(segqCommand(t, "", "task"), `exec "$SEGQ" task --meter `+m.Name())
			c.Env, c.Stdin = append(c.Env, environment), strings.NewReader(line)
			out, err := c.Output()
			if err != nil {
				t.Fatal(err)
			}
			a := answerOf(t, string(out), i, digest, len(asked.Queries))
			own := []int{a.Rows}
			for _, o := range a.Outcomes {
				own = append(own, o.Count)
			}
			if counts[i] == nil {
				counts[i] = own
			} else if !slices.Equal(own, counts[i]) {
				t.Errorf("%s: part %d counts %v, and not %v", environment, i, own, counts[i])
			}
		}
	}
	ask("SEGQ_REDIS_SECRET=redis://" + addr)
	ask("SEGQ_REDIS_SECRET_FILE=" + secret)
	told, err := m.Read(t.Context())
	if err != nil || len(told) != 4 {
		t.Fatalf("%d attempts have told how far they are: %v", len(told), err)
	}
	for name, text := range told {
		p, err := executor.ParseProgress(name, text, len(asked.Queries))
		if err != nil {
			t.Fatal(err)
		}
		want := counts[p.Part]
		for i := range p.Rows {
			if p.Rows[i] != want[0] || p.Matched[i] != want[1+i] || p.Total != want[0] {
				t.Errorf("part %d: %d of %d rows match query %d, and not %d of %d", p.Part, p.Matched[i], p.Rows[i], i, want[1+i], want[0])
			}
		}
	}
	stopRedis()
	for _, environment := range []string{"SEGQ_REDIS_SECRET=redis://" + addr, "SEGQ_REDIS_SECRET=nonsense", "SEGQ_REDIS_SECRET_FILE=" + secret + "x", "SEGQ_REDIS_SECRET="} {
		ask(environment)
	}
}

// A task whose batch is over in Redis ends, and says so by its status.
func TestTaskIsOver(t *testing.T) {
	t.Parallel()
	addr, stopRedis, err := redistest.Start()
	redistest.Need(t, err)
	defer stopRedis()
	client, err := redisx.Open(t.Context(), redisx.Options{URL: "redis://" + addr, Namespace: "over"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	m, err := client.Meter("one")
	if err != nil {
		t.Fatal(err)
	}
	line, dir := slowTask(t)
	c := shellOf(segqCommand(t, "", "task"), `exec "$SEGQ" task --cache ./cache --meter `+m.Name())
	var said strings.Builder
	c.Env, c.Dir, c.Stdin, c.Stderr = append(c.Env, "SEGQ_REDIS_SECRET=redis://"+addr), dir, strings.NewReader(line), &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Process.Kill() }()
	for told := map[string]string{}; len(told) == 0; {
		if told, err = m.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.End(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := c.Wait(); c.ProcessState.ExitCode() != taskOver || strings.Count(said.String(), "\n") != 1 {
		t.Errorf("it ends with status %d: %v: %s", c.ProcessState.ExitCode(), err, said.String())
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}

// A task ends when it is told to, when nobody reads its answer, and when its parent is gone.
func TestTaskEnds(t *testing.T) {
	t.Parallel()
	line, dir := slowTask(t)
	for name, end := range map[string]struct {
		script string
		how    func(t *testing.T, shell *osexec.Cmd, out io.Closer)
	}{
		"SIGTERM":            {`exec "$SEGQ" task --cache ./cache --tick 50ms`, func(_ *testing.T, c *osexec.Cmd, _ io.Closer) { _ = c.Process.Signal(syscall.SIGTERM) }},
		"nobody reads":       {`exec "$SEGQ" task --cache ./cache --tick 50ms`, func(_ *testing.T, _ *osexec.Cmd, out io.Closer) { _ = out.Close() }},
		"the parent is shot": {`"$SEGQ" task --cache ./cache --tick 50ms; true`, func(_ *testing.T, c *osexec.Cmd, _ io.Closer) { _ = c.Process.Kill() }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := shellOf(segqCommand(t, "", "task"), end.script)
			c.Dir = dir
			in, err := c.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := c.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			// Whoever has the other end of this pipe lives.
			alive, theirs, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			c.ExtraFiles = []*os.File{theirs}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			_ = theirs.Close()
			ticking := make(chan struct{})
			go func() { // the writer of the executor: it is held up by the full pipe
				defer in.Close()
				_, err := io.WriteString(in, line)
				for i := 0; i < 10_000 && err == nil; i++ {
					_, err = io.WriteString(in, strings.Repeat(" ", 8191)+"\n")
					if i == 12 { // the pipe holds eight of them
						close(ticking)
					}
				}
			}()
			select {
			case <-ticking:
			case <-time.After(20 * time.Second):
				t.Error("it does not read")
			}
			_ = alive.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
			if _, err := alive.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("it has ended by itself: %v", err)
			}
			end.how(t, c, out)
			began := time.Now()
			_ = alive.SetReadDeadline(began.Add(20 * time.Second))
			if _, err := alive.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
				_ = c.Process.Kill()
				t.Errorf("it works on: %v", err)
			}
			_ = c.Wait()
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}
