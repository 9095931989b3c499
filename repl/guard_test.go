package repl_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl"
)

// broken is a backend with a bug: it panics where it is told to.
type broken struct {
	prompt
	in string
}

func (b *broken) Submit(ctx context.Context, q repl.Query) (string, error) {
	if b.in == "Submit" && q.Text == "b = 2" {
		panic("a bug in Submit")
	}
	return b.script.Submit(ctx, q)
}

// Poll leaves the queries running.
func (b *broken) Poll(ctx context.Context, ids []string) ([]repl.Job, error) {
	return b.script.Poll(ctx, ids)
}

func (b *broken) Check(q repl.Query) ast.Diagnostics {
	if b.in == "Check" && q.Text == "b = 2" {
		panic("a bug in Check")
	}
	return nil
}

// TestPanic: a bug ends the session with a fault, which names the place; the terminal is as before, and
// what was running is cancelled.
func TestPanic(t *testing.T) {
	for _, place := range []string{"Check", "Submit"} {
		for _, accessible := range []bool{false, true} {
			b, out := &broken{in: place}, newScreen()
			in, typed := io.Pipe()
			ended := make(chan error, 1)
			go func() {
				ended <- exitGuard(func() error {
					return repl.Run(t.Context(), b, repl.Options{In: in, Out: out, Accessible: accessible})
				})
			}()
			out.until(t, "segq> ")
			end := map[bool]string{false: "\r", true: "\n"}[accessible]
			enter(t, typed, "a = 1"+end)
			if !accessible {
				out.until(t, "#1  a = 1")
			}
			enter(t, typed, "b = 2"+end)
			err := <-ended
			var fault *ast.Fault
			if !errors.As(err, &fault) || !strings.Contains(err.Error(), "a bug in "+place) {
				t.Errorf("%s, accessible %v: ended with %v", place, accessible, err)
			}
			all := out.until(t, "segq> ")
			if !accessible && (strings.LastIndex(all, "\x1b[?2004l") < strings.LastIndex(all, "\x1b[?2004h") ||
				strings.LastIndex(all, "\x1b[?25h") < strings.LastIndex(all, "\x1b[?25l")) {
				t.Errorf("%s: not restored: %q", place, all)
			}
			if strings.Contains(ansi.Strip(all), "goroutine") {
				t.Errorf("a traceback on the screen: %s", ansi.Strip(all))
			}
			if !accessible && !slices.Contains(b.cancelled, "job-1") {
				t.Errorf("%s: still running, cancelled are %v", place, b.cancelled)
			}
			if err := typed.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// exitGuard is what the command line does about a panic.
func exitGuard(run func() error) (err error) {
	defer ast.Guard(func(f *ast.Fault) { err = f })
	return run()
}

// blind panics where the screen is drawn: the line above the prompt asks it what is opened.
type blind struct {
	*slow
	seen atomic.Int32
}

func (b *blind) Describe() repl.Info {
	if b.seen.Add(1) > 5 {
		panic("a bug in Describe")
	}
	return b.slow.Describe()
}

// TestPanicInView: a bug while the screen is drawn ends the session as any other.
func TestPanicInView(t *testing.T) {
	out := newScreen()
	in, typed := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- repl.Run(t.Context(), &blind{slow: newSlow()}, repl.Options{In: in, Out: out})
	}()
	err := <-ended
	var fault *ast.Fault
	if !errors.As(err, &fault) || !strings.Contains(err.Error(), "a bug in Describe") {
		t.Errorf("ended with %v", err)
	}
	if all := out.until(t, ""); strings.LastIndex(all, "\x1b[?2004l") < strings.LastIndex(all, "\x1b[?2004h") {
		t.Errorf("not restored: %q", all)
	}
	if err := typed.Close(); err != nil {
		t.Error(err)
	}
}
