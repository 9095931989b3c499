package lookup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"
)

// keysInPipeline is how many keys go in one pipeline, apart from the rest of a bucket.
const keysInPipeline = 8192

// counts is what Get has done.
type counts struct{ asked, cached, filtered, sent, found, commands, pipelines atomic.Int64 }

// Counts is what became of the keys that a replica was asked for.
type Counts struct {
	// Asked is how many keys there were; Cached were answered by the local cache, Filtered by
	// the Bloom filter, and Sent to Redis, in so many Commands and Pipelines. Found of these have a row.
	Asked, Cached, Filtered, Sent, Found, Commands, Pipelines int64
}

// Counts returns what has been done until now.
func (r *Replica) Counts() Counts {
	c := &r.counts
	return Counts{c.asked.Load(), c.cached.Load(), c.filtered.Load(), c.sent.Load(), c.found.Load(), c.commands.Load(), c.pipelines.Load()}
}

// Rows is how many rows the table has that have a key, and Nulls how many have none.
func (r *Replica) Rows() int { return r.current().rows }

// Nulls is how many rows of the table have no key.
func (r *Replica) Nulls() int { return r.current().nulls }

// request is a key that Redis is asked for.
type request struct {
	hash uint64
	key  int // index in the keys
}

// restores is how often a call of Get has a table written again that is gone.
const restores = 2

// Get returns the rows of keys, in their order: "" where a key has none. A connection that breaks is made
// again; what Redis has lost is written again.
func (r *Replica) Get(ctx context.Context, keys []string) ([]string, error) {
	for try := 0; ; try++ {
		v := r.current()
		rows, err := r.read(ctx, v, keys)
		if !errors.Is(err, errLost) {
			return rows, err
		}
		if try == restores {
			return nil, fmt.Errorf("cannot read the lookup from Redis: it was lost %d times while it was read: is the server full? A maxmemory-policy other than noeviction evicts lookups", try+1)
		}
		if err := r.restore(ctx, v); err != nil {
			return nil, err
		}
	}
}

// current is the version that is read.
func (r *Replica) current() *version {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.version
}

// restore puts another version into the place of a broken one, once for all who wait for it.
func (r *Replica) restore(ctx context.Context, broken *version) error {
	r.restoring.Lock()
	defer r.restoring.Unlock()
	if r.current() != broken {
		return nil
	}
	r.options.Note("Redis has lost the lookup, or some of it: writing it again")
	v, err := r.ensure(ctx, broken.token)
	if err != nil {
		return fmt.Errorf("Redis has lost the lookup: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.version = v
	return nil
}

// read asks the cache, the filter and Redis.
func (r *Replica) read(ctx context.Context, v *version, keys []string) ([]string, error) {
	if r.isLost(v) {
		return nil, errLost
	}
	rows := make([]string, len(keys))
	wanted := r.near(v, keys, rows)
	send, ctx := errgroup.WithContext(ctx)
	send.SetLimit(connections)
	for len(wanted) > 0 {
		var part []bucketRequest
		part, wanted = v.part(wanted)
		send.Go(func() error { return r.fetch(ctx, v, part, keys, rows) })
	}
	if err := send.Wait(); err != nil {
		return nil, err
	}
	return rows, nil
}

// near answers what the cache and the filter know, and returns the rest by hash, which is the order of buckets.
func (r *Replica) near(v *version, keys, rows []string) []request {
	wanted := make([]request, 0, len(keys))
	var cached, filtered int64
	for i, key := range keys {
		if key == "" {
			continue
		}
		hash := hashOf(key)
		row, ok := r.cache.get(hash, key)
		switch {
		case ok:
			rows[i] = row
			cached++
		case !v.may(key):
			filtered++
		default:
			wanted = append(wanted, request{hash, i})
		}
	}
	slices.SortFunc(wanted, func(a, b request) int {
		if a.hash < b.hash {
			return -1
		}
		return 1
	})
	r.counts.asked.Add(int64(len(keys)))
	r.counts.cached.Add(cached)
	r.counts.filtered.Add(filtered)
	return wanted
}

// bucketRequest is what one bucket is asked for.
type bucketRequest struct {
	bucket   int
	requests []request
}

// part takes from sorted requests what goes in one pipeline.
func (v *version) part(wanted []request) (part []bucketRequest, rest []request) {
	for taken := 0; len(wanted) > 0 && len(part) < inPipeline && taken < keysInPipeline; {
		bucket, n := v.bucketOf(wanted[0].hash), 1
		for n < len(wanted) && v.bucketOf(wanted[n].hash) == bucket {
			n++
		}
		part = append(part, bucketRequest{bucket, wanted[:n]})
		wanted = wanted[n:]
		taken += n
	}
	return part, wanted
}

// fetch asks Redis for the keys of a part, each once, and puts what it finds into rows and the
// cache.
func (r *Replica) fetch(ctx context.Context, v *version, part []bucketRequest, keys, rows []string) error {
	distinct := func(b bucketRequest, i int) bool {
		return i == 0 || b.requests[i].hash != b.requests[i-1].hash || keys[b.requests[i].key] != keys[b.requests[i-1].key]
	}
	var sent, found int64
	commands, err := r.wire.pipeline(ctx, func(p redis.Pipeliner) {
		for _, b := range part {
			args := make([]any, 3, 3+len(b.requests))
			args[0], args[1], args[2] = "hmget", r.keys.bucket(v.token, b.bucket), ""
			for i := range b.requests {
				if distinct(b, i) {
					args = append(args, keys[b.requests[i].key])
				}
			}
			_ = p.Process(ctx, redis.NewStringSliceCmd(ctx, args...))
		}
	})
	if err != nil {
		return err
	}
	for n, b := range part {
		values := commands[n].(*redis.StringSliceCmd).Val()
		if len(values) == 0 || values[0] != "+" {
			return errLost
		}
		next := 0
		for i, q := range b.requests {
			if distinct(b, i) {
				next++
				sent++
				if values[next] != "" {
					found++
				}
				r.cache.put(q.hash, keys[q.key], values[next])
			}
			rows[q.key] = values[next]
		}
	}
	r.counts.sent.Add(sent)
	r.counts.found.Add(found)
	r.counts.commands.Add(int64(len(part)))
	r.counts.pipelines.Add(1)
	return nil
}

// readFilter reads the Bloom filter of a version. Without it everything is right, and takes longer.
func (r *Replica) readFilter(ctx context.Context, v *version) error {
	size := int(v.size.Bits / 8)
	if v.pages == 0 || size > r.options.FilterBytes || v.pages != (size+pageSize-1)/pageSize || v.size.Hashes < 1 {
		return nil
	}
	filter := make([]byte, 0, size)
	for n := range v.pages {
		page, err := try(ctx, r.wire, func(rdb *redis.Client) ([]byte, error) {
			page, err := rdb.Get(ctx, r.keys.page(v.token, n)).Bytes()
			if errors.Is(err, redis.Nil) {
				return nil, nil
			}
			return page, err
		})
		if err != nil {
			return err
		}
		filter = append(filter, page...)
	}
	if len(filter) == size {
		v.filter = filter
	}
	return nil
}
