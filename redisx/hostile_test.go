package redisx

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestOddCommands: what is no command is set aside with its reason, whatever it is, and
// what is one becomes a job; the worker goes on.
func TestOddCommands(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		work(t, c, WorkerOptions{}, finishAll())
		deep := strings.Repeat(`[`, 20_000) + strings.Repeat(`]`, 20_000)
		bad := []string{
			"", "null", "3", `"x"`, "[]", "{", "\xff\xfe", "\x00", `{"id":`, `{"id":3,"op":"query","query":"a"}`, `{"id":"a","op":["query"],"query":"a"}`,
			`{"id":"a","op":"query","query":{"a":1}}`, `{"id":"a","op":"query","query":"a","sample":1e400}`, `{"id":"a","op":"query","query":"a","sample":0.5}`,
			`{"id":"a","op":"query","query":"a","seed":-1}`, `{"id":"a","op":"query","query":"a","deadline_ms":9223372036854775808}`,
			`{"id":"a","op":"query","query":"a","prio":1001}`, `{"id":"a","op":"query","query":"a","tries":99}`, `{"id":"a","op":"query","query":"a","v":2}`,
			`{"id":"a","op":"query","query":"a","segments":{"x":3}}`, `{"id":"a","op":"query","query":"a","segments":["x"]}`, `{"id":"a","op":"query","query":"a","segments":"x"}`,
			`{"id":"a","op":"query","query":"a","params":[1]}`, `{"id":"a","op":"query","query":"a","params":{"x":` + deep + `}}`,
			`{"id":"a","op":"query","query":"a","params":{"x":` + strings.Repeat("[", 16) + strings.Repeat("]", 16) + `}}`,
			`{"id":"a","op":"rules","queries":"a"}`, `{"id":"a","op":"rules","queries":[1]}`, `{"id":"a","op":"rules","queries":["a"],"names":["b","c"]}`,
			`{"id":"a","op":"cancel","target":"{}"}`, `{"id":"a b","op":"query","query":"a"}`, `{"id":"` + strings.Repeat("a", 65) + `","op":"query","query":"a"}`,
			`{"id":"a","op":"query","query":"a","tenant":"*"}`, `{"id":"a","op":"query","query":"a"} {}`,
			`{"id":"a","op":"export","to":"set","name":"a","query":"a","ttl_ms":9223372036854775807}`, `{"id":"a","op":"export","to":"bloom","name":"a","query":"a","rate":2}`,
			`{"id":"a","op":"query","query":"a","now":"x"}`, "{\"id\":\"a\",\"op\":\"query\",\"query\":\"a = '\xff'\"}",
			`{"id":"a","op":"query","query":"` + strings.Repeat("x", MaxCommand) + `"}`,
		}
		for _, raw := range bad {
			push(t, c, raw)
		}
		good := []string{
			`{"id":"g0","op":"query","query":"a","deadline_ms":9223372036854775807}`, `{"id":"g1","op":"query","query":"a","now":"2026-11-01"}`, `{"id":"g2","op":"query","query":"a","unknown":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
			`{"id":"g3","op":"query","query":"a","segments":{"":"","x":"\u0000"}}`, `{"id":"g4","op":"query","query":"a","params":{"x":` + strings.Repeat("[", 15) + strings.Repeat("]", 15) + `}}`,
			`{"id":"g5","op":"query","query":"a","query":"b","ID":"g5"}`,
		}
		for _, raw := range good {
			push(t, c, raw)
		}
		for i := range good {
			id := fmt.Sprintf("g%d", i)
			eventually(t, id+" is done", func() bool { return status(t, c, id).State == Done })
		}
		eventually(t, "the others are set aside", func() bool { return int(c.control.LLen(t.Context(), c.keys.rejected()).Val()) == len(bad) })
		if j := status(t, c, "a"); j.State != Lost {
			t.Errorf("one of them is %s: %+v", j.State, j.Command)
		}
		audit(t, c)
	})
}

// TestAPanicOfTheDecoder: reading a command is under a guard, where it comes in and where it
// is claimed.
func TestAPanicOfTheDecoder(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		submit(t, c, query("poison-claimed"))
		w := NewWorker(c, finishAll(), WorkerOptions{})
		w.read = func(raw string) (Command, error) {
			if strings.Contains(raw, "poison") {
				panic("the decoder")
			}
			return decodeCommand(raw)
		}
		ctx, stop := withStop(t)
		ended := make(chan error, 1)
		go func() { ended <- w.Run(ctx) }()
		push(t, c, `{"id":"poison","op":"query","query":"a"}`)
		push(t, c, `{"id":"good","op":"query","query":"a"}`)
		eventually(t, "the good one is done", func() bool { return status(t, c, "good").State == Done })
		eventually(t, "the claimed one has failed", func() bool { return status(t, c, "poison-claimed").State == Failed })
		eventually(t, "the pushed one is set aside", func() bool { return c.control.LLen(t.Context(), c.keys.rejected()).Val() == 1 })
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		audit(t, c)
	})
}

// TestFarDeadlines: a deadline that is further away than Go can count is not over.
func TestFarDeadlines(t *testing.T) {
	t.Parallel()
	w := NewWorker(nil, finishAll(), WorkerOptions{})
	payload := `{"id":"a","op":"query","query":"a"}`
	for _, left := range []string{"9223372036854775807", "18446744073709", "99999999999999999999"} {
		for _, task := range w.accept([]string{"a", "1-a", payload, left, "0"}, "e", &standing{}, time.Now()) {
			if task.ctx.Err() != nil || !task.deadline.IsZero() && time.Until(task.deadline) < 99*365*24*time.Hour {
				t.Errorf("%s ms are over at %v", left, task.deadline)
			}
			w.forget(task)
		}
	}
}
