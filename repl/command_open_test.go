package repl_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl"
)

// library is a session that can open other data. Opening waits until it is told how it ends.
type library struct {
	script
	ends   chan error
	opened [][]string
	now    string
	same   bool
}

func (l *library) Describe() repl.Info {
	info := l.script.Describe()
	if l.now != "" {
		info.Dataset, info.Profiles, info.Snapshot, info.Facts, info.Loaded = l.now, 2_500_000, "another", nil, -1
	}
	return info
}

func (l *library) Reopen(ctx context.Context, paths []string, tell func(repl.Opening)) (bool, error) {
	l.away()
	l.mu.Lock()
	l.opened = append(l.opened, paths)
	l.mu.Unlock()
	tell(repl.Opening{Done: 41, Size: 100})
	select {
	case err := <-l.ends:
		if err != nil {
			return false, err
		}
	case <-ctx.Done():
		return false, ctx.Err()
	}
	if l.same {
		return false, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = "sample"
	if len(paths) > 0 {
		l.now = paths[0]
	}
	return true, nil
}

func (l *library) Refresh(ctx context.Context) (bool, error) {
	return l.Reopen(ctx, nil, func(repl.Opening) {})
}

// reading plays a session that can open other data.
func reading(t *testing.T, test func(*session, *library)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		defer end()
		b := &library{ends: make(chan error, 1)}
		m := repl.New(ctx, b, repl.Options{})
		s := &session{t: t, backend: &b.script, model: m, msgs: make(chan tea.Msg, 1000)}
		s.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		s.start(m.Init())
		test(s, b)
		s.finishAll()
	})
}

// TestOpenOther: what is entered behind .open waits for the data and is asked of it, in one paste too.
func TestOpenOther(t *testing.T) {
	reading(t, func(s *session, b *library) {
		s.keys("a = 1", "enter", `.open "march 1.parquet" x\ y`, "enter", "b = 2", "enter")
		s.lacks("opening march")
		s.wait(500 * time.Millisecond)
		s.wants("opening march 1.parquet x y  41 %  1 waiting for it")
		s.keys(".jobs", "enter") // does not wait
		s.wants("in the queue")
		if len(b.submitted) != 1 {
			t.Errorf("submitted %v", b.submitted)
		}
		b.ends <- nil
		s.settle()
		s.wants("segq  march 1.parquet · 2,500,000 profiles")
		if got := fmt.Sprint(b.opened, len(b.submitted)); got != "[[march 1.parquet x y]] 2" {
			t.Error(got)
		}
		s.paste("c = 3\n.open other\nd = 4")
		s.keys("enter")
		s.settle()
		if len(b.submitted) != 3 {
			t.Errorf("submitted %v", b.submitted)
		}
		b.ends <- nil
		s.settle()
		if len(b.submitted) != 4 {
			t.Errorf("submitted %v", b.submitted)
		}
		for i := range 4 {
			s.backend.job(i+1, func(j *repl.Job) { j.State = repl.Cancelled })
		}
	})
}

// TestOpenAgain: the same data, as it is by now.
func TestOpenAgain(t *testing.T) {
	reading(t, func(s *session, b *library) {
		s.keys(".open", "enter")
		s.wait(500 * time.Millisecond)
		s.wants("opening the data again  41 %")
		b.ends <- nil
		s.settle()
		s.wants("segq  sample · 2,500,000 profiles · 31,000,000 events · 118 fields\n      2,000,000 before")
		b.same = true
		s.keys(".open", "enter")
		b.ends <- nil
		s.settle()
		s.wants("nothing has changed: sample is as it was")
	})
}

// TestNotOpened: the session has what it had, and what was entered for the other data does not run.
func TestNotOpened(t *testing.T) {
	reading(t, func(s *session, b *library) {
		s.keys(`.open "x`, "enter")
		s.wants(`a quote " is never closed`)
		s.keys(".open x", "enter", "b = 2", "enter")
		b.ends <- errors.New("x: no such file")
		s.settle()
		s.wants("error: x: no such file")
		s.wants("the data is still sample")
		s.wants("not run, since it was for the other data:")
		s.keys(".open x", "enter", "b = 2", "enter", ".open x", "enter")
		b.ends <- errors.New("x: no such file")
		s.settle()
		b.ends <- errors.New("x: gone for good")
		s.settle()
		s.wants("error: x: gone for good")
		s.keys("c = 3", "enter", ".open y", "enter", "ctrl+c")
		s.settle()
		s.wants("not opened: the data is still sample")
		if len(b.submitted) != 1 || b.submitted[0].Text != "c = 3" {
			t.Errorf("submitted %v", b.submitted)
		}
		s.backend.job(1, func(j *repl.Job) { j.State = repl.Cancelled })
	})
}
