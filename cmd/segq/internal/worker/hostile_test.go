package worker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/worker"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// hostile makes commands that are nearly right.
type hostile struct {
	*rand.Rand
	fields []string // of the data
}

// pick returns one of some.
func pick[T any](h hostile, all ...T) T { return all[h.IntN(len(all))] }

// query returns a text that often is PQL, and often has the wrong types.
func (h hostile) query() string {
	field := func() string {
		if h.IntN(6) == 0 {
			return pick(h, "nothing.at.all", "_id", "@p", "@q", "$1", "^", "$2")
		}
		return pick(h, h.fields...)
	}
	literal := func() string {
		return pick(h, `"gold"`, "3", "-1", "1e400", "9223372036854775808", "2.5", "true", "[1, \"x\"]", "[]", "[[1]]", "{}", "null", "now", "today",
			`"`+strings.Repeat("x", h.IntN(3000))+`"`, `"\u0000"`, "\"\xff\"")
	}
	operand := func() string {
		switch h.IntN(5) {
		case 0:
			return literal()
		case 1:
			return field() + pick(h, ".count()", ".sum(loyalty)", ".max(x)", ".head()", `.get("a")`, ".keys()", ".map(X => X)", "[0]", `["k"]`, ".topN(3)", ".distinct()", ".startsWith(3)", `.matches("((a{100}){100})")`)
		case 2:
			return pick(h, "inSegment", "isNull", "date", "mapEntry", "if", "currentYear", "sum", "intersection") + "(" + field() + pick(h, "", ", "+literal(), ", 1, 2, 3, 4") + ")"
		case 3:
			return fmt.Sprintf("%s[%s %s %s]", field(), field(), pick(h, "=", ">", "in", "occurs"), literal())
		}
		return field()
	}
	clause := func() string {
		switch h.IntN(4) {
		case 0:
			return operand() + " occurs " + pick(h, "<= 7 days before now", "> 99999999999 years before now", "today", "between now and 3", "< 1 day after "+field())
		case 1:
			return operand()
		}
		return operand() + " " + pick(h, "=", "!=", "<", "in", "not in", "+", "/", "%", "like", "and", "or", "contains", "subsetOf") + " " + operand()
	}
	text := clause()
	for h.IntN(3) == 0 {
		text = pick(h, "not (", "(", "") + text + pick(h, " and ", " or ", ") and (", " ") + clause() + pick(h, ")", "")
	}
	if h.IntN(40) == 0 {
		text = strings.Repeat(pick(h, "(", "not ", "[", "-"), h.IntN(4000)) + text
	}
	return text
}

// value returns a value that fits nowhere.
func (h hostile) value() any {
	switch h.IntN(12) {
	case 0:
		return nil
	case 1:
		return pick(h, -1, 0, 1, 3, 1<<31, 1<<53)
	case 2:
		return json.Number(pick(h, "1e400", "-9223372036854775808", "9223372036854775807", "18446744073709551616", "0.1", "1e-400", "-0"))
	case 3:
		return pick(h, "", "a", "\x00", "\xff\xfe", "{x}", "a\nb", strings.Repeat("y", 70_000))
	case 4:
		return []any{h.value(), h.value()}
	case 5:
		return map[string]any{"a": h.value(), "": 1}
	case 6:
		return true
	case 7:
		return json.RawMessage(strings.Repeat("[", 2000) + strings.Repeat("]", 2000))
	case 8:
		return json.RawMessage(strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000))
	}
	return h.query()
}

// segments returns definitions that may ask about each other in any way.
func (h hostile) segments() map[string]string {
	out := map[string]string{}
	for range h.IntN(5) {
		ask := fmt.Sprintf(`inSegment("%s")`, pick(h, "a", "b", "c", ""))
		out[pick(h, "a", "b", "c", "", "\x00")] = pick(h, ask, ask+" or "+ask, `loyalty.tier = "gold"`, h.query())
	}
	return out
}

// command returns a command as it is pushed.
func (h hostile) command(id string) string {
	c := map[string]any{
		"v": 1, "id": id, "op": pick(h, "query", "query", "breakdown", "funnel", "lift", "sample", "rows", "export", "rules", "overlap", "memberships", "schema", "ping", "cancel"),
		"query": pick(h, h.query(), `inSegment("a")`), "class": pick(h, "interactive", "normal", "batch"), "queries": []any{h.query(), h.query(), `inSegment("b")`},
		"by": pick(h, "loyalty.tier", "xEvent", "", "..", "homeAddress"), "to": pick(h, "set", "bloom", "hll", "bitmap", "stream", "file"),
		"name": pick(h, "a", "a.csv", ".csv", "../x"), "sample": pick(h, 0, 0, 3, 300_000), "target": pick(h, "x", "good-1"),
		"params": map[string]any{"p": h.value(), "q": 3}, "segments": h.segments(),
	}
	if op := c["op"]; op == "rows" || op == "export" && h.IntN(2) == 0 {
		c["ids"], c["select"], c["limit"] = h.IntN(2) == 0, pick(h, h.query(), h.query()+", "+h.query(), "loyalty.tier, xEvent, homeAddress", ",", strings.Repeat("1,", 20_000)), pick(h, 0, 3, 1<<40)
	}
	if h.IntN(2) == 0 { // often the query alone is odd
		c["params"], c["name"], c["by"] = map[string]any{"p": pick[any](h, 1, "x", nil, []any{1, "x"}, map[string]any{}, []any{[]any{}})}, "a", "loyalty.tier"
	}
	for h.IntN(2) == 0 {
		key := pick(h, "v", "op", "query", "queries", "names", "class", "by", "to", "name", "sample", "seed", "prio", "deadline_ms", "tries",
			"rate", "ttl_ms", "now", "params", "segments", "tenant", "target", "ids", "select", "limit", "unknown")
		c[key] = h.value()
		if h.IntN(3) == 0 {
			delete(c, key)
		}
	}
	text, err := json.Marshal(c)
	if err != nil {
		return `{"id":"` + id + `"` // of no use, as is much that is pushed
	}
	raw := text
	for h.IntN(12) == 0 {
		raw[h.IntN(len(raw))] = byte(h.IntN(256))
	}
	if h.IntN(30) == 0 {
		raw = raw[:h.IntN(len(raw))]
	}
	return string(raw)
}

