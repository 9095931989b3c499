package redisx

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
)

// MaxRequest is the most bytes that a request, or its answer, may have as JSON.
const MaxRequest = 1 << 20

const (
	// requestsGo is after how long requests that no worker takes, and answers that nobody reads,
	// are gone.
	requestsGo = 5 * time.Second
	// requestFor is how long a request waits for its answer whose context does not say, and
	// longestRequest how long it does at most.
	requestFor     = 2 * time.Second
	longestRequest = 10 * time.Second
)

// The errors of requests that have no answer.
var (
	// ErrReplaced says that the same client has asked something newer of the same kind.
	ErrReplaced = errors.New("the request was replaced by a newer one")
	// ErrRequest says that a worker has refused the request, or could not answer it.
	ErrRequest = errors.New("the request has no answer")
)

// request is a question beside the queue, as it goes over the wire.
type request struct {
	V int `json:"v"`
	// Asker is who asks: the answer is in a list of that name. N numbers the requests of one
	// asker, the later ones higher.
	Asker string `json:"asker"`
	N     int64  `json:"n"`
	Op    string `json:"op"`
	// WaitMS is how long the asker waits for the answer, in milliseconds.
	WaitMS int64           `json:"wait_ms"`
	Body   json.RawMessage `json:"body"`
}

// reply is the answer to a request: a body, or what went wrong.
type reply struct {
	N     int64           `json:"n"`
	Body  json.RawMessage `json:"body,omitempty"`
	Error string          `json:"error,omitempty"`
}

// requests are those of a client that wait for an answer.
type requests struct {
	mu      sync.Mutex
	asker   string
	last    int64
	latest  map[string]int64 // the number of the last request, by operation
	waiting map[int64]chan reply
	reading bool              // a goroutine reads the answers
	lanes   map[string][]bool // of calls, by op: those that are in use
}

// Request asks a worker something short, beside the queue: there is no job and no record of it, it is
// not repeated, and it is answered soon or not at all. body and the answer are JSON. A newer request
// with the same op takes the place of one that waits, which ends with [ErrReplaced]; where no worker
// answers, as those of older versions do not, Request ends with its context, or after two seconds.
func (c *Client) Request(ctx context.Context, op string, body []byte) ([]byte, error) {
	switch {
	case len(body) > MaxRequest:
		return nil, fmt.Errorf("%w: %d bytes, the limit is %d", ErrRequest, len(body), MaxRequest)
	case !json.Valid(body):
		return nil, fmt.Errorf("%w: it is not JSON", ErrRequest)
	}
	if err := validName("op", op); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRequest, err)
	}
	if _, limited := ctx.Deadline(); !limited {
		bounded, cancel := context.WithTimeout(ctx, requestFor)
		defer cancel()
		ctx = bounded
	}
	n, answer := c.requests.enter(op)
	defer c.requests.leave(op, n)
	if err := c.ask(ctx, op, n, body); err != nil {
		if end, _ := ctx.Deadline(); ctx.Err() == nil && time.Until(end) < 10*time.Millisecond {
			return nil, context.DeadlineExceeded // the library gives up a moment before it
		}
		return nil, cmp.Or(ctx.Err(), err)
	}
	c.listenForAnswers()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r, ok := <-answer:
		switch {
		case !ok:
			return nil, ErrReplaced
		case r.Error != "":
			return nil, fmt.Errorf("%w: %s", ErrRequest, r.Error)
		}
		return r.Body, nil
	}
}

// enter numbers a request, ends the one whose place it takes, and returns where its answer comes.
func (r *requests) enter(op string) (n int64, answer chan reply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.asker == "" {
		r.asker, r.latest, r.waiting = uuid.NewString(), map[string]int64{}, map[int64]chan reply{}
	}
	if older, ok := r.waiting[r.latest[op]]; ok {
		delete(r.waiting, r.latest[op])
		close(older)
	}
	r.last++
	answer = make(chan reply, 1)
	r.latest[op], r.waiting[r.last] = r.last, answer
	return r.last, answer
}

// leave forgets a request for whose answer nobody waits any more.
func (r *requests) leave(op string, n int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.waiting, n)
	if r.latest[op] == n {
		delete(r.latest, op)
	}
}

// ask leaves a request for the workers.
func (c *Client) ask(ctx context.Context, op string, n int64, body []byte) error {
	end, _ := ctx.Deadline()
	q := request{V: Version, Asker: c.requests.asker, N: n, Op: op, Body: body}
	q.WaitMS = min(time.Until(end), longestRequest).Milliseconds()
	text, err := plainJSON(q)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRequest, err)
	}
	return c.run(ctx, c.asking, scriptAsk, q.Asker, op, n, text, requestsGo.Milliseconds()).Err()
}

// plainJSON encodes v without making < and > longer, of which rules are full.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// listenForAnswers makes sure that answers are read while any request waits.
func (c *Client) listenForAnswers() {
	r := &c.requests
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.reading && len(r.waiting) > 0 {
		r.reading = true
		go c.readAnswers()
	}
}

// readAnswers hands answers to those who wait for them, until nobody does. One connection serves all
// of them, and who gives up need not wait for it: a blocked read cannot be interrupted.
func (c *Client) readAnswers() {
	ctx, key := context.Background(), c.keys.answers(c.requests.asker)
	for c.requests.awaited() {
		found, err := c.asking.BLPop(ctx, time.Second, key).Result()
		switch {
		case err == nil && len(found) == 2:
			c.requests.deliver(found[1])
		case !isNil(err):
			pause(ctx, 100*time.Millisecond)
		}
	}
}

// awaited says whether any request waits. If none does, nobody reads answers any more.
func (r *requests) awaited() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reading = len(r.waiting) > 0
	return r.reading
}

// deliver hands over an answer. One that nobody waits for, or that cannot be read, is dropped.
func (r *requests) deliver(raw string) {
	var answer reply
	if len(raw) > 2*MaxRequest || json.Unmarshal([]byte(raw), &answer) != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if waiting, ok := r.waiting[answer.N]; ok {
		delete(r.waiting, answer.N)
		waiting <- answer // it has room for one
	}
}
