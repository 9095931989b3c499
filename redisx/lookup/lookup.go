// Package lookup keeps a table in Redis whose rows are found by a key: a lookup that is
// too big for the memory of those who need it. It knows rows as bytes, under keys that
// are bytes.
//
// A table is written once, by whoever needs it first ([Open], write.go), into hashes of
// some dozens of rows each, which Redis holds compactly; others wait for that writer, or
// take its place when it falls silent. Everybody reads the same version from then on
// (read.go), asks for what a Bloom filter and a cache of its own do not answer, and
// renews the time to live of all of it (renew.go): what nobody uses any more goes by itself.
//
// No reader may take what is not there for a key without a row: every bucket says that it is whole,
// and one that is not, because the server has evicted or forgotten it, makes the reader
// have the table written again.
package lookup

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/segq/segq/redisx"
)

// Options say what to keep, and how. Name, Rows and Fill are required.
type Options struct {
	// Name names the contents: what has the same name in a namespace is taken for the same.
	Name string
	// Rows is how many rows there are; about is enough, and 0 is not known.
	Rows int
	// Fill hands over all rows, which are not empty, and of which add keeps nothing. A row without a key is
	// counted, and never found. Fill is called again when Redis has lost what was written, and gives the same
	// rows in the same order.
	Fill func(ctx context.Context, add func(key, row []byte) error) error
	// TTL is how long a table stays that nobody uses. Default an hour.
	TTL time.Duration
	// Lease is after how long a writer that is silent loses its place. Default 15 s.
	Lease time.Duration
	// Patience is how long a server may be away before that is an error. Default 20 s.
	Patience time.Duration
	// CacheBytes bounds the memory of the local cache. Default 64 MiB, none if negative.
	CacheBytes int
	// FilterBytes bounds the memory of the Bloom filter, which has 10 bits for each row where
	// they fit. Default 64 MiB, none if negative.
	FilterBytes int
	// Note is told in words what takes long, if it is not nil. It may be called from
	// any goroutine.
	Note func(text string)
}

// ErrEmbedded says that a lookup needs a server.
var ErrEmbedded = errors.New("a lookup is kept in a Redis server, and none is given: add --redis URL")

// DuplicateError says that a key stands twice in a table.
type DuplicateError struct {
	Key []byte
	// Rows are the numbers of two rows that have it, from 0, in the order of Fill.
	Rows [2]int
}

func (e *DuplicateError) Error() string {
	return fmt.Sprintf("key %q stands twice in the lookup: in rows %d and %d", e.Key, e.Rows[0]+1, e.Rows[1]+1)
}

// Replica is a table in Redis. It is safe for concurrent use.
type Replica struct {
	options Options
	wire    *wire
	keys    keys
	cache   *cache
	counts  counts
	stop    context.CancelFunc // of the renewal
	renewal sync.WaitGroup

	restoring sync.Mutex // held by who has the table written again
	mu        sync.Mutex
	version   *version // that is read
}

// layout is the version of what is in the keys. Another has another name.
const layout = "1"

// keys names every key of one table.
type keys struct{ prefix string }

// meta is a HASH, the version that is read. lease is a STRING, the token of who writes one.
func (k keys) meta() string  { return k.prefix }
func (k keys) lease() string { return k.prefix + ":w" }

// bucket is a HASH from key to row, with '+' under the empty name when it is whole.
func (k keys) bucket(token string, n int) string { return fmt.Sprintf("%s:%s:%d", k.prefix, token, n) }

// page is a STRING, a part of the Bloom filter.
func (k keys) page(token string, n int) string { return fmt.Sprintf("%s:%s:f%d", k.prefix, token, n) }

// Open finds a table in Redis, or writes it, or waits until another has, until ctx ends.
// The caller closes the replica; c has to stay open until then.
func Open(ctx context.Context, c *redisx.Client, o Options) (*Replica, error) {
	if c.Embedded() {
		return nil, ErrEmbedded
	}
	o.TTL = cmp.Or(o.TTL, time.Hour)
	o.Lease = cmp.Or(o.Lease, 15*time.Second)
	o.Patience = cmp.Or(o.Patience, 20*time.Second)
	o.CacheBytes = cmp.Or(o.CacheBytes, 64<<20)
	o.FilterBytes = cmp.Or(o.FilterBytes, 64<<20)
	if o.Note == nil {
		o.Note = func(string) {}
	}
	sum := sha256.Sum256([]byte(layout + " " + o.Name))
	r := &Replica{
		options: o,
		wire:    newWire(c, o.Patience),
		keys:    keys{"segq:{" + c.Namespace() + "}:lookup:" + hex.EncodeToString(sum[:12])},
		cache:   newCache(o.CacheBytes),
	}
	v, err := r.ensure(ctx, "")
	if err != nil {
		return nil, errors.Join(err, r.wire.close())
	}
	r.version = v
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	r.stop = stop
	r.renewal.Go(func() { r.renewing(life) })
	return r, nil
}

// Close ends the connections. The table stays until its time is over.
func (r *Replica) Close() error {
	r.stop()
	err := r.wire.close()
	r.renewal.Wait()
	return err
}

// ensure returns the version to read, another than broken, and writes one where there is
// none and nobody else does.
func (r *Replica) ensure(ctx context.Context, broken string) (*version, error) {
	token := newToken()
	for told := false; ; {
		v, err := r.find(ctx, broken)
		if v != nil || err != nil {
			return v, err
		}
		holder, err := r.lease(ctx, token, r.options.Lease)
		switch {
		case err != nil:
			return nil, err
		case holder == token:
			return r.writeLeased(ctx, token, broken)
		case !told:
			r.options.Note("another process writes the lookup to Redis: waiting for it")
			told = true
		}
		if err := pause(ctx, min(r.options.Lease/10, 250*time.Millisecond)); err != nil {
			return nil, err
		}
	}
}

// lease asks for the place of the writer for so long, or gives it back for 0, and returns the
// token of who has it.
func (r *Replica) lease(ctx context.Context, token string, long time.Duration) (holder string, err error) {
	return try(ctx, r.wire, func(rdb *redis.Client) (string, error) {
		return scriptLease().Run(ctx, rdb, []string{r.keys.lease()}, token, long.Milliseconds()).Text()
	})
}
