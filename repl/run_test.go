package repl_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl"
)

// prompt is a backend that answers every query at its second poll.
type prompt struct {
	script
	asked int
}

func (p *prompt) Check(repl.Query) ast.Diagnostics { return nil }

func (p *prompt) Poll(ctx context.Context, ids []string) ([]repl.Job, error) {
	p.asked++
	if p.asked > 1 {
		for i := range ids {
			p.job(i+1, answer(123, 456, time.Millisecond))
		}
	}
	return p.script.Poll(ctx, ids)
}

// screen collects output and tells of each piece.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.text.Write(p)
	select {
	case s.more <- struct{}{}:
	default:
	}
	return n, err
}

// until waits for text to appear, and gives all that was written.
func (s *screen) until(t *testing.T, text string) string {
	t.Helper()
	limit := time.After(10 * time.Second)
	for {
		s.mu.Lock()
		all := s.text.String()
		s.mu.Unlock()
		if strings.Contains(ansi.Strip(all), text) {
			return all
		}
		select {
		case <-s.more:
		case <-limit:
			t.Fatalf("%q did not appear in %q", text, all)
		}
	}
}

func newScreen() *screen { return &screen{more: make(chan struct{}, 1)} }

// enter types text into a terminal or a pipe.
func enter(t *testing.T, w io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
}

func TestRunOnATerminal(t *testing.T) {
	master, terminal, err := pty.Open()
	if err != nil {
		if runtime.GOOS == "linux" {
			t.Fatal(err)
		}
		t.Skipf("no pseudo-terminal can be had here: %v", err)
	}
	t.Cleanup(func() {
		if err := errors.Join(terminal.Close(), master.Close()); err != nil {
			t.Error(err)
		}
	})
	if err := pty.Setsize(terminal, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	out := newScreen()
	go io.Copy(out, master) // ends with the terminal
	ended := make(chan error, 1)
	go func() {
		ended <- repl.Run(t.Context(), &prompt{}, repl.Options{In: terminal, Out: terminal})
	}()
	out.until(t, "segq> ")
	enter(t, master, "a = 1\r")
	all := out.until(t, "123 of 456 (26.97 %)")
	if strings.Contains(all, "\x1b]11") || strings.Contains(all, "\x1b[?1049h") {
		t.Errorf("the terminal was asked for its colours, or its screen was taken: %q", all)
	}
	enter(t, master, "\x04")
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestRunEndsWithContext(t *testing.T) {
	for _, accessible := range []bool{false, true} {
		ctx, end := context.WithCancel(t.Context())
		in, keep := io.Pipe()
		out := newScreen()
		ended := make(chan error, 1)
		go func() {
			ended <- repl.Run(ctx, &prompt{}, repl.Options{In: in, Out: out, Accessible: accessible})
		}()
		out.until(t, "segq> ")
		end()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("accessible %v: ended with %v", accessible, err)
		}
		if err := keep.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestAccessible(t *testing.T) {
	in, typed := io.Pipe()
	out := newScreen()
	ended := make(chan error, 1)
	go func() {
		ended <- repl.Run(t.Context(), &prompt{}, repl.Options{In: in, Out: out, Accessible: true})
	}()
	enter(t, typed, "women: a = 1 and\n")
	out.until(t, " ...> ")
	enter(t, typed, "b = 2\n")
	out.until(t, "query 1  women: a = 1 and b = 2  result:  123 of 456 (26.97 %), exact, 1 ms")
	enter(t, typed, ".jbos\n")
	all := out.until(t, "did you mean .jobs?")
	if strings.ContainsAny(all, "\x1b\r█→≈#") {
		t.Errorf("not plain lines of words: %q", all)
	}
	enter(t, typed, ".quit\n")
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// An input that ends does not end the queries it started.
func TestAccessibleWaitsForAnswers(t *testing.T) {
	out := newScreen()
	err := repl.Run(t.Context(), &prompt{}, repl.Options{In: strings.NewReader("a = 1\n"), Out: out, Accessible: true})
	if err != nil {
		t.Error(err)
	}
	out.until(t, "123 of 456")
}
