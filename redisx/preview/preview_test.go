package preview_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/preview"
)

// TestAPreview follows one from its beginning to its answer.
func TestAPreview(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{})
		got := a.want(202, a.do("POST", "/preview", `{"query":"slow one","name":"gold","class":"normal"}`))
		e := got.estimate(t)
		if got.header.Get("Location") != "/preview/"+e.PreviewID || e.State != "NEW" || e.JobState != "queued" || len(e.PreviewID) != 32 {
			t.Fatalf("submitted: %+v", e)
		}
		release := work(t, queue)
		for e.ProfilesReadSoFar == 0 {
			e = a.want(200, a.do("GET", "/preview/"+e.PreviewID, "")).estimate(t)
		}
		// By hand: half of each partition is seen, 15 of 50 match, all alike: as uncertain as 500 rows drawn one by
		// one, with two more of each kind, so that the error is 1000·√(0.5·q(1-q)/500), q = 152/504, and t(9) = 2.262.
		want := e
		want.State, want.JobState, want.EstimatedSize, want.TotalRows, want.NumRowsToRead = "RUNNING", "running", 300, 1000, 1000
		want.ProfilesReadSoFar, want.ProfilesMatchedSoFar, want.Low, want.High, want.StandardError = 500, 150, 267, 333, e.StandardError
		want.PartitionsTotal, want.PartitionsDone, want.Exact = 10, 0, false
		if e != want || math.Abs(e.StandardError-14.513) > 0.001 {
			t.Errorf("half way: %+v", e)
		}
		close(release)
		e = a.want(200, a.do("GET", "/preview/"+e.PreviewID+"?wait=20s", "")).estimate(t)
		if e.State != "RESULT_READY" || e.EstimatedSize != 300 || !e.Exact || e.Low != 300 || e.High != 300 || e.Snapshot != "s1" || e.PartitionsDone != 10 {
			t.Errorf("the end: %+v", e)
		}
		if e.RowsSkipped == nil || *e.RowsSkipped != 7 {
			t.Errorf("the rows that were skipped: %v", e.RowsSkipped)
		}
		record, _ := e.Answer.(map[string]any)
		if record["count"] != 300.0 || record["name"] != "gold" || record["id"] != e.PreviewID {
			t.Errorf("the record: %v", record)
		}
	})
}

func TestAnAnswerThatWasGivenComesAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{})
		work(t, queue)
		first := a.post("tier = 1")
		a.want(200, a.do("GET", "/preview/"+first.PreviewID+"?wait=20s", ""))
		second := a.post("tier = 1")
		if second.State != "RESULT_READY" || !second.Cached || second.EstimatedSize != 300 || second.PreviewID == first.PreviewID {
			t.Errorf("the second: %+v", second)
		}
		list := a.want(200, a.do("GET", "/preview?limit=1", ""))
		if !strings.Contains(list.text, `"estimatedSize":300`) || !strings.Contains(list.text, `"exact":true`) || strings.Contains(list.text, `"answer"`) {
			t.Errorf("in the list: %s", list.text)
		}
		if record, _ := second.Answer.(map[string]any); record["id"] != second.PreviewID || record["cached"] != true {
			t.Errorf("its record: %v", record)
		}
	})
}

