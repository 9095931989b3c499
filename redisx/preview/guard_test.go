package preview_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/preview"
)

// TestBadRequests: what no client should send is refused, with the reason.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	queue, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { queue.Close() })
	a := serve(t, queue, preview.Options{Hosts: []string{"counts.example.com"}})
	deep := strings.Repeat("[", 100)
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		says                     string
	}{
		{"no query", "POST", "/preview", `{}`, nil, 422, "needs a query"},
		{"an unknown field", "POST", "/preview", `{"query":"q","tenant":"b"}`, nil, 422, "tenant"},
		{"an unknown class", "POST", "/preview", `{"query":"q","class":"now"}`, nil, 422, "class"},
		{"an unknown op", "POST", "/preview", `{"query":"q","op":"drop"}`, nil, 422, "op"},
		{"a large sample", "POST", "/preview", `{"query":"q","sample":1000000}`, nil, 422, "sample"},
		{"a negative timeout", "POST", "/preview", `{"query":"q","timeoutMs":-1}`, nil, 422, "timeoutMs"},
		{"a now that is no time", "POST", "/preview", `{"query":"q","now":"x"}`, nil, 422, "not a time"},
		{"bytes that are no text", "POST", "/preview", "{\"query\":\"a = '\xff'\"}", nil, 400, "UTF-8"},
		{"no JSON", "POST", "/preview", `query=q`, nil, 400, ""},
		{"half of JSON", "POST", "/preview", `{"query":"q"`, nil, 400, ""},
		{"two values", "POST", "/preview", `{"query":"q"}{}`, nil, 400, ""},
		{"deep JSON", "POST", "/preview", deep, nil, 400, ""},
		{"a form", "POST", "/preview", `query=q`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "Content-Type"},
		{"a long body", "POST", "/preview", `{"query":"` + strings.Repeat("x", 80<<10) + `"}`, nil, 413, ""},
		{"a long body for qualify", "POST", "/qualify", `{"rules":["true"],"profile":"` + strings.Repeat("x", 600<<10) + `"}`, nil, 413, ""},
		{"a long wait", "GET", "/preview/x?wait=1h", "", nil, 422, "30s"},
		{"no wait", "GET", "/preview/x?wait=long", "", nil, 422, "30s"},
		{"an unknown parameter", "GET", "/preview?limits=3", "", nil, 422, "limits"},
		{"a large list", "GET", "/preview?limit=100000", "", nil, 422, "limit"},
		{"a name that is none", "GET", "/preview/a%3Ab", "", nil, 422, "id"},
		{"a profile beside an unknown field", "POST", "/qualify", `{"profile":{"_id":"secret"},"ruls":["x"]}`, nil, 422, "body.ruls"},
		{"another page", "GET", "/admin", "", nil, 404, ""},
		{"another method", "PUT", "/preview", `{}`, nil, 405, ""},
		{"another host", "GET", "/preview", "", []string{"Host", "evil.example.com"}, 421, "--http-host"},
		{"a host that is known", "GET", "/preview", "", []string{"Host", "Counts.example.com:80"}, 200, ""},
		{"from another page", "POST", "/preview", `{"query":"q"}`, []string{"Origin", "https://evil.example.com"}, 403, ""},
		{"from another site", "POST", "/preview", `{"query":"q"}`, []string{"Sec-Fetch-Site", "cross-site"}, 403, ""},
	} {
		got := a.do(c.method, c.path, c.body, c.headers...)
		if got.status != c.status || !strings.Contains(got.text, c.says) {
			t.Errorf("%s: %d, not %d with %q: %s", c.name, got.status, c.status, c.says, got.text)
		}
		if strings.Contains(got.text, "secret") {
			t.Errorf("%s: what was sent is told: %s", c.name, got.text)
		}
		if got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: no nosniff", c.name)
		}
	}
	if _, err := queue.Recent(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	if ids, _ := queue.Recent(t.Context(), 10); len(ids) != 0 {
		t.Errorf("they became jobs: %q", ids)
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	queue, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { queue.Close() })
	a := serve(t, queue, preview.Options{Rate: 1, Burst: 3, Access: tokens(t, "0123456789abcdef a\nfedcba9876543210 b\n")})
	one, two := a.as("0123456789abcdef"), a.as("fedcba9876543210")
	for range 3 {
		one.want(200, one.do("GET", "/preview", ""))
	}
	if got := one.want(429, one.do("GET", "/preview", "")); got.header.Get("Retry-After") == "" {
		t.Error("it does not say when to come again")
	}
	two.want(200, two.do("GET", "/preview", ""))
	a.want(200, a.do("GET", "/healthz", ""))
}

