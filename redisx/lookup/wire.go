package lookup

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/scripts"
)

const (
	// connections is how many pipelines are under way at a time.
	connections = 4
	// inPipeline is how many commands go in one pipeline.
	inPipeline = 512
	// replyWithin is how long a reply may take. What was cancelled holds its connection no longer.
	replyWithin = 3 * time.Second
)

// wire is the way to the server. What goes over it may be sent twice.
type wire struct {
	rdb      *redis.Client
	address  string
	patience time.Duration
}

func newWire(c *redisx.Client, patience time.Duration) *wire {
	return &wire{c.Pool("lookup", connections, replyWithin), c.Address(), patience}
}

func (w *wire) close() error { return w.rdb.Close() }

// lua is a script, made when it is first needed.
type lua func() *redis.Script

func script(name string) lua {
	return sync.OnceValue(func() *redis.Script { return redis.NewScript(scripts.Alone(name)) })
}

var (
	scriptLease  = script("lookup_lease")
	scriptRows   = script("lookup_rows")
	scriptWhole  = script("lookup_whole")
	scriptCommit = script("lookup_commit")
)

// pipeline sends commands together, again while the server is away or restarts, and
// returns them with their replies. The error is the first that is not a nil.
func (w *wire) pipeline(ctx context.Context, add func(redis.Pipeliner)) ([]redis.Cmder, error) {
	return try(ctx, w, func(rdb *redis.Client) ([]redis.Cmder, error) {
		p := rdb.Pipeline()
		add(p)
		commands, err := p.Exec(ctx)
		for _, c := range commands {
			if err := c.Err(); err != nil && !errors.Is(err, redis.Nil) {
				return nil, err
			}
		}
		if errors.Is(err, redis.Nil) {
			err = nil
		}
		return commands, err
	})
}

// try does something until it works, the server has been away for too long, or ctx
// ends. It returns as soon as ctx ends, while what it has begun may go on for a moment.
func try[T any](ctx context.Context, w *wire, do func(*redis.Client) (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	var none T
	began, loads := time.Now(), 0
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		done := make(chan outcome, 1)
		go func() {
			value, err := do(w.rdb)
			done <- outcome{value, err}
		}()
		var o outcome
		select {
		case o = <-done:
		case <-ctx.Done():
			return none, context.Cause(ctx)
		}
		switch {
		case o.err == nil:
			return o.value, nil
		case ctx.Err() != nil:
			return none, context.Cause(ctx)
		case !passing(o.err):
			return none, w.explained(o.err)
		case strings.HasPrefix(o.err.Error(), "NOSCRIPT") && loads < 2 && w.loadScripts(ctx) == nil:
			loads++
			continue
		case time.Since(began) > w.patience:
			return none, fmt.Errorf("Redis at %s has not answered for %v: %w", w.address, w.patience, o.err)
		}
		if err := pause(ctx, wait); err != nil {
			return none, err
		}
	}
}

// loadScripts gives the server the scripts that go in pipelines, by their digests.
func (w *wire) loadScripts(ctx context.Context) error {
	return errors.Join(scriptRows().Load(ctx, w.rdb).Err(), scriptWhole().Load(ctx, w.rdb).Err())
}

// passing says whether an error may be over after a while: a connection that broke, or a
// server that starts, moves, or has lost its scripts.
func passing(err error) bool {
	if errors.Is(err, redis.ErrClosed) {
		return false
	}
	var reply redis.Error
	if !errors.As(err, &reply) {
		return true
	}
	for _, word := range []string{"LOADING", "BUSY", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS", "NOSCRIPT", "ERR max number of clients"} {
		if strings.HasPrefix(reply.Error(), word) {
			return true
		}
	}
	return false
}

// errFull says that the server takes no more.
var errFull = errors.New("Redis is out of memory (maxmemory)")

// explained says what to do about a reply that is an error. Redis repeats what it was
// sent when it does not know a command: that is left out.
func (w *wire) explained(err error) error {
	text, _, _ := strings.Cut(err.Error(), ", with args beginning with")
	switch {
	case strings.Contains(text, "OOM"):
		return fmt.Errorf("%w", errFull)
	case strings.HasPrefix(text, "NOPERM"), strings.Contains(text, "user executing the script can't"):
		return fmt.Errorf("Redis at %s refuses what a lookup needs (%s): give the user the rights of redisx/acl/segq.acl", w.address, text)
	}
	return fmt.Errorf("Redis at %s: %s", w.address, text)
}

// pause waits, or returns why ctx ended.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// newToken names a version that nobody else writes.
func newToken() string { return strings.ToLower(rand.Text()[:10]) }