// TestSegmentsGoAlong: they reach the worker, and are part of what is asked: of the cache and
// of a key.
func TestSegmentsGoAlong(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{})
		work(t, queue)
		ask := func(body string, headers ...string) preview.Estimate {
			e := a.want(202, a.do("POST", "/preview", body, headers...)).estimate(t)
			return a.want(200, a.do("GET", "/preview/"+e.PreviewID+"?wait=20s", "")).estimate(t)
		}
		for _, text := range []string{"one", "two"} {
			e := ask(`{"query":"inSegment(\"gold\")","segments":{"gold":"` + text + `"}}`)
			if record, _ := e.Answer.(map[string]any); e.Cached || record["asked"] != text {
				t.Errorf("%s: %+v", text, e)
			}
		}
		again := ask(`{"query":"inSegment(\"gold\")","segments":{"gold":"two"},"now":"2026-01-02T00:00:00Z"}`, "Idempotency-Key", "k")
		// The worker has said another now, to whom it answered first.
		if record, _ := again.Answer.(map[string]any); !again.Cached || record["asked"] != "two" || record["now"] != "2026-01-02T00:00:00Z" {
			t.Errorf("again: %+v", again)
		}
		a.want(409, a.do("POST", "/preview", `{"query":"inSegment(\"gold\")","segments":{"gold":"one"}}`, "Idempotency-Key", "k"))
		a.want(422, a.do("POST", "/preview", `{"query":"a","segments":{"gold":1}}`))
		a.want(422, a.do("POST", "/preview", `{"query":"a","segments":["gold"]}`))
		if contract := a.want(200, a.do("GET", "/openapi.json", "")); !strings.Contains(contract.text, `"segments"`) || !strings.Contains(contract.text, `"rowsSkipped"`) {
			t.Error("the contract does not have them")
		}
	})
}

// TestRequestsForRows: they say what a row is to hold, and no others do.
func TestRequestsForRows(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{})
		a.want(202, a.do("POST", "/preview", `{"op":"rows","query":"a","ids":true,"select":"b, c","limit":3}`))
		a.want(202, a.do("POST", "/preview", `{"op":"rows","query":"a","select":"b","sample":10000,"seed":2}`))
		for _, wrong := range []string{
			`{"op":"rows","query":"a"}`, `{"op":"rows","ids":true}`, `{"query":"a","ids":true}`, `{"query":"a","limit":3}`, `{"op":"sample","query":"a","select":"b"}`,
			`{"op":"rows","query":"a","ids":true,"limit":-1}`, `{"op":"rows","query":"a","ids":true,"limit":3,"sample":3}`, `{"op":"rows","query":"a","ids":1}`,
		} {
			a.want(422, a.do("POST", "/preview", wrong))
		}
		if contract := a.want(200, a.do("GET", "/openapi.json", "")); !strings.Contains(contract.text, `"select"`) || !strings.Contains(contract.text, `"rows"`) {
			t.Error("the contract does not have them")
		}
	})
}

// TestAnswerOfAnOlderWorker: it comes in the names of today.
func TestAnswerOfAnOlderWorker(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{})
		work(t, queue)
		id := a.post("old").PreviewID
		got := a.want(200, a.do("GET", "/preview/"+id+"?wait=20s", ""))
		for _, want := range []string{`"v":1`, `"present":3`, `"sum":60`, `"top":[{"count":2,"value":"a"}]`, `"rows_skipped":null`} {
			if !strings.Contains(got.text, want) {
				t.Errorf("there is no %s in %s", want, got.text)
			}
		}
		if strings.Contains(got.text, "Present") {
			t.Error(got.text)
		}
	})
}

// TestNowOfACachedAnswer: it is what the request says, in the form of every record.
func TestNowOfACachedAnswer(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{})
		work(t, queue)
		for i, now := range []string{"2026-11-01T00:00:00Z", "2026-11-01", "2026-11-01T01:30:00,0009+01:30"} {
			e := a.want(202, a.do("POST", "/preview", `{"query":"q","now":"`+now+`"}`)).estimate(t)
			e = a.want(200, a.do("GET", "/preview/"+e.PreviewID+"?wait=20s", "")).estimate(t)
			record, _ := e.Answer.(map[string]any)
			if e.Cached != (i > 0) || i > 0 && record["now"] != "2026-11-01T00:00:00Z" {
				t.Errorf("%s: %v", now, record)
			}
		}
	})
}

