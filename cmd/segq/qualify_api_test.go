package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/preview"
	"github.com/segq/segq/samples"
)

// qualifyHall starts a worker over the sample, with further arguments, and the preview API before it that lets any number of requests in, keeps rules as the set "rules", and returns its address.
func qualifyHall(tb testing.TB, rules string, more ...string) string {
	tb.Helper()
	program, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	tb.Cleanup(stop)
	namespace, url := "qualify-"+uuid.NewString(), workertest.Redis(tb)
	run := func(args ...string) *exec.Cmd {
		c := exec.CommandContext(ctx, program, append(args, "--namespace", namespace)...)
		c.Env = append(os.Environ(), asProgram+"=1", "SEGQ_REDIS_URL="+url)
		return c
	}
	file := filepath.Join(tb.TempDir(), "rules.pql")
	if err := os.WriteFile(file, []byte(rules), 0o600); err != nil {
		tb.Fatal(err)
	}
	if out, err := run("rules", "put", "rules", "--attach", "-f", file).CombinedOutput(); err != nil {
		tb.Fatalf("%v: %s", err, out)
	}
	c := run(append([]string{"--serve"}, more...)...)
	log, err := c.StderrPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { stop(); _ = c.Wait() })
	working := false
	for lines := bufio.NewScanner(log); !working && lines.Scan(); {
		working = strings.Contains(lines.Text(), `"msg":"working"`)
	}
	if !working {
		tb.Fatal("the worker does not serve")
	}
	go func() { _, _ = io.Copy(io.Discard, log) }()
	client, err := redisx.Open(ctx, redisx.Options{URL: url, Namespace: namespace})
	if err != nil {
		tb.Fatal(err)
	}
	server := httptest.NewServer(preview.New(client, preview.Options{Rate: 1 << 20, Burst: 1 << 20}).Handler())
	tb.Cleanup(func() { server.Close(); client.Close() })
	return server.URL
}

// postQualify asks about a profile.
func postQualify(address string, body []byte) (status int, answer []byte, err error) {
	r, err := http.Post(address+"/qualify", "application/json", bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	defer r.Body.Close()
	answer, err = io.ReadAll(r.Body)
	return r.StatusCode, answer, err
}

// Many ask at a time, and everybody has the answer about their own profile.
func TestQualifyThroughTheAPI(t *testing.T) {
	address := qualifyHall(t, "gold: loyalty.tier = \"gold\"\nwrong: loyalti\nbuyers: xEvent.count() = 2\n")
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			tier, in := "gold", `["gold","buyers"]`
			if i%2 == 0 {
				tier, in = "silver", `["buyers"]`
			}
			body := fmt.Sprintf(`{"set":"rules","profile":{"_id":"p%d","loyalty":{"tier":%q},"xEvent":[{},{}],"new":[1]}}`, i, tier)
			status, answer, err := postQualify(address, []byte(body))
			want := fmt.Sprintf(`{"id":"p%d","in":%s,"failed":{"wrong":"1:1: there is no field loyalti: did you mean loyalty?"},"rule_set":{"name":"rules","version":1},`, i, in)
			if err != nil || status != http.StatusOK || !strings.HasPrefix(string(answer), want) {
				t.Errorf("%d %v\n%s, want\n%s...", status, err, answer, want)
			}
		})
	}
	all.Wait()
	for body, want := range map[string]string{
		`{"profile":{}}`: "give rules, or the name of a set of them",
		`{"set":"rules","rules":["true"],"profile":{}}`:            "give rules, or the name of a set of them",
		`{"set":"rulez","profile":{}}`:                             `there is no set of rules \"rulez\"`,
		`{"rules":["true"],"profile":[1]}`:                         "the profile cannot be read: column 1: expected an object, found a list",
		`{"rules":["true"],"names":["a","b"],"profile":{}}`:        "2 names for 1 queries",
		`{"rules":["true"],"now":"yesterday","profile":{}}`:        "is not a time",
		`{"rules":["true","true"],"names":["a","a"],"profile":{}}`: "two rules are called a",
	} {
		status, answer, err := postQualify(address, []byte(body))
		if err != nil || status != http.StatusUnprocessableEntity || !strings.Contains(string(answer), want) {
			t.Errorf("%s: %d %v %s, want %s", body, status, err, answer, want)
		}
	}
	status, answer, err := postQualify(address, []byte(`{"rules":["now > @then","inSegment(\"a\")"],"segments":{"a":"loyalty.points > 1"},"params":{"then":"2026-01-01"},"now":"2026-01-02","profile":{"loyalty":{"points":2}}}`))
	if err != nil || status != http.StatusOK || !strings.HasPrefix(string(answer), `{"id":null,"in":["1","2"],`) {
		t.Errorf("%d %v %s", status, err, answer)
	}
	// The names of the queue are understood, too; what is too large a number is null; an error repeats nothing of a profile.
	status, answer, err = postQualify(address, []byte(`{"set":"rules","set_version":1,"profile":{"loyalty":{"tier":"gold"}}}`))
	if err != nil || status != http.StatusOK || !strings.Contains(string(answer), `"rule_set":{"name":"rules","version":1}`) {
		t.Errorf("%d %v %s", status, err, answer)
	}
	status, answer, err = postQualify(address, []byte(`{"queries":["loyalty.points.isNull()"],"profile":{"loyalty":{"points":1e400}}}`))
	if err != nil || status != http.StatusOK || !strings.HasPrefix(string(answer), `{"id":null,"in":["1"],"warnings":["loyalty.points is`) {
		t.Errorf("%d %v %s", status, err, answer)
	}
	for body, want := range map[string]string{
		`{"rules":["true"],"profile":{"a":secret-9}`:                              "the body: it is no JSON, at byte 34: ",
		`{"rules":["true"],"setVersion":1e999,"profile":{"a":"secret-9"}}`:        "setVersion",
		`{"rules":["true"],"queries":["true"],"profile":{"a":"secret-9"}}`:        "rules and queries are the same",
		`{"set":5,"profile":{"a":"` + strings.Repeat("secret-9", 1000) + `"}}`:    "expected string",
		`{"rules":["true"],"now":"secret-9","profile":{"a":"secret-9"}} "secret"`: "the body: it is no JSON, at byte 64: ",
	} {
		status, answer, err := postQualify(address, []byte(body))
		if err != nil || status/100 != 4 || !strings.Contains(string(answer), want) || strings.Contains(string(answer), "secret") || strings.Contains(string(answer), "Go ") || len(answer) > 400 {
			t.Errorf("%.70s: %d %v %.900s, want %s", body, status, err, answer, want)
		}
	}
	// A rule that is wrong is so alone as among others.
	status, answer, err = postQualify(address, []byte(`{"rules":["loyalti"],"profile":{}}`))
	if err != nil || status != http.StatusOK || !strings.HasPrefix(string(answer), `{"id":null,"in":[],"failed":{"1":"1:1: there is no field loyalti: did you mean loyalty?"},`) {
		t.Errorf("%d %v %s", status, err, answer)
	}
	for _, test := range []struct{ size, status int }{{100 << 10, http.StatusOK}, {600 << 10, http.StatusRequestEntityTooLarge}} {
		body := `{"rules":["true"],"profile":{"note":"` + strings.Repeat("x", test.size) + `"}}`
		for _, reader := range []io.Reader{strings.NewReader(body), io.MultiReader(strings.NewReader(body))} { // the second in chunks
			r, err := http.Post(address+"/qualify", "application/json", reader)
			if err != nil {
				t.Fatal(err)
			}
			if r.Body.Close(); r.StatusCode != test.status {
				t.Errorf("%d bytes: %d, want %d", test.size, r.StatusCode, test.status)
			}
		}
	}
	status, answer, err = postQualify(address, []byte(`{"rules":["true"],"profile":{"note":"`+strings.Repeat(`<`, 400<<10)+`"}}`))
	if err != nil || status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d %v %s", status, err, answer)
	}
	status, answer, err = postQualify(address, []byte(`{"rules":["false","inSegment(\"a\")"],"names":["a","b"],"profile":{}}`))
	if err != nil || status != http.StatusOK || !strings.HasPrefix(string(answer), `{"id":null,"in":[],"snapshot`) {
		t.Errorf("%d %v %s", status, err, answer)
	}
}

