package object

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	stall, firstPause = time.Second, time.Millisecond
	shared = transport()
	m.Run()
}

// server serves one file, and can be told to misbehave.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	contents []byte
	tag      string
	modified time.Time
	noRanges bool
	// spoil is asked before each answer, which it may give itself.
	spoil    func(n int, w http.ResponseWriter, r *http.Request) (done bool)
	requests int
	sent     atomic.Int64
}

func serve(t *testing.T, contents []byte) *server {
	s := &server{contents: contents, tag: `"one"`, modified: time.Unix(1e9, 0)}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// ServeHTTP answers.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.requests++
	n, contents, spoil := s.requests, s.contents, s.spoil
	if s.tag != "" {
		w.Header().Set("ETag", s.tag)
	}
	modified := s.modified
	s.mu.Unlock()
	if spoil != nil && spoil(n, w, r) {
		return
	}
	if s.noRanges {
		if !modified.IsZero() {
			w.Header().Set("Last-Modified", modified.UTC().Format(http.TimeFormat))
		}
		_, _ = w.Write(contents)
		return
	}
	http.ServeContent(&counting{w, &s.sent}, r, "", modified, bytes.NewReader(contents))
}

type counting struct {
	http.ResponseWriter
	n *atomic.Int64
}

// Write counts.
func (c *counting) Write(b []byte) (int, error) {
	c.n.Add(int64(len(b)))
	return c.ResponseWriter.Write(b)
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(n)}).Read(b)
	return b
}

func find(t *testing.T, name string, fromEnd bool) *Object {
	t.Helper()
	o, err := Find(t.Context(), name, fromEnd)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func all(t *testing.T, o *Object) []byte {
	t.Helper()
	r, err := o.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
