package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// rowsOfServer are some rows, of which those with odd numbers match n > 0.
func rowsOfServer() (lines []string) {
	for i := range 10 {
		lines = append(lines, fmt.Sprintf(`{"_id":"p%d","n":%d}`, i, i%2))
	}
	return lines
}

const matching = 5

func opened(t *testing.T, s *server) *Cluster {
	t.Helper()
	a, err := ParseAddress("spark://" + s.at.Addr().String() + "/t")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c, err := Open(t.Context(), a, Options{Program: program})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// batch asks which profiles have n > 0, so many times.
func batch(t *testing.T, c *Cluster, class exec.Class, n int) exec.Batch {
	t.Helper()
	q, problems := lang.Compile("n > 0", column.Catalog{Snapshot: c.Snapshot()}, check.Options{})
	if problems.Failed() {
		t.Fatal(problems)
	}
	b := exec.Batch{Now: time.Unix(0, 0), Class: class}
	for i := range n {
		b.Queries = append(b.Queries, exec.Query{ID: fmt.Sprint(i), Typed: q})
	}
	return b
}

// counts asks, and says how many match, or why not.
func counts(ctx context.Context, t *testing.T, c *Cluster, class exec.Class) (int, error) {
	t.Helper()
	results, err := c.Run(ctx, batch(t, c, class, 1))
	if err == nil {
		err = results[0].Err
	}
	if err != nil {
		return 0, err
	}
	return results[0].Count, nil
}

func wantCount(t *testing.T, c *Cluster, class exec.Class) {
	t.Helper()
	if n, err := counts(t.Context(), t, c, class); n != matching || err != nil {
		t.Errorf("%d match: %v", n, err)
	}
}

// Whatever happens to a statement, the answer is right, or an error; and nothing stays on the server.
func TestAnswersSurvive(t *testing.T) {
	t.Parallel()
	const answering, keeping = "SELECT part, answer", "SELECT part, rows"
	for name, spoil := range map[string]func(*server){
		"nothing": func(*server) {},
		"a part is missing": func(s *server) {
			s.spoils(answering, 1, func(_ context.Context, rows [][]string) ([][]string, error) { return rows[1:], nil })
		},
		"a part is garbage": func(s *server) {
			s.spoils(answering, 2, func(_ context.Context, rows [][]string) ([][]string, error) {
				return [][]string{rows[0], {rows[1][0], "garbage"}}, nil
			})
		},
		"a part is there twice": func(s *server) {
			s.spoils(answering, 1, func(_ context.Context, rows [][]string) ([][]string, error) { return append(rows, rows[0]), nil })
		},
		"all connections are lost": func(s *server) {
			s.spoils(answering, 1, func(context.Context, [][]string) ([][]string, error) { s.cut(); return nil, nil })
		},
		"they are lost while rows are packed": func(s *server) {
			s.spoils(keeping, 1, func(context.Context, [][]string) ([][]string, error) { s.cut(); return nil, nil })
		},
		"the server knows the session no more": func(s *server) { s.forgets = true },
		"the server is another one": func(s *server) {
			s.spoils(answering, 1, func(context.Context, [][]string) ([][]string, error) {
				s.mu.Lock()
				clear(s.views)
				s.mu.Unlock()
				s.cut()
				return nil, nil
			})
		},
		"Spark has packed anew": func(s *server) {
			s.spoils(answering, 1, func(_ context.Context, rows [][]string) ([][]string, error) {
				rows[0][0] = "12345"
				return rows, nil
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, rowsOfServer()...)
			c := opened(t, s)
			spoil(s)
			for _, class := range []exec.Class{exec.Normal, exec.Interactive, exec.Bulk, exec.Normal} {
				wantCount(t, c, class)
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.views) > 0 || len(s.running) > 0 {
				t.Errorf("%d views and %d statements are left", len(s.views), len(s.running))
			}
			if name == "nothing" && s.open > 0 {
				t.Errorf("%d sessions are left of %d", s.open, s.sessions)
			}
		})
	}
}

// What no other attempt would answer is told at once, in a line.
func TestErrorsAreNotRepeated(t *testing.T) {
	t.Parallel()
	s := newServer(t, rowsOfServer()...)
	c := opened(t, s)
	wantCount(t, c, exec.Normal)
	asked := 0
	s.spoils("SELECT part, answer", 99, func(context.Context, [][]string) ([][]string, error) { asked++; return nil, errSpoiled })
	if _, err := counts(t.Context(), t, c, exec.Normal); err == nil || err.Error() != "spoiled" || asked != 1 {
		t.Errorf("it was asked %d times: %v", asked, err)
	}
}

// A long batch holds up none of another class, nor the next one of its own.
func TestClassesDoNotWait(t *testing.T) {
	t.Parallel()
	s := newServer(t, rowsOfServer()...)
	c := opened(t, s)
	wantCount(t, c, exec.Normal)
	began, end := make(chan struct{}), make(chan struct{})
	s.spoils("SELECT part, answer", 1, func(ctx context.Context, rows [][]string) ([][]string, error) {
		close(began)
		<-end
		return rows, ctx.Err()
	})
	long := make(chan error, 1)
	go func() {
		n, err := counts(t.Context(), t, c, exec.Bulk)
		if err == nil && n != matching {
			err = fmt.Errorf("%d match", n)
		}
		long <- err
	}()
	<-began
	for _, class := range []exec.Class{exec.Interactive, exec.Normal, exec.Bulk} {
		wantCount(t, c, class)
	}
	close(end)
	if err := <-long; err != nil {
		t.Error(err)
	}
}

// A batch in bulk is asked in several statements, so that others have their turn between them.
func TestBulkGivesWay(t *testing.T) {
	t.Parallel()
	s := newServer(t, rowsOfServer()...)
	c := opened(t, s)
	const n = 3 * firstSome
	results, err := c.Run(t.Context(), batch(t, c, exec.Bulk, n))
	if err != nil || len(results) != n {
		t.Fatal(len(results), err)
	}
	for _, r := range results {
		if r.Count != matching || r.Err != nil {
			t.Errorf("%s: %d match: %v", r.ID, r.Count, r.Err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	statements := 0
	for _, sql := range s.asked {
		if strings.HasPrefix(sql, "SELECT part, answer") {
			statements++
		}
	}
	if statements < 2 {
		t.Errorf("it was asked in %d statements", statements)
	}
}

// Who gives up waits no longer, and the server hears of it: where it speaks, and where it says nothing any more the connection ends.
func TestCancelledStatementsEnd(t *testing.T) {
	t.Parallel()
	for _, silent := range []bool{false, true} {
		t.Run(fmt.Sprint("silent ", silent), func(t *testing.T) {
			t.Parallel()
			s := newServer(t, rowsOfServer()...)
			c := opened(t, s)
			wantCount(t, c, exec.Normal)
			began, cancelled := make(chan struct{}), make(chan struct{})
			s.spoils("SELECT part, answer", 1, func(ctx context.Context, rows [][]string) ([][]string, error) {
				close(began)
				<-ctx.Done()
				close(cancelled)
				return rows, ctx.Err()
			})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			done := make(chan error, 1)
			go func() {
				_, err := counts(ctx, t, c, exec.Normal)
				done <- err
			}()
			<-began
			if silent {
				s.mu.Lock()
				s.mute = make(chan struct{})
				defer close(s.mute)
				s.mu.Unlock()
			}
			asked := time.Now()
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			if took := time.Since(asked); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			if silent {
				s.cut() // as the server does when it finds the connection closed
			}
			<-cancelled
		})
	}
}

// An answer counts if there is one of each part, whole, about what was asked, and of as many rows as the table has.
func TestProof(t *testing.T) {
	t.Parallel()
	s := newServer(t, rowsOfServer()...)
	c := opened(t, s)
	var good [][]string
	s.spoils("SELECT part, answer", 1, func(_ context.Context, rows [][]string) ([][]string, error) { good = rows; return rows, nil })
	wantCount(t, c, exec.Normal)
	k := c.made.kept
	digest := digestAsked(t, s)
	text := func(rows [][]string) (all []row) {
		for _, r := range rows {
			all = append(all, row{&r[0], &r[1]})
		}
		return all
	}
	if answers, err := k.proven(text(good), digest, 1, 10); err != nil || len(answers) != 2 {
		t.Fatal(answers, err)
	}
	null := make(row, 2)
	for name, rows := range map[string][]row{
		"missing":   text(good[:1]),
		"twice":     text(append(slices.Clone(good), good[0])),
		"unknown":   text([][]string{good[0], {"7", good[1][1]}}),
		"exchanged": text([][]string{{good[0][0], good[1][1]}, {good[1][0], good[0][1]}}),
		"null":      {text(good)[0], null},
		"no part":   text([][]string{good[0], {"", good[1][1]}}),
		"cut":       text([][]string{good[0], {good[1][0], good[1][1][:40]}}),
		"none":      nil,
	} {
		var unproven *proofError
		if _, err := k.proven(rows, digest, 1, 10); !errors.As(err, &unproven) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, of := range map[string]func() ([]*executor.Answer, error){
		"another batch":     func() ([]*executor.Answer, error) { return k.proven(text(good), "other", 1, 10) },
		"another number":    func() ([]*executor.Answer, error) { return k.proven(text(good), digest, 2, 10) },
		"rows were added":   func() ([]*executor.Answer, error) { return k.proven(text(good), digest, 1, 11) },
		"rows were removed": func() ([]*executor.Answer, error) { return k.proven(text(good), digest, 1, 9) },
	} {
		if answers, err := of(); err == nil {
			t.Errorf("%s: %v", name, answers)
		}
	}
}

// digestAsked is the digest of the batch that was asked last.
func digestAsked(t *testing.T, s *server) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sql := range slices.Backward(s.asked) {
		if _, after, ok := strings.Cut(sql, "/* segq:"); ok {
			digest, _, _ := strings.Cut(after, " ")
			return digest
		}
	}
	t.Fatal("nothing was asked")
	return ""
}