// TestConnections: there are no more of them than there may be.
func TestConnections(t *testing.T) {
	t.Parallel()
	queue, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { queue.Close() })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- preview.New(queue, preview.Options{Connections: 1}).Serve(ctx, l) }()
	ask := func(within time.Duration) (net.Conn, error) {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
		if err := c.SetReadDeadline(time.Now().Add(within)); err != nil {
			t.Fatal(err)
		}
		_, err = c.Read(make([]byte, 1))
		return c, err
	}
	first, err := ask(20 * time.Second)
	if err != nil {
		t.Fatal(err)
	}
	second, err := ask(100 * time.Millisecond)
	if err == nil {
		t.Error("a second connection is served beside the first")
	}
	first.Close()
	second.Close()
	third, err := ask(20 * time.Second)
	if err != nil {
		t.Errorf("after the first: %v", err)
	}
	third.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestWithoutRedis: what cannot be done is said, with nothing of the inside.
func TestWithoutRedis(t *testing.T) {
	t.Parallel()
	queue, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := serve(t, queue, preview.Options{})
	a.want(503, a.do("GET", "/readyz", "")) // no worker
	queue.Close()
	for _, got := range []answer{a.do("POST", "/preview", `{"query":"q"}`), a.do("GET", "/preview/x", ""), a.do("GET", "/preview", ""), a.do("GET", "/schema", "")} {
		a.want(503, got)
		if got.header.Get("Retry-After") == "" || strings.Contains(got.text, "closed") {
			t.Errorf("%v %s", got.header, got.text)
		}
	}
	a.want(503, a.do("GET", "/readyz", ""))
	a.want(200, a.do("GET", "/healthz", ""))
	if m := a.want(200, a.do("GET", "/metrics", "")); !strings.Contains(m.text, "segq_redis_up 0") {
		t.Error("the metrics do not say that Redis is away")
	}
}

func TestTokenFiles(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"":                                       "no token",
		"# nobody\n":                             "no token",
		"0123456789abcdef":                       ":1: write a token and its tenant",
		"0123456789abcdef a b":                   ":1: write a token and its tenant",
		"\nshort a":                              ":2: the token has 5 characters",
		"0123456789abcdef a:b":                   "the tenant",
		"0123456789abcdef a\n0123456789abcdef b": ":2: the token appears twice",
	} {
		name := filepath.Join(t.TempDir(), "tokens")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := preview.ReadAccess(t.Context(), name)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "0123456789") {
			t.Errorf("%q: %v, not %q", text, err, says)
		}
	}
	name := filepath.Join(t.TempDir(), "tokens")
	if err := os.WriteFile(name, []byte("0123456789abcdef a\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := preview.ReadAccess(t.Context(), name); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a file that others can read: %v", err)
	}
	if _, err := preview.ReadAccess(t.Context(), name+"x"); err == nil {
		t.Error("a file that is not there")
	}
}

// TestMetrics: the figures are those of what was done.
func TestMetrics(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{})
		ids := []string{a.post("first").PreviewID, a.post("second").PreviewID}
		got := a.want(200, a.do("GET", "/metrics", "")).text
		for _, line := range []string{
			`segq_queue_depth{class="interactive"} 2`, `segq_queue_depth{class="batch"} 0`, `segq_jobs_submitted_total 2`,
			`segq_workers 0`, `segq_redis_up 1`, `segq_http_request_seconds_count{method="POST",route="/preview",status="202"} 2`,
		} {
			if !strings.Contains(got, line+"\n") {
				t.Errorf("there is no line %s", line)
			}
		}
		work(t, queue)
		for _, id := range append(ids, a.post("third").PreviewID) {
			a.want(200, a.do("GET", "/preview/"+id+"?wait=20s", ""))
		}
		a.post("third")
		got = a.want(200, a.do("GET", "/metrics", "")).text
		for _, line := range []string{
			`segq_queue_depth{class="interactive"} 0`, `segq_jobs_submitted_total 4`, `segq_claims_total 3`, `segq_cache_hits_total 1`,
			`segq_rows_read_total 3000`, `segq_workers 1`, `segq_fences_total 0`, `segq_jobs_ended_total{state="done"} 4`,
		} {
			if !strings.Contains(got, line+"\n") {
				t.Errorf("after that, there is no line %s", line)
			}
		}
		a.want(200, a.do("GET", "/readyz", ""))
	})
}