// TestKeys: a request that is sent again is the same preview, of the same tenant.
func TestKeys(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{Access: tokens(t, "0123456789abcdef a\nfedcba9876543210 b\n")})
		one, two := a.as("0123456789abcdef"), a.as("fedcba9876543210")
		first := one.post("q", "Idempotency-Key", "k 1")
		if again := one.post("q", "Idempotency-Key", "k 1"); again.PreviewID != first.PreviewID {
			t.Errorf("again: %s and %s", first.PreviewID, again.PreviewID)
		}
		if other := one.post("q", "Idempotency-Key", "k 2"); other.PreviewID == first.PreviewID {
			t.Error("another key, the same preview")
		}
		if other := two.post("q", "Idempotency-Key", "k 1"); other.PreviewID == first.PreviewID {
			t.Error("another tenant, the same preview")
		}
		one.want(409, one.do("POST", "/preview", `{"query":"else"}`, "Idempotency-Key", "k 1"))
		if e := one.want(200, one.do("GET", "/preview/"+first.PreviewID, "")).estimate(t); e.State != "NEW" {
			t.Errorf("after the conflict: %+v", e)
		}
	})
}

// TestTenantsSeeNothingOfEachOther.
func TestTenantsSeeNothingOfEachOther(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{Access: tokens(t, "# two of them\n0123456789abcdef a\nfedcba9876543210\tb\n0000000000000000 *\n")})
		one, two, operator := a.as("0123456789abcdef"), a.as("fedcba9876543210"), a.as("0000000000000000")
		mine := one.post("the secret of a")
		for _, path := range []string{"", "/events"} {
			two.want(404, two.do("GET", "/preview/"+mine.PreviewID+path, ""))
		}
		two.want(404, two.do("DELETE", "/preview/"+mine.PreviewID, ""))
		if list := two.want(200, two.do("GET", "/preview", "")); strings.Contains(list.text, mine.PreviewID) {
			t.Errorf("b sees %s", list.text)
		}
		if list := one.want(200, one.do("GET", "/preview?limit=5", "")); !strings.Contains(list.text, mine.PreviewID) {
			t.Errorf("a does not see its own: %s", list.text)
		}
		if unknown := two.want(404, two.do("GET", "/preview/0123", "")); strings.Contains(unknown.text, "tenant") {
			t.Errorf("%s", unknown.text)
		}
		for path, status := range map[string]int{"/preview": 401, "/schema": 401, "/metrics": 401, "/healthz": 200, "/openapi.json": 200} {
			for _, who := range []*api{a, a.as("0123456789abcdex"), a.as("a")} {
				who.want(status, who.do("GET", path, ""))
			}
		}
		one.want(403, one.do("GET", "/metrics", ""))
		operator.want(403, operator.do("GET", "/preview", ""))
		if m := operator.want(200, operator.do("GET", "/metrics", "")); strings.Contains(m.text, "secret") {
			t.Error("the metrics tell queries")
		}
	})
}

func TestCancel(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{})
		waits := a.post("slow waits")
		if e := a.want(200, a.do("DELETE", "/preview/"+waits.PreviewID, "")).estimate(t); e.State != "FAILED" || e.JobState != "cancelled" || e.Error == nil {
			t.Errorf("one that waited: %+v", e)
		}
		work(t, queue)
		runs := a.post("slow runs")
		for runs.JobState != "running" {
			runs = a.want(200, a.do("GET", "/preview/"+runs.PreviewID, "")).estimate(t)
		}
		a.want(200, a.do("DELETE", "/preview/"+runs.PreviewID, ""))
		if e := a.want(200, a.do("GET", "/preview/"+runs.PreviewID+"?wait=20", "")).estimate(t); e.JobState != "cancelled" {
			t.Errorf("one that ran: %+v", e)
		}
	})
}

// TestEvents reads the stream of a preview: numbers that only grow, and an end.
func TestEvents(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{})
		release := work(t, queue)
		e := a.post("slow stream")
		r, err := http.NewRequestWithContext(t.Context(), "GET", a.url+"/preview/"+e.PreviewID+"/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer got.Body.Close()
		if kind := got.Header.Get("Content-Type"); kind != "text/event-stream" {
			t.Errorf("the stream is %q", kind)
		}
		var last preview.Estimate
		n := 0
		lines := bufio.NewScanner(got.Body)
		for lines.Scan() {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			if !ok {
				continue
			}
			var now preview.Estimate
			if err := json.Unmarshal([]byte(data), &now); err != nil {
				t.Fatal(err)
			}
			if now.ProfilesReadSoFar < last.ProfilesReadSoFar {
				t.Errorf("from %+v to %+v", last, now)
			}
			if last, n = now, n+1; now.ProfilesReadSoFar == 500 {
				close(release)
			}
		}
		if last.State != "RESULT_READY" || last.EstimatedSize != 300 || n < 2 {
			t.Errorf("%d events, the last %+v", n, last)
		}
		a.want(404, a.do("GET", "/preview/unknown/events", ""))
	})
}