// A worker that was started with a lookup answers rules over its fields, also of many profiles at a time.
func TestQualifyThroughTheAPIWithLookups(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tiers.csv")
	if err := os.WriteFile(file, []byte("name,rank\ngold,3\nsilver,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	address := qualifyHall(t, "high: loyalty.level.rank > 2\nnone: loyalty.level.rank.isNull()\n", "--lookup", "level="+file+":loyalty.tier=name")
	var all sync.WaitGroup
	for i := range 30 {
		all.Go(func() {
			tier, in := "gold", `["high"]`
			switch i % 3 {
			case 1:
				tier, in = "silver", `[]`
			case 2:
				tier, in = "tin", `["none"]`
			}
			body := fmt.Sprintf(`{"set":"rules","profile":{"_id":"p%d","loyalty":{"tier":%q,"level":{"rank":9}}}}`, i, tier)
			status, answer, err := postQualify(address, []byte(body))
			want := fmt.Sprintf(`{"id":"p%d","in":%s,"rule_set"`, i, in)
			if err != nil || status != http.StatusOK || !strings.HasPrefix(string(answer), want) {
				t.Errorf("%d %v\n%s, want\n%s...", status, err, answer, want)
			}
		})
	}
	all.Wait()
}

// BenchmarkQualifyAPI asks which of 1000 rules a profile of about ten events is in, one profile after another over one
// connection, and tells how long half of the answers take at most, and 99 in a hundred.
//
//	go test ./cmd/segq -run '^$' -bench QualifyAPI
func BenchmarkQualifyAPI(b *testing.B) {
	address := qualifyHall(b, madeRules(1000))
	generator := samples.Generator{Seed: 1, Profiles: 400, EventsPerProfile: 10}
	var bodies [][]byte
	for i := range generator.Profiles {
		p := generator.Profile(i)
		if n := len(p.Events); n < 8 || n > 12 {
			continue
		}
		body, err := json.Marshal(map[string]any{"set": "rules", "profile": p})
		if err != nil {
			b.Fatal(err)
		}
		bodies = append(bodies, body)
	}
	var took []time.Duration
	ask := func(i int) {
		begin := time.Now()
		status, answer, err := postQualify(address, bodies[i%len(bodies)])
		if err != nil || status != http.StatusOK {
			b.Fatalf("%d %v %s", status, err, answer)
		}
		took = append(took, time.Since(begin))
	}
	ask(0) // compiles the rules
	took = took[:0]
	for i := 0; b.Loop(); i++ {
		ask(i)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