// TestContract reads the contract as clients do, and holds an answer against it.
func TestContract(t *testing.T) {
	t.Parallel()
	queue, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { queue.Close() })
	a := serve(t, queue, preview.Options{Version: "1.2.3"})
	var contract struct {
		OpenAPI string `json:"openapi"`
		Info    struct{ Version string }
		Paths   map[string]map[string]struct {
			Responses map[string]any
			Security  []any
		}
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any
				Required   []string
			}
			SecuritySchemes map[string]any
		}
	}
	if err := json.Unmarshal([]byte(a.want(200, a.do("GET", "/openapi.json", "")).text), &contract); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(contract.OpenAPI, "3.1") || contract.Info.Version != "1.2.3" || len(contract.Components.SecuritySchemes) != 1 {
		t.Errorf("%s %s", contract.OpenAPI, contract.Info.Version)
	}
	for path, methods := range map[string][]string{
		"/preview": {"get", "post"}, "/preview/{id}": {"get", "delete"}, "/preview/{id}/events": {"get"}, "/schema": {"get"},
	} {
		for _, m := range methods {
			if op, ok := contract.Paths[path][m]; !ok || len(op.Responses) < 3 {
				t.Errorf("%s %s is not in the contract, or without its errors", m, path)
			}
		}
	}
	// The names of Adobe's estimate, and what is required of an answer.
	schema := contract.Components.Schemas["Estimate"]
	for _, name := range []string{"estimatedSize", "numRowsToRead", "totalRows", "profilesReadSoFar", "profilesMatchedSoFar", "standardError", "confidenceInterval", "state", "previewId", "error"} {
		if schema.Properties[name] == nil {
			t.Errorf("an estimate has no %s", name)
		}
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(a.do("POST", "/preview", `{"query":"q"}`).text), &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range schema.Required {
		if _, ok := got[name]; !ok {
			t.Errorf("an answer has no %s", name)
		}
	}
	for name := range got {
		if schema.Properties[name] == nil {
			t.Errorf("an answer has %s, which is not in the contract", name)
		}
	}
}

// TestATenantHasAShareOfTheConnections: requests that wait do not keep others out.
func TestATenantHasAShareOfTheConnections(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{Connections: 8, Access: tokens(t, "0123456789abcdef a\nfedcba9876543210 b\n")})
		one, two := a.as("0123456789abcdef"), a.as("fedcba9876543210")
		waits := one.post("slow").PreviewID // there is no worker
		var streams []io.Closer
		for range 2 {
			r, err := http.NewRequestWithContext(t.Context(), "GET", a.url+"/preview/"+waits+"/events", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer 0123456789abcdef")
			answer, err := http.DefaultClient.Do(r) // the stream has begun when it answers
			if err != nil || answer.StatusCode != 200 {
				t.Fatal(answer, err)
			}
			streams = append(streams, answer.Body)
		}
		if got := one.want(429, one.do("GET", "/preview", "")); !strings.Contains(got.text, "more than 2 requests at a time") || got.header.Get("Retry-After") == "" {
			t.Error(got.text)
		}
		two.want(200, two.do("GET", "/preview", ""))
		a.want(200, a.do("GET", "/healthz", ""))
		for _, s := range streams {
			s.Close()
		}
	})
}

// TestTheSchemaWithoutAWorker says at once that there is none to tell it.
func TestTheSchemaWithoutAWorker(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{})
		if got := a.want(504, a.do("GET", "/schema", "")); !strings.Contains(got.text, "start one") {
			t.Error(got.text)
		}
	})
}
