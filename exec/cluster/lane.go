package cluster

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/segq/segq/exec"
)

// lanesEach is how many statements of a class are asked at a time. The classes have lanes of their own, and pools of the
// server, so that a long batch of one holds up none of another.
const lanesEach = 2

// pools are the names of the classes among the pools of the server, which shares its tasks evenly among those that have
// work, if it is in the mode FAIR.
var pools = map[exec.Class]string{exec.Interactive: "segq-interactive", exec.Normal: "segq-normal", exec.Bulk: "segq-batch"}

// lane is a session in which statements of a class are asked, one after another.
type lane struct {
	class   exec.Class
	session *session // nil where there is none
}

// lanes are those of all classes. Who has one gives it back.
type lanes struct {
	places map[exec.Class]chan struct{} // of the length lanesEach

	mu     sync.Mutex // guards what follows
	free   map[exec.Class][]*lane
	closed bool
}

func newLanes() *lanes {
	l := &lanes{places: map[exec.Class]chan struct{}{}, free: map[exec.Class][]*lane{}}
	for class := range pools {
		l.places[class] = make(chan struct{}, lanesEach)
	}
	return l
}

// enter waits for a lane of a class. The one that was left last is taken first, as it has a session.
func (l *lanes) enter(ctx context.Context, class exec.Class) (*lane, error) {
	select {
	case l.places[class] <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		<-l.places[class]
		return nil, exec.ErrClosed
	}
	if n := len(l.free[class]); n > 0 {
		one := l.free[class][n-1]
		l.free[class] = l.free[class][:n-1]
		return one, nil
	}
	return &lane{class: class}, nil
}

// leave gives a lane back.
func (l *lanes) leave(one *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		one.drop()
	} else {
		l.free[one.class] = append(l.free[one.class], one)
	}
	<-l.places[one.class]
}

// close ends all sessions, also of those who come back later.
func (l *lanes) close() {
	l.mu.Lock()
	l.closed = true
	all := l.free
	l.free = nil
	l.mu.Unlock()
	var ended sync.WaitGroup
	for _, some := range all {
		for _, one := range some {
			ended.Go(one.drop)
		}
	}
	ended.Wait()
}

// drop ends the session.
func (l *lane) drop() {
	if l.session != nil {
		l.session.close()
		l.session = nil
	}
}

const (
	// reconnectWithin is how long a server is tried again that was there before: it may be starting.
	reconnectWithin = 3 * time.Minute
	// reconnectMost is how long there is at most between two attempts.
	reconnectMost = 2 * time.Second
)

// connected returns the session of a lane, a new one where there is none, or where the connection was lost.
func (c *Cluster) connected(ctx context.Context, l *lane) (*session, error) {
	if l.session != nil && l.session.lost() {
		l.drop()
	}
	if l.session != nil {
		return l.session, nil
	}
	until := time.Now().Add(reconnectWithin)
	for wait := reconnectMost / 16; ; wait = min(2*wait, reconnectMost) {
		s, err := c.newSession(ctx, pools[l.class])
		if err == nil {
			l.session = s
			return s, nil
		}
		var unreachable *net.OpError
		var lost *lostError
		if ctx.Err() != nil || !c.open.Load() || !errors.As(err, &unreachable) && !errors.As(err, &lost) || time.Now().After(until) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(wait):
		}
	}
}

// newSession opens a session whose statements are in a pool of the server, and to which the program is known.
func (c *Cluster) newSession(ctx context.Context, pool string) (*session, error) {
	s, err := connect(ctx, c.address, c.options.Password, settings)
	if err != nil {
		return nil, err
	}
	if _, err = s.query(ctx, "SET spark.sql.thriftserver.scheduler.pool="+pool); err == nil {
		err = c.program.introduce(ctx, s, c.options.From)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// on has do ask something of a session of a class, and of the table as it is kept on the cluster. Where the error is one that
// another attempt may not meet, again says so, and has what is gone made anew.
func (c *Cluster) on(ctx context.Context, class exec.Class, do func(*session, *kept) error) error {
	k, err := c.keep(ctx)
	if err != nil {
		return err
	}
	l, err := c.lanes.enter(ctx, class)
	if err != nil {
		return err
	}
	defer c.lanes.leave(l)
	s, err := c.connected(ctx, l)
	if err != nil {
		return err
	}
	if err = do(s, k); c.isGone(err, k) {
		c.forget(k, err)
		return &goneError{err}
	}
	return err
}

// goneError says that what is kept of the table on the cluster is not there any more, or not whole.
type goneError struct{ err error }

func (e *goneError) Error() string { return e.err.Error() }
func (e *goneError) Unwrap() error { return e.err }

// again says whether another attempt may go better.
func again(err error) bool {
	var lost *lostError
	var gone *goneError
	return errors.As(err, &lost) || errors.As(err, &gone)
}

// lost says whether the connection is of no use any more.
func (s *session) lost() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.broken != nil
}
