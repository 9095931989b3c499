package redisx

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// requestsAtOnce is how many requests a worker answers at a time. What it has no room for is
	// left to others.
	requestsAtOnce = 4
	// tooOld is the age at which nobody waits for the answer to a request any more.
	tooOld = 2 * time.Second
	// askersKnown is how many askers a worker keeps in mind.
	askersKnown = 1024
)

// answering is what a worker knows of the requests that it answers, by asker and operation.
type answering struct {
	mu     sync.Mutex
	newest map[string]int64 // the number of the newest request that was heard of
	busy   map[string]underWay
}

// underWay is a request that is being answered.
type underWay struct {
	n      int64
	cancel context.CancelFunc
}

// answerLoop answers requests until ctx ends. It has a connection of its own, so that jobs are
// claimed as soon as without it.
func (w *Worker) answerLoop(ctx context.Context) {
	if w.options.Answer == nil {
		return
	}
	places := make(chan struct{}, requestsAtOnce)
	var all sync.WaitGroup
	defer all.Wait()
	for ctx.Err() == nil {
		if w.differs() {
			pause(ctx, 100*time.Millisecond) // others have what is asked about
			continue
		}
		places <- struct{}{}
		if raw, ok := w.takeRequest(ctx); ok {
			all.Go(func() {
				defer func() { <-places }()
				w.answerRequest(ctx, raw)
			})
			continue
		}
		<-places
	}
}

// takeRequest waits for a request, at most a second.
func (w *Worker) takeRequest(ctx context.Context) (raw string, ok bool) {
	found, err := w.client.asking.BLPop(ctx, time.Second, w.client.keys.requests()).Result()
	if err == nil && len(found) == 2 {
		return found[1], true
	}
	if err != nil && !isNil(err) && ctx.Err() == nil {
		w.trouble("cannot wait for requests", err)
		pause(ctx, 500*time.Millisecond)
	}
	return "", false
}

// answerRequest answers one request, if somebody still waits for that.
func (w *Worker) answerRequest(ctx context.Context, raw string) {
	q, left, err := w.readRequest(ctx, raw)
	if err != nil {
		w.options.Log.Debug("a request was dropped", "reason", err)
		return
	}
	limited, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	if !w.answering.begin(q, cancel) {
		return
	}
	body, err := w.askHandler(limited, q)
	if !w.answering.end(q) || limited.Err() != nil {
		return // a newer one has come, or nobody waits any more
	}
	w.reply(limited, q, body, err)
}

// readRequest reads a request, and says for how long its answer is of use. What anybody can push is
// bounded here: an old request is as good as none, and a list without a time to live gets one.
func (w *Worker) readRequest(ctx context.Context, raw string) (q request, left time.Duration, err error) {
	if len(raw) > MaxRequest+1024 {
		return q, 0, fmt.Errorf("%d bytes", len(raw))
	}
	var asked struct {
		At      int64   `json:"at"`
		Request request `json:"request"`
	}
	if err := json.Unmarshal([]byte(raw), &asked); err != nil {
		return q, 0, err
	}
	q = asked.Request
	if err := errors.Join(validName("asker", q.Asker), validName("op", q.Op)); err != nil {
		return q, 0, err
	}
	if q.V != Version {
		return q, 0, fmt.Errorf("version %d", q.V)
	}
	var now *redis.TimeCmd
	_, err = w.client.asking.Pipelined(ctx, func(p redis.Pipeliner) error {
		now = p.Time(ctx)
		p.LTrim(ctx, w.client.keys.requests(), 0, 63)
		p.PExpire(ctx, w.client.keys.requests(), requestsGo)
		return nil
	})
	if err != nil {
		return q, 0, err
	}
	age := now.Val().Sub(time.UnixMilli(asked.At))
	wait := time.Duration(min(max(q.WaitMS, 0), longestRequest.Milliseconds())) * time.Millisecond
	if wait == 0 {
		wait = requestFor
	}
	if age > tooOld || age < -tooOld || wait <= age {
		return q, 0, fmt.Errorf("%v old", age)
	}
	return q, wait - max(age, 0), nil
}

// askHandler has the request answered. A panic ends this request alone.
func (w *Worker) askHandler(ctx context.Context, q request) (body []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			w.logPanic(p)
			body, err = nil, errors.New("the worker failed")
		}
	}()
	return w.options.Answer(ctx, q.Op, q.Body)
}

// reply sends the answer to a request. That it does not arrive is no trouble.
func (w *Worker) reply(ctx context.Context, q request, body []byte, failed error) {
	r := reply{N: q.N, Body: body}
	if len(body) > MaxRequest {
		failed = fmt.Errorf("the answer has %d bytes, the limit is %d", len(body), MaxRequest)
	}
	if failed != nil {
		r.Body, r.Error = nil, cut(failed.Error(), maxRejected)
	}
	text, err := plainJSON(r)
	if err == nil {
		err = w.client.run(ctx, w.client.asking, scriptReply, q.Asker, text, requestsGo.Milliseconds()).Err()
	}
	if err != nil {
		w.options.Log.Debug("a request was not answered", "reason", err)
	}
}

func (q request) kind() string { return q.Asker + " " + q.Op }

// begin notes that a request is being answered, which ends what is done for an older one. It says
// no to a request that is not the newest itself.
func (a *answering) begin(q request, cancel context.CancelFunc) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.hear(q.kind(), q.N)
	if a.newest[q.kind()] != q.N {
		return false
	}
	if _, twice := a.busy[q.kind()]; twice {
		return false
	}
	if a.busy == nil {
		a.busy = map[string]underWay{}
	}
	a.busy[q.kind()] = underWay{q.N, cancel}
	return true
}

// end says whether the answer to a request is still wanted.
func (a *answering) end(q request) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.busy[q.kind()].n != q.N {
		return false
	}
	delete(a.busy, q.kind())
	return true
}

// told notes what the channel of requests says: asker, operation and number of the newest.
func (a *answering) told(message string) {
	at := strings.LastIndexByte(message, ' ')
	if at < 0 || len(message) > 256 {
		return
	}
	if n, err := strconv.ParseInt(message[at+1:], 10, 64); err == nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.hear(message[:at], n)
	}
}

// hear notes a request, and ends what is done for an older one of the same kind. The caller holds mu.
func (a *answering) hear(kind string, n int64) {
	if n <= a.newest[kind] {
		return
	}
	if a.newest == nil || len(a.newest) >= askersKnown {
		a.newest = map[string]int64{} // those that are busy are known as such
	}
	a.newest[kind] = n
	if older, ok := a.busy[kind]; ok && older.n < n {
		delete(a.busy, kind)
		older.cancel()
	}
}
