package repl_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"github.com/segq/segq/repl"
)

// slow is a backend whose data is there when the test says so.
type slow struct {
	script
	ready chan error

	known sync.Mutex
	open  bool
	done  int64
}

func newSlow() *slow { return &slow{ready: make(chan error)} }

func (s *slow) Open(ctx context.Context) error {
	select {
	case err := <-s.ready:
		s.known.Lock()
		defer s.known.Unlock()
		s.open = err == nil
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *slow) Describe() repl.Info {
	s.known.Lock()
	defer s.known.Unlock()
	if !s.open {
		return repl.Info{Dataset: "big.csv", Profiles: -1, Events: -1, Loaded: -1, Opening: &repl.Opening{Done: s.done, Size: 1000}}
	}
	info := s.script.Describe()
	info.Dataset, info.Example = "big.csv", `loyalty.tier = "gold"`
	return info
}

func (s *slow) Schema() []repl.Field {
	s.known.Lock()
	defer s.known.Unlock()
	if !s.open {
		return nil
	}
	return s.script.Schema()
}

// opens ends the opening.
func (s *slow) opens(err error) { s.ready <- err }

// early plays a session whose data is not there yet.
func early(t *testing.T, o repl.Options, test func(*session, *slow)) {
	t.Helper()
	earlyOn(t, 80, 24, o, test)
}

// earlyOn does so on a screen of another size.
func earlyOn(t *testing.T, width, height int, o repl.Options, test func(*session, *slow)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		defer end()
		b := newSlow()
		m := repl.New(ctx, b, o)
		s := &session{t: t, backend: &b.script, model: m, msgs: make(chan tea.Msg, 1000)}
		s.send(tea.WindowSizeMsg{Width: width, Height: height})
		s.start(m.Init())
		test(s, b)
		s.finishAll()
	})
}

func TestNothingIsAskedUntilTheDataIsThere(t *testing.T) {
	early(t, repl.Options{Peek: true}, func(s *session, b *slow) {
		s.backend.helps = newHelper()
		s.keys(`loyalty.tier = "go`, "tab")
		s.wait(time.Second)
		s.keys("left", "tab")
		if got := s.backend.helps.all; len(got) > 0 {
			s.t.Errorf("asked %q", got)
		}
		s.types(".history", "ctrl+c", ".hist", "tab")
		s.keys("ctrl+c", `loyalty.tier = "gold"`)
		b.opens(nil)
		s.wait(200 * time.Millisecond)
		s.shows("655,210")
	})
}

func TestEnterIsKeptUntilTheDataIsThere(t *testing.T) {
	early(t, repl.Options{First: true}, func(s *session, b *slow) {
		s.wants("segq  big.csv · reading 0 %")
		b.known.Lock()
		b.done = 380
		b.known.Unlock()
		s.wait(200 * time.Millisecond)
		s.wants("reading 38 %")
		s.wants("try  .help")
		s.keys("homeAdress = 1", "enter", "a = 1", "enter", ".fields city", "enter", "b = ")
		s.wants("a = 1  waits for the data")
		s.wants("segq> b = ")
		if len(s.printed)+len(s.backend.submitted) > 0 {
			s.t.Errorf("it ran, or was checked: %v, %v", s.printed, s.backend.submitted)
		}
		b.opens(nil)
		s.settle()
		s.wants("segq  big.csv · 2,000,000 profiles · 31,000,000 events · 118 fields")
		s.wants(`try  loyalty.tier = "gold"   .fields   .help`)
		s.wants("there is no field homeAdress")
		s.wants("homeAddress.city")
		s.wants("segq> b = ") // as it was typed
		if got := s.backend.submitted; len(got) != 1 || got[0].Text != "a = 1" {
			s.t.Errorf("submitted %v", got)
		}
		if all := ansi.Strip(s.screen()); strings.Contains(all, "waits for") || strings.Index(all, "no field homeAdress") > strings.Index(all, "segq> a = 1") {
			s.t.Errorf("not in order:\n%s", all)
		}
	})
}

