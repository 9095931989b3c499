package lookup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"
)

const (
	// batchBytes and batchRows bound what is gathered before it is sent: rows of the
	// same bucket go together.
	batchBytes, batchRows = 16 << 20, 128 << 10
	// scriptRowsAtOnce and scriptBytes bound what one script is given, so that it takes
	// Redis less than a millisecond.
	scriptRowsAtOnce, scriptBytes = 256, 64 << 10
	// scriptsInPipeline bounds the bytes of a pipeline.
	scriptsInPipeline = 32
	// bucketsAtOnce is how many buckets one script finishes.
	bucketsAtOnce = 256
	// pageSize is how many bytes of the filter are in a page.
	pageSize = 1 << 20
	// writeAttempts is how often a table is written whose server loses it meanwhile.
	writeAttempts = 3
	// maxRow is the most bytes of a key and its row.
	maxRow = 64 << 20
	// discardWithin bounds how long the rest of a failed version is taken away; what stays goes by itself.
	discardWithin = 5 * time.Second
)

// errLost says that some of a version is not there any more.
var errLost = errors.New("some of the lookup is gone")

// entry is a row of a batch.
type entry struct {
	hash     uint64
	at       int // of the key in the bytes of the batch; the row follows
	key, row int // lengths
}

// writer writes one version.
type writer struct {
	r       *Replica
	v       *version
	perhaps int      // rows that the options promise
	counts  []uint32 // rows by bucket
	bytes   []byte
	batch   []entry
	sent    atomic.Bool // something is in Redis
}

// writeLeased writes the table while this token has the lease, and returns the version that everybody
// reads from now on.
func (r *Replica) writeLeased(ctx context.Context, lease, broken string) (*version, error) {
	held, stop := context.WithCancel(ctx)
	var holding sync.WaitGroup
	holding.Go(func() { r.holdLease(held, lease) })
	v, err := r.write(ctx, broken)
	stop()
	holding.Wait()
	ctx, stop = context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer stop()
	_, _ = r.lease(ctx, lease, 0) // it ends by itself
	if v == nil && err == nil {
		return r.ensure(ctx, broken)
	}
	return v, err
}

// write writes the table and returns its version, nil where another was faster.
func (r *Replica) write(ctx context.Context, broken string) (*version, error) {
	for attempt := 1; ; attempt++ {
		token := newToken()
		w := &writer{r: r, v: newVersion(token, r.options.Rows, r.options.FilterBytes), perhaps: r.options.Rows}
		w.counts = make([]uint32, w.v.buckets)
		winner, err := w.run(ctx, broken)
		if err == nil && winner == token {
			return w.v, nil
		}
		w.discard(ctx)
		switch {
		case err == nil: // another was faster
			return nil, nil
		case !errors.Is(err, errLost):
			return nil, fmt.Errorf("cannot write the lookup to Redis (%d of about %d rows were taken in): %w", w.v.rows, w.perhaps, err)
		case attempt == writeAttempts:
			return nil, fmt.Errorf("cannot write the lookup to Redis: it lost rows in %d attempts: is it started anew again and again, or full? A maxmemory-policy other than noeviction evicts lookups", attempt)
		}
		r.options.Note("Redis has lost some of the lookup that is being written: writing it again")
	}
}

// holdLease keeps the lease of a writer until ctx ends. Who loses it goes on all the same: the first to
// commit wins.
func (r *Replica) holdLease(ctx context.Context, token string) {
	for pause(ctx, r.options.Lease/3) == nil {
		_, _ = r.lease(ctx, token, r.options.Lease)
	}
}

// run writes all of a version, and returns the one that is read from now on.
func (w *writer) run(ctx context.Context, broken string) (winner string, err error) {
	r, told := w.r, time.Now()
	err = r.options.Fill(ctx, func(key, row []byte) error {
		if time.Since(told) > 5*time.Second {
			r.options.Note(fmt.Sprintf("writing the lookup to Redis: %d of about %d rows", w.v.rows, w.perhaps))
			told = time.Now()
		}
		return w.add(ctx, key, row)
	})
	if err == nil {
		err = w.flush(ctx)
	}
	if err == nil {
		err = w.writeFilter(ctx)
	}
	if err == nil {
		err = w.finish(ctx)
	}
	if err != nil {
		return "", err
	}
	return try(ctx, r.wire, func(rdb *redis.Client) (string, error) {
		args := append([]any{w.v.token, broken, r.options.TTL.Milliseconds()}, w.v.fields()...)
		return scriptCommit().Run(ctx, rdb, []string{r.keys.meta()}, args...).Text()
	})
}

// add takes a row into the batch.
func (w *writer) add(ctx context.Context, key, row []byte) error {
	if len(key) == 0 {
		w.v.nulls++
		return nil
	}
	if len(row) == 0 || len(key)+len(row) > maxRow {
		return fmt.Errorf("row %d takes %d bytes: in Redis a row has 1 byte to %d MiB", w.v.rows+w.v.nulls+1, len(row), maxRow>>20)
	}
	hash := hashOf(key)
	w.batch = append(w.batch, entry{hash, len(w.bytes), len(key), len(row)})
	w.bytes = append(append(w.bytes, key...), row...)
	w.v.add(key)
	w.counts[w.v.bucketOf(hash)]++
	w.v.rows++
	if len(w.batch) < batchRows && len(w.bytes) < batchBytes {
		return nil
	}
	return w.flush(ctx)
}

