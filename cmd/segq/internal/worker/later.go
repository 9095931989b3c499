package worker

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"

	"github.com/segq/segq/lang/ast"
)

const (
	// laterMost is how many answers are kept or on their way, of a kind: for what exceeds it, it is worth asking again.
	laterMost = 16
	// laterKept is how long an answer waits for those who have asked before it was there.
	laterKept = time.Minute
)

// later makes answers that take longer than a request beside the queue may, which has but a few places: in the background, one at a
// time, each once for all who ask for it. The zero value is ready.
type later[T any] struct {
	mu   sync.Mutex
	made map[string]*made[T] // by question
	turn sync.Mutex          // of the one that is being made
}

// made is an answer, or what is on its way to be one.
type made[T any] struct {
	of    string // what it depends on beside the question
	value T
	err   error
	ended time.Time // zero while it is on its way
}

// answer gives the answer to a question if it is there. It is begun otherwise, and worth asking again for, which again says of a
// request. What it depends on beside the question is of: it is given to others as long as that is the same, but not where of is "".
func (l *later[T]) answer(s *service, question, of string, again bool, begin func(context.Context) (T, error)) (value T, there bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.made[question]
	switch {
	case m != nil && m.ended.IsZero():
		return value, false, nil
	case m != nil && (again && time.Since(m.ended) < laterKept || of != "" && m.of == of && m.err == nil):
		return m.value, true, m.err
	case !l.room():
		return value, false, nil
	}
	m = &made[T]{of: of}
	if l.made == nil {
		l.made = map[string]*made[T]{}
	}
	l.made[question] = m
	s.working.Go(func() { l.make(s, m, begin) })
	return value, false, nil
}

// room makes room for one more, where the oldest can go for it. The caller holds mu.
func (l *later[T]) room() bool {
	if len(l.made) < laterMost {
		return true
	}
	oldest := ""
	for question, m := range l.made {
		if !m.ended.IsZero() && (oldest == "" || m.ended.Before(l.made[oldest].ended)) {
			oldest = question
		}
	}
	delete(l.made, oldest)
	return len(l.made) < laterMost
}

// make makes an answer when it is its turn.
func (l *later[T]) make(s *service, m *made[T], begin func(context.Context) (T, error)) {
	l.turn.Lock()
	defer l.turn.Unlock()
	var value T
	err := errors.New("the worker has met an internal error")
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		m.value, m.err, m.ended = value, err, time.Now()
	}()
	defer ast.Guard(func(f *ast.Fault) { s.tell(s.ctx, "an answer beside the queue has met a fault: "+f.Report(), f) })
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // the data may lie in a file
	if s.ctx.Err() == nil {
		v, failed := begin(s.ctx)
		value, err = v, failed
	}
}