func TestKeptInputIsTakenBack(t *testing.T) {
	early(t, repl.Options{}, func(s *session, b *slow) {
		s.keys("a = 1", "enter", "b = 2", "enter", "ctrl+c")
		s.wants("segq> b = 2")
		s.keys("ctrl+c", ".help keys", "enter", ".nothing", "enter") // at once
		s.wants("clear the input")
		s.wants("there is no command .nothing")
		s.keys("ctrl+d")
		s.wants("1 query waits for the data; press Ctrl-D again to leave")
		b.opens(nil)
		s.settle()
		if got := s.backend.submitted; len(got) != 1 || got[0].Text != "a = 1" {
			s.t.Errorf("submitted %v", got)
		}
		if strings.Contains(s.screen(), "try  ") {
			s.t.Errorf("not the first session:\n%s", s.screen())
		}
	})
}

func TestLeavingBeforeTheDataIsThere(t *testing.T) {
	early(t, repl.Options{}, func(s *session, _ *slow) {
		s.keys("quit", "enter")
		if !s.quit {
			s.t.Errorf("it stays:\n%s", s.screen())
		}
	})
}

func TestDataThatCannotBeOpened(t *testing.T) {
	early(t, repl.Options{}, func(s *session, b *slow) {
		s.keys("a = 1", "enter", "b = ")
		b.opens(errBroken)
		s.settle()
		if !s.quit || len(s.backend.submitted) > 0 {
			s.t.Errorf("it goes on: %v", s.backend.submitted)
		}
		s.wants("not run, since there is no data:")
		s.wants("a = 1")
		s.wants("b =")
	})
}

// Run returns why the data cannot be opened.
func TestRunWithoutData(t *testing.T) {
	for _, accessible := range []bool{false, true} {
		b, out := newSlow(), newScreen()
		in, typed := io.Pipe()
		ended := make(chan error, 1)
		go func() {
			ended <- repl.Run(t.Context(), b, repl.Options{In: in, Out: out, Accessible: accessible})
		}()
		out.until(t, "segq> ")
		enter(t, typed, "a = 1"+map[bool]string{false: "\r", true: "\n"}[accessible])
		out.until(t, map[bool]string{false: "waits for the data", true: "this runs when the data is read"}[accessible])
		b.opens(errBroken)
		if err := <-ended; !errors.Is(err, errBroken) {
			t.Errorf("ended with %v", err)
		}
		out.until(t, "not run")
		if err := typed.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestAccessibleSessionBeginsOnce: where the data is there soon, the session begins with what it is, and one prompt.
func TestAccessibleSessionBeginsOnce(t *testing.T) {
	b, out := newSlow(), newScreen()
	in, typed := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- repl.Run(t.Context(), b, repl.Options{In: in, Out: out, Accessible: true})
	}()
	b.opens(nil)
	all := out.until(t, "segq> ")
	if !strings.Contains(all, "2,000,000 profiles") || strings.Contains(all, "opening") || strings.Contains(all, "reading") {
		t.Errorf("it begins with\n%s", all)
	}
	enter(t, typed, ".quit\n")
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := typed.Close(); err != nil {
		t.Error(err)
	}
}

// TestOpening draws a first session before its data is there, and after.
func TestOpening(t *testing.T) {
	for _, size := range [][2]int{{40, 12}, {80, 24}, {200, 60}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			var screen string
			earlyOn(t, size[0], size[1], repl.Options{First: true}, func(s *session, b *slow) {
				b.done = 380
				s.wait(200 * time.Millisecond)
				s.keys(`homeAddress.city = "Oslo" and person.gender = "female"`, "enter", "person.birthYear > ")
				screen = s.screen()
				b.opens(nil)
				s.settle()
				screen += "== open ==\n" + s.screen()
			})
			golden.RequireEqual(t, ansi.Strip(screen))
		})
	}
}
