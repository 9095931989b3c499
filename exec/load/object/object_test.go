package object

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
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

// TestWhole reads objects of several sizes from their first byte to their last.
func TestWhole(t *testing.T) {
	for _, n := range []int{0, 1, head - 1, head, head + 1, tail, 3*pieceSize + 17} {
		for _, ranged := range []bool{true, false} {
			for _, fromEnd := range []bool{true, false} {
				s := serve(t, random(n))
				s.noRanges = !ranged
				o := find(t, s.URL+"/x.bin", fromEnd)
				if known := ranged || n == 0; known && o.Size() != int64(n) || !known && o.Size() != Unknown {
					t.Errorf("%d bytes, ranges %v: the size is %d", n, ranged, o.Size())
				}
				if got := all(t, o); !bytes.Equal(got, s.contents) {
					t.Errorf("%d bytes, ranges %v, from the end %v: got %d others", n, ranged, fromEnd, len(got))
				}
			}
		}
	}
}

// TestEndInOneRequest looks for the end of an object, which comes with the answer that tells its size.
func TestEndInOneRequest(t *testing.T) {
	s := serve(t, random(5<<20))
	o := find(t, s.URL+"/x.bin", true)
	r := o.OpenAt(t.Context(), pieceSize)
	defer r.Close()
	b := make([]byte, tail/2)
	if _, err := r.ReadAt(b, o.Size()-tail/2); err != nil || !bytes.Equal(b, s.contents[len(s.contents)-tail/2:]) {
		t.Fatal("the end is not what it is", err)
	}
	if s.requests != 1 {
		t.Errorf("%d requests, not 1", s.requests)
	}
}

// TestAhead reads ranges in an order, and counts what was sent for it.
func TestAhead(t *testing.T) {
	s := serve(t, random(40<<20))
	o := find(t, s.URL+"/x.bin", true)
	before, sent := s.requests, s.sent.Load()
	r := o.OpenAt(t.Context(), 2*pieceSize)
	defer r.Close()
	held, most := int64(0), int64(0)
	r.Hold = func(n int64) {
		held += n
		most = max(most, held)
	}
	ranges := []Range{{30 << 20, 1 << 20}, {1 << 20, 100}, {1<<20 + 1000, 50_000}, {8 << 20, 12 << 20}}
	r.WillNeed(ranges)
	for _, a := range ranges {
		for at := a.At; at < a.At+a.N; at += 300_000 {
			b := make([]byte, min(300_000, a.At+a.N-at))
			if _, err := r.ReadAt(b, at); err != nil || !bytes.Equal(b, s.contents[at:at+int64(len(b))]) {
				t.Fatalf("at %d: not what it is: %v", at, err)
			}
		}
	}
	if n := s.requests - before; n != 4 { // the second and third are joined, the last is cut in two
		t.Errorf("%d requests, not 4", n)
	}
	if want := int64(1<<20 + 51_000 + 12<<20); s.sent.Load()-sent != want {
		t.Errorf("%d bytes, not %d", s.sent.Load()-sent, want)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if held != 0 || most < pieceSize || most > 3*pieceSize {
		t.Errorf("%d bytes are told to be held, and were %d at most", held, most)
	}
	if r.held != 0 || len(r.pieces) != 0 {
		t.Errorf("%d bytes in %d pieces are still held", r.held, len(r.pieces))
	}
}

// TestAheadInAnyOrder reads at random what was announced, side by side, and is right.
func TestAheadInAnyOrder(t *testing.T) {
	s := serve(t, random(30<<20))
	r := find(t, s.URL+"/x.bin", false).OpenAt(t.Context(), pieceSize)
	defer r.Close()
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			d := rand.New(rand.NewPCG(7, uint64(i)))
			bound := r.Bound(t.Context(), nil)
			for range 40 {
				var ranges []Range
				for range 3 {
					ranges = append(ranges, Range{d.Int64N(30 << 20), d.Int64N(2 << 20)})
				}
				bound.WillNeed(ranges)
				at := d.Int64N(30<<20 - 1000)
				b := make([]byte, d.Int64N(1000)+1)
				if _, err := bound.ReadAt(b, at); err != nil || !bytes.Equal(b, s.contents[at:at+int64(len(b))]) {
					t.Errorf("at %d: not what it is: %v", at, err)
				}
			}
		})
	}
	wg.Wait()
}