// call is what one script is given.
type call struct {
	buckets []string
	args    []any
	rows    int
	bytes   int
}

// flush sends the batch.
func (w *writer) flush(ctx context.Context) error {
	if len(w.batch) == 0 {
		return nil
	}
	w.sent.Store(true)
	slices.SortFunc(w.batch, func(a, b entry) int {
		if a.hash < b.hash {
			return -1
		}
		return 1
	})
	send, ctx := errgroup.WithContext(ctx)
	send.SetLimit(connections)
	for calls := range slices.Chunk(w.calls(), scriptsInPipeline) {
		send.Go(func() error {
			_, err := w.r.wire.pipeline(ctx, func(p redis.Pipeliner) {
				for _, c := range calls {
					p.EvalSha(ctx, scriptRows().Hash(), c.buckets, c.args...)
				}
			})
			return err
		})
	}
	err := send.Wait()
	w.batch, w.bytes = w.batch[:0], w.bytes[:0]
	return err
}

// calls cuts the sorted batch into what scripts take.
func (w *writer) calls() []*call {
	var all []*call
	last := -1
	var c *call
	var n int // index of the number of rows of the bucket in the arguments
	for _, e := range w.batch {
		bucket := w.v.bucketOf(e.hash)
		if c == nil || c.rows == scriptRowsAtOnce || c.bytes > scriptBytes {
			c, last = &call{args: []any{w.r.options.TTL.Milliseconds()}}, -1
			all = append(all, c)
		}
		if bucket != last {
			c.buckets = append(c.buckets, w.r.keys.bucket(w.v.token, bucket))
			n, last = len(c.args), bucket
			c.args = append(c.args, 0)
		}
		key := w.bytes[e.at : e.at+e.key]
		c.args = append(c.args, key, w.bytes[e.at+e.key:e.at+e.key+e.row])
		c.args[n] = c.args[n].(int) + 1
		c.rows++
		c.bytes += e.key + e.row
	}
	return all
}

// writeFilter writes the Bloom filter.
func (w *writer) writeFilter(ctx context.Context) error {
	for n := range w.v.pages {
		w.sent.Store(true)
		page := w.v.filter[n*pageSize : min(len(w.v.filter), (n+1)*pageSize)]
		_, err := try(ctx, w.r.wire, func(rdb *redis.Client) (string, error) {
			return rdb.Set(ctx, w.r.keys.page(w.v.token, n), page, w.r.options.TTL).Result()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// finish says of every bucket that it is whole. The error is a [DuplicateError], or errLost.
func (w *writer) finish(ctx context.Context) error {
	for first := 0; first < w.v.buckets; first += bucketsAtOnce * scriptsInPipeline {
		end := min(w.v.buckets, first+bucketsAtOnce*scriptsInPipeline)
		commands, err := w.r.wire.pipeline(ctx, func(p redis.Pipeliner) {
			for at := first; at < end; at += bucketsAtOnce {
				var buckets []string
				args := []any{w.r.options.TTL.Milliseconds()}
				for n := at; n < min(end, at+bucketsAtOnce); n++ {
					buckets = append(buckets, w.r.keys.bucket(w.v.token, n))
					args = append(args, w.counts[n])
				}
				p.EvalSha(ctx, scriptWhole().Hash(), buckets, args...)
			}
		})
		if err != nil {
			return err
		}
		for i, c := range commands {
			odd, err := c.(*redis.Cmd).Int64Slice()
			if err != nil {
				return err
			}
			if len(odd) > 0 {
				return w.explain(ctx, first+i*bucketsAtOnce+int(odd[0])-1)
			}
		}
	}
	return nil
}

// explain finds out why a bucket has fewer rows than were sent to it: because a key stands twice, or
// because the server has lost some.
func (w *writer) explain(ctx context.Context, bucket int) error {
	seen, row := map[string]int{}, -1
	var twice *DuplicateError
	err := w.r.options.Fill(ctx, func(key, _ []byte) error {
		row++
		if len(key) == 0 || w.v.bucketOf(hashOf(key)) != bucket {
			return nil
		}
		if first, ok := seen[string(key)]; ok {
			twice = &DuplicateError{slices.Clone(key), [2]int{first, row}}
			return twice
		}
		seen[string(key)] = row
		return nil
	})
	switch {
	case twice != nil:
		return twice
	case err != nil:
		return err
	}
	return errLost
}

// discard takes away what was written, as far as that is possible.
func (w *writer) discard(ctx context.Context) {
	if !w.sent.Load() {
		return
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), discardWithin)
	defer stop()
	var names []string
	flush := func() error {
		_, err := try(ctx, w.r.wire, func(rdb *redis.Client) (int64, error) { return rdb.Unlink(ctx, names...).Result() })
		names = names[:0]
		return err
	}
	for n := range w.v.pages {
		names = append(names, w.r.keys.page(w.v.token, n))
	}
	for n := range w.v.buckets {
		if names = append(names, w.r.keys.bucket(w.v.token, n)); len(names) < inPipeline {
			continue
		}
		if flush() != nil {
			return
		}
	}
	if len(names) > 0 {
		_ = flush()
	}
}
