package preview_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/preview"
	"github.com/segq/segq/redisx/redistest"
)

// realURL is the URL of a Redis server, "" where there is none.
var realURL string

func TestMain(m *testing.M) {
	url, stop, err := redistest.Any()
	switch {
	case err == nil:
		realURL = url
	case !redistest.Excused(err):
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	stop()
	os.Exit(code)
}

// onEach runs a test on the embedded broker and on a real one.
func onEach(t *testing.T, test func(t *testing.T, queue *redisx.Client)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		c, err := redisx.Embedded(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		test(t, c)
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		if realURL == "" {
			t.Skip("there is no redis-server: SEGQ_TEST_REDIS names one")
		}
		c, err := redisx.Open(t.Context(), redisx.Options{URL: realURL, Namespace: "p-" + uuid.NewString()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		test(t, c)
	})
}

// counter is a worker's handler: of 1,000 rows in ten partitions, the count is 30 in
// each. It stops half way where the query says so until it is released.
type counter struct {
	client  *redisx.Client
	release chan struct{}
}

func (h *counter) Handle(tasks []*redisx.Task) {
	var all sync.WaitGroup
	for _, t := range tasks {
		all.Go(func() { h.count(t) })
	}
	all.Wait()
}

func (h *counter) count(t *redisx.Task) {
	if t.Command.Query == "wrong" {
		t.Reject("unknown-field", "there is no field wrong", []byte(`{"status":"error","error":{"code":"unknown-field","message":"there is no field wrong","line":1,"column":1,"hint":"write tier"}}`))
		return
	}
	if t.Command.Query == "long" {
		t.Finish(bytes.Repeat([]byte("x"), 1<<20+1))
		return
	}
	if t.Command.Query == "old" { // as workers answered before records had a version
		t.Finish([]byte(`{"id":"x","index":0,"query":"old","status":"ok","count":3,"total":4,"exact":true,"elapsed_ms":1,"snapshot":"s0","now":"2001-01-01T00:00:00Z","values":{"Present":3,"Numeric":true,"Sum":60,"Top":[{"Value":"a","Count":2}]}}`))
		return
	}
	rows := slices.Repeat([]int{100}, 10)
	t.Start(rows)
	if t.Command.Op == "rules" {
		for i := range rows {
			t.Progress(i, 100, 0, true)
		}
		t.Finish([]byte(`{"status":"ok","count":null,"total":1000,"exact":true,"snapshot":"s1","rules":[{"name":"a","status":"ok","count":1},{"name":"b","status":"ok","count":2}]}`))
		return
	}
	for i := range rows {
		t.Progress(i, 50, 15, false)
	}
	if strings.HasPrefix(t.Command.Query, "slow") {
		select {
		case <-h.release:
		case <-t.Context().Done():
			t.Fail(context.Cause(t.Context()))
			return
		}
	}
	for i := range rows {
		t.Progress(i, 100, 30, true)
	}
	answer := fmt.Appendf(nil, `{"v":1,"id":%q,"name":%q,"status":"ok","count":300,"total":1000,"exact":true,"snapshot":"s1","now":"2001-01-01T00:00:00Z","rows_skipped":7,"cached":false,"asked":%q}`, t.Command.ID, t.Command.Name, t.Command.Segments["gold"])
	t.Keep(t.CacheKeys(t.Command.Query, false))
	t.Finish(answer)
}

// work runs a worker until the test ends. Closing what it gives lets slow queries go on.
func work(t *testing.T, queue *redisx.Client) (release chan struct{}) {
	t.Helper()
	h := &counter{queue, make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = redisx.NewWorker(queue, h, redisx.WorkerOptions{Serves: "v1 s1", Schema: []byte(`{"snapshot":"s1","fields":[{"path":"tier","type":"string"}]}`), Grace: 1, MaxResult: 1 << 20}).Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return h.release
}

// api is a server that is asked as clients do.
type api struct {
	t     *testing.T
	url   string
	token string
}

func serve(t *testing.T, queue *redisx.Client, o preview.Options) *api {
	t.Helper()
	server := httptest.NewServer(preview.New(queue, o).Handler())
	t.Cleanup(server.Close)
	return &api{t: t, url: server.URL}
}

// as returns the same server for the holder of a token.
func (a *api) as(token string) *api { return &api{a.t, a.url, token} }

// answer is what the server said.
type answer struct {
	status int
	header http.Header
	text   string
}

// estimate reads the body.
func (r answer) estimate(t *testing.T) (e preview.Estimate) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.text), &e); err != nil {
		t.Fatalf("%d: %v: %s", r.status, err, r.text)
	}
	return e
}

// do sends a request; headers are pairs of name and value.
func (a *api) do(method, path, body string, headers ...string) answer {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), method, a.url+path, bytes.NewBufferString(body))
	if err != nil {
		a.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if a.token != "" {
		r.Header.Set("Authorization", "Bearer "+a.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		a.t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return answer{got.StatusCode, got.Header, string(text)}
}

// want fails the test when the server said something else.
func (a *api) want(status int, got answer) answer {
	a.t.Helper()
	if got.status != status {
		a.t.Fatalf("the status is %d, not %d: %s", got.status, status, got.text)
	}
	return got
}

// post submits a query and gives its id.
func (a *api) post(query string, headers ...string) preview.Estimate {
	a.t.Helper()
	return a.want(202, a.do("POST", "/preview", fmt.Sprintf(`{"query":%q}`, query), headers...)).estimate(a.t)
}

// tokens writes a file of tokens.
func tokens(t *testing.T, text string) *preview.Access {
	t.Helper()
	name := filepath.Join(t.TempDir(), "tokens")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := preview.ReadAccess(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