// TestBreaking reads from a server that breaks off, answers that it is busy, and stops sending.
func TestBreaking(t *testing.T) {
	for name, spoil := range map[string]func(n int, w http.ResponseWriter, r *http.Request) bool{
		"breaks": func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n%2 == 0 {
				return false
			}
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		},
		"busy": func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n%3 == 0 {
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

// TestSecrets looks for the secrets of an address in all that is said of it.
func TestSecrets(t *testing.T) {
	s := serve(t, random(100))
	s.spoil = func(n int, w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(http.StatusForbidden)
		return true
	}
	host := strings.TrimPrefix(s.URL, "http://")
	for _, name := range []string{
		"http://user:canary@" + host + "/dir/x.parquet?X-Amz-Signature=canary#canary",
		"http://user:canary@127.0.0.1:1/dir/x.parquet?sig=canary",
		"https://user:canary@" + host + "/dir/x.parquet?sig=canary",
		"http://user:canary@host.invalid/dir/x.parquet?sig=canary",
		"http://user:canary@ho st/dir/x.parquet?sig=canary%zz",
	} {
		_, err := Find(t.Context(), name, true)
		if err == nil {
			t.Fatal(name, "was found")
		}
		if text := err.Error() + Redacted(name) + Base(name); strings.Contains(text, "canary") || strings.Contains(text, "user") {
			t.Errorf("%s", text)
		}
	}
}

// TestSignedNamesOfBuckets: the query of a signed address is a secret, below whatever scheme, and no pattern; names with a question mark
// are patterns as before.
func TestSignedNamesOfBuckets(t *testing.T) {
	for _, query := range []string{
		"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=canary", "x-amz-signature=canary", "AWSAccessKeyId=canary&Signature=canary&Expires=1",
		"Expires=1&GoogleAccessId=canary&Signature=canary", "X-Goog-Signature=canary", "sv=2024-01-01&sr=b&sig=canary", "versionId=1&X-Amz-Security-Token=canary",
	} {
		for _, scheme := range []string{"s3", "gs", "az", "S3"} {
			name := scheme + "://bucket/a/d.csv?" + query
			if got := Redacted(name); got != scheme+"://bucket/a/d.csv" {
				t.Errorf("%s is shown as %s", name, got)
			}
			if err := Unsupported(name); err == nil || strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), "https://") {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := Find(t.Context(), name, false); err == nil || strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), "signed") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := Unsupported("https://host/d.csv?" + query); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"s3://bucket/day?.csv", "s3://bucket/a?b=c.csv", "gs://bucket/?sig", "s3://bucket/x-amz-/y.csv"} {
		if err := Unsupported(name); err != nil || Redacted(name) != name {
			t.Errorf("%s is shown as %s: %v", name, Redacted(name), err)
		}
	}
}

// TestSentAlong has a user and a password sent.
func TestSentAlong(t *testing.T) {
	s := serve(t, random(100))
	s.spoil = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		if user, password, _ := r.BasicAuth(); user != "u" || password != "p@" || r.URL.Query().Get("sig") != "a b" {
			w.WriteHeader(http.StatusUnauthorized)
			return true
		}
		return false
	}
	host := strings.TrimPrefix(s.URL, "http://")
	find(t, "http://u:p%40@"+host+"/x.bin?sig=a%20b", false)
	_, err := Find(t.Context(), s.URL+"/x.bin", false)
	want := s.URL + "/x.bin: access is denied (401 Unauthorized): it asks for a user and a password: https://USER:PASSWORD@HOST/... or a signed address"
	if err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}

// TestRefused has the words of refusals.
func TestRefused(t *testing.T) {
	for status, want := range map[int]string{
		404: "there is no such file (404 Not Found)",
		410: "the server answers (410 Gone)",
		403: "access is denied (403 Forbidden): if the address is a signed one, its time may be over",
		500: "the server answers (500 Internal Server Error) (tried 5 times)",
	} {
		s := serve(t, nil)
		s.spoil = func(_ int, w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(status); return true }
		_, err := Find(t.Context(), s.URL+"/x", false)
		if err == nil || err.Error() != s.URL+"/x: "+want || errors.Is(err, fs.ErrNotExist) != (status == 404) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// TestEmptyRefused finds an object without bytes in a store that refuses all ranges of it, and says no size.
func TestEmptyRefused(t *testing.T) {
	for _, fromEnd := range []bool{true, false} {
		s := serve(t, nil)
		s.spoil = func(_ int, w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Range") != "" {
				w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
				return true
			}
			w.Header().Set("Content-Length", "0")
			return true
		}
		o := find(t, s.URL+"/x.bin", fromEnd)
		if b := all(t, o); o.Size() != 0 || len(b) != 0 {
			t.Errorf("the size is %d, and there are %d bytes", o.Size(), len(b))
		}
	}
}

// TestPatternOfWeb asks a web server for a pattern.
func TestPatternOfWeb(t *testing.T) {
	s := serve(t, nil)
	s.spoil = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusNotFound)
		return true
	}
	_, err := Find(t.Context(), s.URL+"/c/*.csv", false)
	if err == nil || !strings.Contains(err.Error(), "patterns are for s3://") {
		t.Errorf("the error is %v", err)
	}
}

// TestTrafficUnsized reads an object whose size is not known: that of all is not, then.
func TestTrafficUnsized(t *testing.T) {
	s := serve(t, random(100))
	s.noRanges = true
	all(t, find(t, s.URL+"/x.bin", false))
	if total := Total(); total.Size != Unknown {
		t.Errorf("the size of all is %d", total.Size)
	}
}
