package object

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestBreaking reads from a server that breaks off, answers that it is busy, and stops sending.
func TestBreaking(t *testing.T) {
	var asked sync.Map
	for name, spoil := range map[string]func(n int, w http.ResponseWriter, r *http.Request) bool{
		"breaks": func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n%2 == 0 {
				return false
			}
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		},
		"busy": func(_ int, w http.ResponseWriter, r *http.Request) bool {
			n, _ := asked.LoadOrStore(r.Host+r.Header.Get("Range"), &atomic.Int64{})
			if n.(*atomic.Int64).Add(1)%3 == 0 { // of the same bytes
				return false
			}
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		},
		"stops": func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n != 2 {
				return false
			}
			<-r.Context().Done()
			return true
		},
	} {
		for _, ranged := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, ranges %v", name, ranged), func(t *testing.T) {
				t.Parallel()
				s := serve(t, random(20<<20))
				s.noRanges, s.spoil = !ranged, spoil
				if got := all(t, find(t, s.URL+"/x.bin", false)); !bytes.Equal(got, s.contents) {
					t.Errorf("got %d others", len(got))
				}
			})
		}
	}
}

// cut sends so many bytes of an answer, and breaks off.
type cut struct {
	http.ResponseWriter
	left int
}

// Write sends less than it should.
func (c *cut) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b[:min(len(b), c.left)])
	if c.left -= n; c.left == 0 {
		panic(http.ErrAbortHandler)
	}
	return n, err
}

// TestResumed reads from a server that breaks off in the middle of each answer: what came is not asked for
// again where there are ranges.
func TestResumed(t *testing.T) {
	s := serve(t, random(9<<20))
	s.spoil = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		http.ServeContent(&cut{w, 1 << 20}, r, "", s.modified, bytes.NewReader(s.contents))
		return true
	}
	if got := all(t, find(t, s.URL+"/x.bin", false)); !bytes.Equal(got, s.contents) {
		t.Errorf("got %d others", len(got))
	}
	if s.requests > 12 {
		t.Errorf("%d requests", s.requests)
	}
}

// TestChanged reads objects that are written to, or go, after they were found.
func TestChanged(t *testing.T) {
	changes := map[string]func(s *server){
		"tag":   func(s *server) { s.tag, s.contents = `"two"`, random(21<<20) },
		"weak":  func(s *server) { s.tag = `W/"two"` },
		"size":  func(s *server) { s.tag, s.contents = "", s.contents[:19<<20] },
		"grown": func(s *server) { s.tag, s.contents = "", append(s.contents, 1) },
		"time":  func(s *server) { s.tag, s.modified = "", time.Unix(1e9+1, 0) },
		"gone": func(s *server) {
			s.spoil = func(_ int, w http.ResponseWriter, r *http.Request) bool { http.NotFound(w, r); return true }
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			s := serve(t, random(20<<20))
			o := find(t, s.URL+"/x.bin", true)
			r := o.OpenAt(t.Context(), pieceSize)
			defer r.Close()
			s.mu.Lock()
			change(s)
			s.mu.Unlock()
			_, err := r.ReadAt(make([]byte, 100), 1000)
			if !errors.Is(err, ErrChanged) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// TestGivenUp gives up waiting for a server.
func TestGivenUp(t *testing.T) {
	s := serve(t, random(20<<20))
	o := find(t, s.URL+"/x.bin", true)
	asked := make(chan bool, 100)
	s.mu.Lock()
	s.spoil = func(_ int, _ http.ResponseWriter, r *http.Request) bool {
		asked <- true
		<-r.Context().Done()
		return true
	}
	s.mu.Unlock()
	reason := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	r := o.OpenAt(t.Context(), pieceSize)
	defer r.Close()
	bound := r.Bound(ctx, nil)
	go func() { <-asked; cancel(reason) }()
	if _, err := bound.ReadAt(make([]byte, 100), 1000); !errors.Is(err, reason) {
		t.Errorf("the error is %v", err)
	}
}
