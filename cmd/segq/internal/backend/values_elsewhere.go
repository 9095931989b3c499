package backend

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/segq/segq/cmd/segq/internal/values"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/redisx"
)

const (
	// seldom is how long values are remembered that workers elsewhere have told.
	seldom = time.Minute
	// askedAgain is after how long workers are asked again who have not answered.
	askedAgain = 3 * time.Second
	// valuesWait is how long an answer about values waits for that of a worker, which takes a few
	// milliseconds, and valuesFor how long the worker may take for it.
	valuesWait = 50 * time.Millisecond
	valuesFor  = 2 * time.Second
	// mostRemembered is how many answers are remembered.
	mostRemembered = 256
)

// valueMemory is what workers elsewhere have told of the values of their fields.
type valueMemory struct {
	ctx      context.Context
	request  func(ctx context.Context, op string, body []byte) ([]byte, error)
	snapshot func() string // of their data

	mu    sync.Mutex
	of    string // the snapshot whose values these are
	known map[string]*toldValues
}

// toldValues is what was told for what was typed, or is being asked.
type toldValues struct {
	answer values.Answer
	list   []lang.Value
	typed  string
	at     time.Time     // zero while it is being asked
	done   chan struct{} // closed when that has an end
}

func (t *toldValues) fresh() bool {
	if t.at.IsZero() {
		return true
	}
	limit := seldom
	if t.answer.Pending || t.list == nil {
		limit = askedAgain
	}
	return time.Since(t.at) < limit
}

// answer answers at once from memory, or a moment later from a worker; else it is pending.
func (m *valueMemory) answer(ctx context.Context, q values.Question) values.Answer {
	t, whole := m.recall(q)
	select {
	case <-t.done:
	default:
		timer := time.NewTimer(valuesWait)
		defer timer.Stop()
		select {
		case <-t.done:
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if t.at.IsZero() { // what is known of fewer letters is a beginning
		a := values.Answer{All: -1}
		if whole != nil {
			a = whole.answer
			a.Values, a.More = values.Ranked(whole.list, q.Typed, q.Limit)
		}
		a.Pending = true
		return a
	}
	a := t.answer
	a.Values, a.More = values.Ranked(t.list, q.Typed, q.Limit)
	a.More += t.answer.More // told for the same letters
	return a
}

// recall returns what answers a question, asking for it where that is not known, and what is known for
// fewer letters, nil for nothing.
func (m *valueMemory) recall(q values.Question) (t, less *toldValues) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := m.snapshot(); now != m.of || len(m.known) > mostRemembered {
		m.of, m.known = now, map[string]*toldValues{}
	}
	field := q.ID() + "\x00"
	for end := len(q.Typed); end >= 0; end-- {
		k := m.known[field+q.Typed[:end]]
		switch {
		case k == nil || !k.fresh():
			continue
		case k.at.IsZero() && end < len(q.Typed):
			continue
		case end == len(q.Typed) && !k.answer.Pending, !k.at.IsZero() && k.answer.More == 0 && !k.answer.Pending:
			return k, less // of what fits fewer letters, it has all that fits these
		case less == nil && !k.at.IsZero():
			less = k
		}
	}
	t = &toldValues{typed: q.Typed, done: make(chan struct{}), answer: values.Answer{All: -1}}
	m.known[field+q.Typed] = t
	go m.ask(q, t)
	return t, less
}

// ask asks a worker. One that does not answer, as those of older versions do not, is asked again after a
// while.
func (m *valueMemory) ask(q values.Question, t *toldValues) {
	defer close(t.done)
	q.Limit, q.Snapshot = values.MostValues, m.snapshot()
	answer, err := values.Answer{All: -1}, error(nil)
	body, err := json.Marshal(q)
	if err == nil {
		limited, cancel := context.WithTimeout(m.ctx, valuesFor)
		defer cancel()
		if body, err = m.request(limited, values.Op, body); err == nil {
			err = json.Unmarshal(body, &answer)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	t.at = time.Now()
	switch {
	case err == nil:
		t.answer, t.list = answer, values.Lang(answer.Values)
	case errors.Is(err, redisx.ErrReplaced), errors.Is(err, errOther):
		t.answer.Pending = true // to be asked again
	}
}
