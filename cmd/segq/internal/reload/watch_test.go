package reload

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/exec/load"
)

// fake is a worker that notes what is said to it.
type fake struct {
	stale    string
	replaced chan struct{} // has one when other data has come
}

func (f *fake) Replace(context.Context, *dataset.Dataset) (<-chan struct{}, error) {
	f.stale = ""
	f.replaced <- struct{}{}
	gone := make(chan struct{})
	close(gone)
	return gone, nil
}

func (f *fake) Stale(err error) {
	if f.stale = ""; err != nil {
		f.stale = err.Error()
	}
}

func (f *fake) Affirm(context.Context) error { return nil }

// watching is a Reloader of a file, what it logs, and what writes a line to the file.
func watching(t *testing.T, quiet time.Duration) (r *Reloader, w *fake, log *strings.Builder, write func()) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "d.ndjson")
	write = func() {
		t.Helper()
		f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(`{"n":1}` + "\n"); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	write()
	o := dataset.Options{Reloads: true}
	d, err := dataset.Open(t.Context(), []string{path}, o, 1, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	w, log = &fake{replaced: make(chan struct{}, 9)}, &strings.Builder{}
	r = &Reloader{
		Now: d, Paths: []string{path}, Options: o, Threads: 1, Worker: w, Log: slog.New(slog.NewTextHandler(log, nil)),
		Notes: t.Output(), Quiet: quiet,
	}
	t.Cleanup(r.Close)
	return r, w, log, write
}

// Of a file that is written to all the time it is said, once, that it is not loaded.
func TestStillBeingWritten(t *testing.T) {
	t.Parallel()
	r, w, log, write := watching(t, time.Hour)
	look := func() {
		t.Helper()
		if r.due(t.Context()) {
			t.Fatal("it is loaded while it is written")
		}
	}
	write()
	look()
	if w.stale != "" {
		t.Errorf("said at once: %s", w.stale)
	}
	r.changed.first = time.Now().Add(-11 * r.Quiet)
	for range 3 {
		write()
		look()
	}
	if !strings.Contains(w.stale, "have changed since") || !strings.Contains(w.stale, "still being written") {
		t.Errorf("the worker hears %q", w.stale)
	}
	if n := strings.Count(log.String(), "level=WARN"); n != 1 {
		t.Errorf("%d warnings: %s", n, log)
	}
	r.changed.since = time.Now().Add(-2 * r.Quiet)
	if !r.due(t.Context()) {
		t.Error("it is quiet, and not loaded")
	}
}

// Data elsewhere is looked at seldom, again when it may have been quiet for long enough, and seldom where it is not.
func TestNextLook(t *testing.T) {
	t.Parallel()
	r, _, _, write := watching(t, 2*time.Second)
	looks := func(want time.Duration) {
		t.Helper()
		_ = r.due(t.Context())
		paths := r.Paths
		r.Paths = []string{"s3://bucket/d.ndjson"}
		if got := r.next(); got != want {
			t.Errorf("%v, not %v", got, want)
		}
		r.Paths = paths
	}
	looks(remote)
	write()
	looks(2 * time.Second)
	write()
	looks(remote)
}

// What a read has found to be overwritten is looked at at once, also where that is done every 30 seconds.
func TestOverwrittenIsLookedAtNow(t *testing.T) {
	t.Parallel()
	r, w, _, write := watching(t, time.Millisecond)
	file := r.Paths[0]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) { http.ServeFile(w, q, file) }))
	t.Cleanup(server.Close)
	r.Paths = []string{server.URL + "/d.ndjson"}
	write()
	r.Now.Lose(load.ErrChanged)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); r.Run(ctx, nil) }()
	select {
	case <-w.replaced:
	case <-time.After(remote - 5*time.Second):
		t.Error("it was not loaded at once")
	}
	stop()
	<-done
}
