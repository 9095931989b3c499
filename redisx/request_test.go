package redisx

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// answerFunc answers requests of a worker.
type answerFunc = func(ctx context.Context, op string, body []byte) ([]byte, error)

// workAnswering runs a worker that answers requests until the test ends.
func workAnswering(t *testing.T, c *Client, f answerFunc) {
	t.Helper()
	work(t, c, WorkerOptions{Grace: 1, Answer: f}, finishAll())
}

// answered asks until there is an answer, or an error of a worker: on a machine that is busy with other
// tests a request may be too old before anybody sees it.
func answered(t *testing.T, c *Client, op, body string) (answer string, err error) {
	t.Helper()
	eventually(t, op+" is answered", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), longestRequest)
		defer cancel()
		var got []byte
		got, err = c.Request(ctx, op, []byte(body))
		answer = string(got)
		return err == nil || errors.Is(err, ErrRequest)
	})
	return answer, err
}

// echo answers with what was asked.
func echo(_ context.Context, op string, body []byte) ([]byte, error) {
	return fmt.Appendf(nil, `{"op":%q,"body":%s}`, op, body), nil
}

// TestRequests: a request is answered without a job, and leaves nothing that stays.
func TestRequests(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		workAnswering(t, c, echo)
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				body := fmt.Sprintf(`{"n":%d,"text":"a < b & c > \"ü\""}`, i)
				got, err := answered(t, c, fmt.Sprintf("op%d", i), body)
				if want := fmt.Sprintf(`{"op":"op%d","body":%s}`, i, body); err != nil || got != want {
					t.Errorf("%s (%v), want %s", got, err, want)
				}
			})
		}
		all.Wait()
		if s, err := c.Stats(t.Context()); err != nil || s.Open+s.Counted["submitted"] > 0 {
			t.Errorf("a request is a job: %+v (%v)", s, err)
		}
		audit(t, c)
	})
}

// TestRequestsWithoutAnswer: where no worker answers requests, as none did before there were any, a
// client gives up when it wants to, and what it asked is gone by itself.
func TestRequestsWithoutAnswer(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		work(t, c, WorkerOptions{Grace: 1}, finishAll())
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		began := time.Now()
		_, err := c.Request(ctx, "peek", []byte("{}"))
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 10*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		audit(t, c)
		if left := c.control.PTTL(t.Context(), c.keys.requests()).Val(); left > requestsGo {
			t.Errorf("the request stays for %v", left)
		}
	})
}

// TestANewerRequest: it ends an older one of the same client and kind, at the client at once and at
// the worker too, whichever that is; not one of another kind or client.
func TestANewerRequest(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		started, ended := make(chan string, 8), make(chan string, 8)
		f := func(ctx context.Context, op string, body []byte) ([]byte, error) {
			if string(body) == `"quick"` {
				return body, nil
			}
			started <- op + string(body)
			<-ctx.Done()
			ended <- op + string(body)
			return nil, ctx.Err()
		}
		workAnswering(t, c, f)
		workAnswering(t, c, f)
		var all sync.WaitGroup
		defer all.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		slow := func(op string) chan error {
			for {
				failed := make(chan error, 1)
				all.Go(func() {
					limited, done := context.WithTimeout(ctx, longestRequest)
					defer done()
					_, err := c.Request(limited, op, []byte(`"slow"`))
					failed <- err
				})
				select {
				case <-started:
					return failed
				case <-failed: // it was too old before anybody saw it
				}
			}
		}
		older, other := slow("a"), slow("b")
		if got, err := answered(t, c, "a", `"quick"`); err != nil || got != `"quick"` {
			t.Errorf("%s (%v)", got, err)
		}
		if err := <-older; !errors.Is(err, ErrReplaced) {
			t.Errorf("the older one: %v", err)
		}
		if got := <-ended; got != `a"slow"` {
			t.Errorf("%s has ended", got)
		}
		select {
		case err := <-other:
			t.Errorf("the one of another kind: %v", err)
		default:
		}
		cancel()
	})
}