func TestWhatIsWrongWithAQuery(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{})
		work(t, queue)
		e := a.post("wrong")
		e = a.want(200, a.do("GET", "/preview/"+e.PreviewID+"?wait=20s", "")).estimate(t)
		want := preview.Fault{Description: "there is no field wrong", Code: "unknown-field", Line: 1, Column: 1, Hint: "write tier"}
		if e.State != "FAILED" || e.Error == nil || *e.Error != want {
			t.Errorf("%+v, %+v", e, e.Error)
		}
		e = a.post("long")
		e = a.want(200, a.do("GET", "/preview/"+e.PreviewID+"?wait=20s", "")).estimate(t)
		if e.State != "FAILED" || e.Error == nil || !strings.Contains(e.Error.Description, "the first 1048576 are kept") {
			t.Errorf("%+v, %+v", e, e.Error)
		}
		if got := a.want(200, a.do("GET", "/schema", "")); !strings.Contains(got.text, `{"snapshot":"s1","fields":[{"path":"tier","type":"string"}]}`) {
			t.Errorf("the schema: %s", got.text)
		}
	})
}

// TestManyRules: one preview has the sizes of many audiences, and no size of its own.
func TestManyRules(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{})
		work(t, queue)
		e := a.want(202, a.do("POST", "/preview", `{"op":"rules","queries":["x = 1","y = 2"],"names":["a","b"]}`)).estimate(t)
		e = a.want(200, a.do("GET", "/preview/"+e.PreviewID+"?wait=20s", "")).estimate(t)
		record, _ := e.Answer.(map[string]any)
		rules, _ := record["rules"].([]any)
		if e.State != "RESULT_READY" || e.EstimatedSize != 0 || e.High != 0 || e.Exact || e.ProfilesReadSoFar != 1000 || len(rules) != 2 {
			t.Errorf("%+v", e)
		}
		a.want(422, a.do("POST", "/preview", `{"op":"rules","queries":["x = 1","y = 2"],"names":["a"]}`))
	})
}

// TestWhatWasForgotten: a preview that had to make room is gone, for its tenant alone.
func TestWhatWasForgotten(t *testing.T) {
	t.Parallel()
	queue, err := redisx.Embedded(t.Context()) // which keeps 2,000
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { queue.Close() })
	a := serve(t, queue, preview.Options{Access: tokens(t, "0123456789abcdef a\nfedcba9876543210 b\n"), Rate: 100_000, Burst: 100_000})
	one, two := a.as("0123456789abcdef"), a.as("fedcba9876543210")
	work(t, queue)
	first := one.post("tier = 1")
	one.want(200, one.do("GET", "/preview/"+first.PreviewID+"?wait=20s", ""))
	others := make([]redisx.Command, 2000)
	for i := range others {
		others[i] = redisx.Command{Op: "query", Query: "tier = 1", Tenant: "a"} // answered from the cache
	}
	for len(others) > 0 {
		ids, err := queue.SubmitAll(t.Context(), others)
		if err != nil && !errors.Is(err, redisx.ErrBusy) {
			t.Fatal(err)
		}
		others = others[len(ids):]
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	status := 200 // or 503, while the broker has its hands full
	for deadline := time.Now().Add(time.Minute); (status == 200 || status == 503) && time.Now().Before(deadline); <-tick.C {
		status = one.do("GET", "/preview/"+first.PreviewID, "").status
	}
	if got := two.do("GET", "/preview/"+first.PreviewID, ""); status != 410 || got.status != 404 {
		t.Errorf("%d to its tenant, %d to another", status, got.status)
	}
}
