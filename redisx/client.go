package redisx

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// Options say how to reach Redis. URL is required, the rest may be zero.
type Options struct {
	// URL is redis://[user:password@]host:port[/db], rediss:// for TLS, or
	// unix:///path.
	URL string
	// PasswordFile holds the password, to keep it out of the URL.
	PasswordFile string
	// CAFile holds the authorities, as PEM, that a server's certificate is to come
	// from, instead of the system's; CertFile and KeyFile what this side shows of
	// itself. SkipVerify takes any certificate for the server's. They are for rediss://.
	CAFile, CertFile, KeyFile string
	SkipVerify                bool
	// Namespace keeps the jobs of one user of a server apart from those of
	// others: 1 to 64 letters, digits, points, hyphens or underscores. Default
	// "default".
	Namespace string
	// QueueCap is how many jobs a tenant may have waiting in a class before Submit
	// gives [ErrBusy]. Default 10,000.
	QueueCap int
	// TotalCap is the same for all jobs that have not ended, over all tenants.
	// Default 100,000.
	TotalCap int
}

// Client speaks to Redis. It is safe for concurrent use.
type Client struct {
	keys keys
	// Four pools of connections, so that a long transfer or a blocked read does not
	// hold up a heartbeat, and a request nothing at all.
	control   *redis.Client // commands that must be quick
	blocking  *redis.Client // reads that wait
	bulk      *redis.Client // counters and results
	asking    *redis.Client // requests and their answers
	working   sync.Map      // the workers of this process that run over the client, as *Worker
	requests  requests
	calls     chan struct{} // a place for each call that waits
	queueCap  int           // of Options
	totalCap  int           // of Options
	keep      int           // jobs that stay to be read of those that have ended
	keepBytes int64         // bytes of their results
	keepGone  int           // ids of those that are forgotten
	embedded  bool
	failures  failures // of all pools
	closers   []func() error
	hush      sync.Once
	hushed    error // what that gave
	once      sync.Once
	closed    error // what Close gave
}

// ErrBusy says that too many commands wait, of a tenant or in all, or that Redis is
// out of memory: try again later.
var ErrBusy = errors.New("the queue is full: try again later")

// ErrMemory is an [ErrBusy] since Redis is out of memory.
var ErrMemory error = noMemory{}

// noMemory is the error that Redis is out of memory.
type noMemory struct{}

func (noMemory) Error() string { return outOfMemory }

// Is says that it is one of those for which one tries again later.
func (noMemory) Is(target error) bool { return target == ErrBusy }

// Open connects to a Redis server, version 7.0 or later. It gives up after some
// three seconds. The caller closes the client.
func Open(ctx context.Context, o Options) (*Client, error) {
	if o.Namespace == "" {
		o.Namespace = "default"
	}
	if err := validName("namespace", o.Namespace); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOptions, err)
	}
	base, err := parseAddress(o.URL)
	if err == nil {
		err = o.encrypt(ctx, base)
	}
	if err != nil {
		return nil, err
	}
	if o.PasswordFile != "" {
		if base.Password, err = readPassword(ctx, o.PasswordFile); err != nil {
			return nil, err
		}
	}
	c := newClient(base, o.Namespace)
	c.keep, c.keepBytes, c.keepGone = 10_000, 1<<30, 100_000
	c.queueCap, c.totalCap = cmp.Or(o.QueueCap, 10_000), cmp.Or(o.TotalCap, 100_000)
	if err := c.greet(ctx, base.Addr); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// Namespace is the one of the client's keys.
func (c *Client) Namespace() string {
	return strings.TrimSuffix(strings.TrimPrefix(c.keys.prefix, "segq:{"), "}:")
}

// quiet keeps the client library from writing to standard error: what it has to say
// also comes as an error, to be told once.
type quiet struct{}

// Printf does nothing.
func (quiet) Printf(context.Context, string, ...any) {}

var silence = sync.OnceFunc(func() { redis.SetLogger(quiet{}) })

// newClient makes the four pools from one set of options.
func newClient(base *redis.Options, namespace string) *Client {
	silence()
	base.DialTimeout = 2 * time.Second
	base.DialerRetries = 1
	base.ContextTimeoutEnabled = true
	pool := func(name string, size, retries int, timeout time.Duration) *redis.Client {
		o := *base
		o.ClientName = "segq-" + name + ":" + namespace
		o.PoolSize = size
		o.MaxRetries = retries
		o.ReadTimeout, o.WriteTimeout = timeout, timeout
		return redis.NewClient(&o)
	}
	c := &Client{
		calls:    make(chan struct{}, callsAtOnce),
		keys:     keysOf(namespace),
		control:  pool("control", 8, 2, 2*time.Second),
		blocking: pool("blocking", 4, -1, 3*time.Second),
		bulk:     pool("bulk", 4, 1, 10*time.Second),
		asking:   pool("asking", 2+2*requestsAtOnce, -1, 3*time.Second),
	}
	for _, p := range []*redis.Client{c.control, c.blocking, c.bulk, c.asking} {
		p.AddHook(&c.failures)
	}
	return c
}

// Pool returns connections of their own to the same server, so that what goes over them
// holds up nothing else: at most size, which fail after timeout, and repeat nothing by
// themselves. The caller closes it.
func (c *Client) Pool(name string, size int, timeout time.Duration) *redis.Client {
	o := *c.bulk.Options()
	o.ClientName = "segq-" + name + ":" + c.Namespace()
	o.PoolSize, o.MaxRetries = size, -1
	o.ReadTimeout, o.WriteTimeout = timeout, timeout
	return redis.NewClient(&o)
}

// greet makes sure that there is a server.
func (c *Client) greet(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if err := c.control.Ping(ctx).Err(); err != nil {
		if text := err.Error(); strings.HasPrefix(text, "WRONGPASS") || strings.HasPrefix(text, "NOAUTH") || strings.HasPrefix(text, "NOPERM") {
			return fmt.Errorf("Redis at %s refuses this user: %w", addr, err)
		} else if strings.Contains(text, "DB index") {
			return fmt.Errorf("Redis at %s has no such database: %w", addr, err)
		}
		return fmt.Errorf("cannot reach Redis at %s: %w (is redis-server running there?)", addr, err)
	}
	return nil
}

// Embedded says whether the broker lives in this process and forgets everything
// at its end.
func (c *Client) Embedded() bool { return c.embedded }

// Hush ends the reads that wait for something to come, which else go on for up to a second after their worker was
// told to stop. What comes at that moment may be lost, so it is for who is alone in the namespace, and leaves it.
func (c *Client) Hush() {
	c.hush.Do(func() { c.hushed = errors.Join(c.blocking.Close(), c.asking.Close()) })
}

// Close ends all connections, and an embedded broker. It may be called again.
func (c *Client) Close() error {
	c.once.Do(func() {
		c.Hush()
		errs := []error{c.control.Close(), c.bulk.Close(), c.hushed}
		for _, f := range c.closers {
			errs = append(errs, f())
		}
		c.closed = errors.Join(errs...)
	})
	return c.closed
}