// TestHostileRequests: whatever is pushed, the worker goes on, and nothing stays.
func TestHostileRequests(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		asked := make(chan string, 64)
		workAnswering(t, c, func(_ context.Context, op string, body []byte) ([]byte, error) {
			asked <- op
			switch op {
			case "panic":
				panic("the handler")
			case "long":
				return []byte(`"` + strings.Repeat("x", MaxRequest) + `"`), nil
			case "wrong":
				return nil, errors.New("no such thing")
			}
			return body, nil
		})
		now := c.control.Time(t.Context()).Val().UnixMilli()
		with := func(at int64, rest string) string { return fmt.Sprintf(`{"at":%d,"request":{"v":1,%s}}`, at, rest) }
		good := `"asker":"x","n":1,"op":"never","wait_ms":9000,"body":{}`
		for _, raw := range []string{
			"", "null", "3", `"x"`, "[]", "{", "\xff\xfe", "\x00", strings.Repeat("[", 100_000), strings.Repeat("x", 3<<20), `{"at":"now"}`,
			with(now-5000, good), with(now+60_000, good), with(now, strings.Replace(good, `"x"`, `"x} y"`, 1)), with(now, strings.Replace(good, `"x"`, `""`, 1)),
			with(now, strings.Replace(good, "never", "ne ver", 1)), with(now, strings.Replace(good, "1,", "1e99,", 1)), strings.Replace(with(now, good), `"v":1`, `"v":2`, 1),
			with(now, strings.Replace(good, `:{}`, `:`+strings.Repeat(`[`, 20_000)+strings.Repeat(`]`, 20_000), 1)),
		} {
			if err := c.control.LPush(t.Context(), c.keys.requests(), raw).Err(); err != nil {
				t.Fatal(err)
			}
		}
		for _, message := range []string{"", " ", "x", "x y", "x y z", strings.Repeat("x", 100_000) + " 3", "x y 99999999999999999999"} {
			if err := c.control.Publish(t.Context(), c.keys.requests(), message).Err(); err != nil {
				t.Fatal(err)
			}
		}
		for op, want := range map[string]string{"panic": "the worker failed", "long": "the limit is", "wrong": "no such thing"} {
			if _, err := answered(t, c, op, "{}"); !errors.Is(err, ErrRequest) || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", op, err)
			}
		}
		for _, body := range []string{"", "{", "x", `"` + strings.Repeat("x", MaxRequest) + `"`} {
			if _, err := c.Request(t.Context(), "never", []byte(body)); !errors.Is(err, ErrRequest) {
				t.Errorf("a body of %d bytes: %v", len(body), err)
			}
		}
		if _, err := c.Request(t.Context(), "ne ver", []byte("{}")); !errors.Is(err, ErrRequest) {
			t.Errorf("an operation of two words: %v", err)
		}
		large := `"` + strings.Repeat("<", MaxRequest-2) + `"`
		if got, err := answered(t, c, "good", large); err != nil || got != large {
			t.Errorf("the largest: %d bytes, %v", len(got), err)
		}
		for len(asked) > 0 {
			if op := <-asked; op == "never" {
				t.Error("a request was answered that is none")
			}
		}
		audit(t, c)
	})
}

// TestAFloodOfRequests: jobs are claimed and answered beside it, and the flood stays within bounds.
func TestAFloodOfRequests(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		release := make(chan struct{})
		workAnswering(t, c, func(ctx context.Context, _ string, body []byte) ([]byte, error) {
			select {
			case <-release:
			case <-ctx.Done():
			}
			return body, ctx.Err()
		})
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					request := fmt.Sprintf(`{"v":1,"asker":"flood","n":%d,"op":"op%d","wait_ms":9000,"body":{}}`, i+1, i%100)
					_ = c.run(ctx, c.asking, scriptAsk, "flood", "op", i, request, requestsGo.Milliseconds()).Err() // as it ends
				}
			})
		}
		for i := range 50 {
			id := fmt.Sprintf("j%d", i)
			submit(t, c, query(id))
			eventually(t, id+" is done", func() bool { return status(t, c, id).State == Done })
			if n := c.control.LLen(t.Context(), c.keys.requests()).Val(); n > 64 {
				t.Fatalf("%d requests wait", n)
			}
		}
		stop()
		all.Wait()
		close(release)
		if got, err := answered(t, c, "after", "1"); err != nil || got != "1" {
			t.Errorf("after it: %s (%v)", got, err)
		}
		audit(t, c)
	})
}

// TestRequestsOverTLS: requests go over connections of their own, which are as safe as the others.
func TestRequestsOverTLS(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "ours")
	c, err := Open(t.Context(), Options{URL: startTLS(t, a, "no"), CAFile: a.file})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	workAnswering(t, c, echo)
	if got, err := answered(t, c, "any", "1"); err != nil || got != `{"op":"any","body":1}` {
		t.Errorf("%s (%v)", got, err)
	}
}

// TestCalls: any number of calls with one op wait side by side, and none takes the place of another.
func TestCalls(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		workAnswering(t, c, echo)
		var all sync.WaitGroup
		for i := range 24 {
			all.Go(func() {
				body := fmt.Sprintf(`{"n":%d}`, i)
				eventually(t, "a call is answered", func() bool {
					got, err := c.Call(t.Context(), "op", []byte(body))
					if errors.Is(err, ErrReplaced) {
						t.Error(err)
					}
					if err == nil && (!strings.HasPrefix(string(got), `{"op":"op.`) || !strings.HasSuffix(string(got), `,"body":`+body+`}`)) {
						t.Errorf("%s is answered with %s", body, got)
					}
					return err == nil
				})
			})
		}
		all.Wait()
		c.requests.mu.Lock()
		defer c.requests.mu.Unlock()
		for _, used := range c.requests.lanes["op"] {
			if used {
				t.Error("a call that has ended has a number")
			}
		}
	})
}