// TestHostileCommands pushes commands that are nearly right to a worker, with good ones
// between them: whatever becomes of the first, the worker lives, every job ends
// without a crash or a suspect, and the good ones have their counts. SEGQ_HOSTILE is how
// many, where more than the usual are wanted.
func TestHostileCommands(t *testing.T) {
	t.Parallel()
	n := 3000
	if text := os.Getenv("SEGQ_HOSTILE"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	url, namespace := workertest.Redis(t), "test-"+uuid.NewString()
	c, err := redisx.Open(t.Context(), redisx.Options{URL: url, Namespace: namespace})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	d, err := dataset.Open(t.Context(), nil, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- worker.Run(ctx, c, d, worker.Options{WorkerOptions: redisx.WorkerOptions{Grace: 1, Log: slog.New(slog.DiscardHandler)}})
	}()
	seen := hostile{Rand: rand.New(rand.NewPCG(9, 11))}
	dataset.Walk("", d.Snapshot.Schema, func(path string, _ *check.Type) {
		seen.fields = append(seen.fields, strings.ReplaceAll(path, "{}", `["a"]`))
	})
	limited, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	for first := 0; first < n; first += hostileRound { // Redis forgets all but the last ten thousand
		good := pushHostile(t, url, "segq:{"+namespace+"}:in", seen, first, min(n, first+hostileRound))
		for _, id := range good {
			awaitJob(limited, t, c, id)
		}
		_, err = broker.Await(limited, c, good, func(j redisx.Job, result []byte, err error) {
			if r, bad := record.Decode(result); j.State == redisx.Cancelled {
				return // somebody has guessed its id
			} else if err != nil || bad != nil || r.Count == nil || *r.Count != 262 {
				t.Errorf("%s is %s: %s (%v)", j.ID, j.State, result, err)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		settled(limited, t, c)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	findings, err := c.Audit(t.Context())
	if err != nil || len(findings) > 0 {
		t.Error(findings, err)
	}
	if err := c.Clear(t.Context()); err != nil {
		t.Error(err)
	}
}

// hostileRound is how many hostile commands are pushed together, and hostileEvery after how
// many there is a good one.
const hostileRound, hostileEvery = 1500, 20

// pushHostile pushes commands with the numbers from first to before end, and gives the ids
// of the good ones among them.
func pushHostile(t *testing.T, url, list string, from hostile, first, end int) (good []string) {
	t.Helper()
	o, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	r := redis.NewClient(o)
	defer r.Close()
	// What once took every worker with it.
	if err := r.LPush(t.Context(), list, `{"v":1,"id":"x","op":"query","query":"_tenant.scoring.churn in [3,\"x\"]"}`).Err(); err != nil {
		t.Fatal(err)
	}
	for i := first; i < end; i++ {
		commands := []any{from.command(fmt.Sprintf("bad-%d", i))}
		if i%hostileEvery == 0 {
			id := fmt.Sprintf("good-%d", i)
			good = append(good, id)
			commands = append(commands, fmt.Sprintf(`{"id":%q,"op":"query","query":"loyalty.tier = \"gold\" and not _id = \"x%d\""}`, id, i))
		}
		if err := r.LPush(t.Context(), list, commands...).Err(); err != nil {
			t.Fatal(err)
		}
	}
	return good
}

// awaitJob waits for a command that was pushed to become a job.
func awaitJob(ctx context.Context, t *testing.T, c *redisx.Client, id string) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		jobs, err := c.Status(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if jobs[0].State != redisx.Lost {
			return
		}
		<-tick.C
	}
}

// settled waits for the queue to come to rest, and fails where a job was lost with a worker
// on the way.
func settled(ctx context.Context, t *testing.T, c *redisx.Client) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		s, err := c.Stats(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if s.Suspect > 0 || s.Dead > 0 || s.Counted["lost"] > 0 {
			t.Fatalf("suspects %d, dead %d, lost %d", s.Suspect, s.Dead, s.Counted["lost"])
		}
		if s.Open == 0 && s.Pushed == 0 {
			t.Logf("%d jobs, ends %v", s.Counted["submitted"], s.Counted)
			return
		}
		<-tick.C
	}
}
