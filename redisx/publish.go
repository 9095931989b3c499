package redisx

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/segq/segq/redisx/bloom"
)

// SegmentOptions say what to publish, in whose name, and how.
type SegmentOptions struct {
	// Kind is one of Kinds.
	Kind, Name string
	// Count is how many ids come: a Bloom filter has its size by it.
	Count int
	// Rows is how many profiles the data has: a bitmap has as many bits.
	Rows int
	// Snapshot is the fingerprint of the data.
	Snapshot string
	// Rate is how often a Bloom filter may take a foreign id for one of the segment.
	// Default 0.01.
	Rate float64
	// TTL is how long the segment stays; 0 until it is dropped.
	TTL time.Duration
}

// Publication writes one version of a segment. Nobody sees it before Commit. It is for
// one goroutine at a time.
type Publication struct {
	task    *Task
	options SegmentOptions
	key     string // of the data
	filter  bloom.Filter
	bits    []byte // of a Bloom filter, in Redis' order of bits
	entries int    // of a stream
	members []any  // that are not sent yet
}

const (
	// membersAtOnce is how many ids go in one command.
	membersAtOnce = 512
	// pendingMembers is how many go in one pipeline.
	pendingMembers = 16 * membersAtOnce
	// pageSize is how many bytes of bits go in one command.
	pageSize = 64 << 10
	// unpublishedFor is how long data stays that is written and not published.
	unpublishedFor = time.Hour
)

// Publish begins a version of a segment, for the tenant of the task. The data goes
// under a key of this attempt, so that another attempt does not mix with it.
func (t *Task) Publish(ctx context.Context, o SegmentOptions) (*Publication, error) {
	tenant := t.Command.Tenant
	if err := validSegment(tenant, o.Name); err != nil {
		return nil, err
	}
	if !slices.Contains(Kinds, o.Kind) {
		return nil, fmt.Errorf("%q is not a kind of segment: use %s", o.Kind, strings.Join(Kinds, ", "))
	}
	if o.Rate == 0 {
		o.Rate = 0.01
	}
	p := &Publication{task: t, options: o, key: t.worker.client.keys.segment(tenant, o.Name) + ":" + t.token}
	switch o.Kind {
	case "bloom":
		filter, err := bloom.New(o.Count, o.Rate)
		if err != nil {
			return nil, err
		}
		p.filter, p.bits = filter, make([]byte, filter.Bits/8)
	case "bitmap":
		if o.Rows > bloom.MaxBits {
			return nil, fmt.Errorf("%d profiles: a bitmap in Redis has at most %d bits", o.Rows, uint64(bloom.MaxBits))
		}
		if o.Rows > 0 {
			// The last bit gives the string its length.
			return p, p.send(ctx, func(r redis.Pipeliner) { r.SetBit(ctx, p.key, int64(o.Rows-1), 0) })
		}
	}
	return p, nil
}

// Add takes in ids of the segment, of any kind but bitmap.
func (p *Publication) Add(ctx context.Context, ids []string) error {
	if p.options.Kind == "bloom" {
		for _, id := range ids {
			p.filter.Positions(id, func(i uint64) { p.bits[i>>3] |= 0x80 >> (i & 7) })
		}
		return nil
	}
	for _, id := range ids {
		p.members = append(p.members, id)
		if len(p.members) == pendingMembers {
			if err := p.flush(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush sends the ids that are pending.
func (p *Publication) flush(ctx context.Context) error {
	if len(p.members) == 0 {
		return nil
	}
	defer func() { p.members = p.members[:0] }()
	if p.options.Kind == "stream" {
		return p.flushStream(ctx)
	}
	return p.send(ctx, func(r redis.Pipeliner) {
		for part := range slices.Chunk(p.members, membersAtOnce) {
			if p.options.Kind == "hll" {
				r.PFAdd(ctx, p.key, part...)
			} else {
				r.SAdd(ctx, p.key, part...)
			}
		}
	})
}

// flushStream adds an entry for each id. Entries are numbered: one that is sent again,
// because its reply was lost, is refused.
func (p *Publication) flushStream(ctx context.Context) error {
	return p.send(ctx, func(r redis.Pipeliner) {
		for _, id := range p.members {
			p.entries++
			r.XAdd(ctx, &redis.XAddArgs{Stream: p.key, ID: fmt.Sprintf("%d-0", p.entries), Values: []any{"id", id}})
		}
	})
}

// AddRows takes in profiles of the segment by their number: bit j of word i is profile
// start + 64 i + j. start is a multiple of 8.
func (p *Publication) AddRows(ctx context.Context, start int, words []uint64) error {
	page := make([]byte, 0, 8*len(words))
	for _, w := range words {
		// Redis counts the bits of a byte from the most significant.
		w = bits.ReverseBytes64(bits.Reverse64(w))
		for shift := 0; shift < 64; shift += 8 {
			page = append(page, byte(w>>shift))
		}
	}
	page = page[:min(len(page), max(0, (p.options.Rows-start+7)/8))]
	return p.setPage(ctx, start/8, page)
}

// setPage writes bytes of the data at an offset, unless all are 0.
func (p *Publication) setPage(ctx context.Context, at int, page []byte) error {
	if !slices.ContainsFunc(page, func(b byte) bool { return b != 0 }) {
		return nil
	}
	return p.send(ctx, func(r redis.Pipeliner) { r.SetRange(ctx, p.key, int64(at), string(page)) })
}

// send runs commands of one pipeline, each of which may be sent twice, and lets the data
// live on.
func (p *Publication) send(ctx context.Context, add func(redis.Pipeliner)) error {
	r := p.task.worker.client.bulk.Pipeline()
	add(r)
	r.PExpire(ctx, p.key, unpublishedFor)
	commands, err := r.Exec(ctx)
	if err == nil {
		return nil
	}
	for _, c := range commands {
		if e := c.Err(); e != nil && !strings.Contains(e.Error(), "equal or smaller") {
			return fmt.Errorf("cannot publish %s: %w", p.options.Name, e)
		}
	}
	return nil
}

// Commit puts the version in the place of the one before. The error is ErrLeaseLost
// when another attempt has the job.
func (p *Publication) Commit(ctx context.Context) (Segment, error) {
	if err := p.flush(ctx); err != nil {
		return Segment{}, err
	}
	// The filter goes as a whole, in pages: a SETBIT for each bit takes many times as
	// long (BenchmarkPublishBloom).
	for at := 0; at < len(p.bits); at += pageSize {
		if err := p.setPage(ctx, at, p.bits[at:min(at+pageSize, len(p.bits))]); err != nil {
			return Segment{}, err
		}
	}
	o := p.options
	s := Segment{
		Tenant: p.task.Command.Tenant, Name: o.Name, Kind: o.Kind, Count: o.Count, Snapshot: o.Snapshot,
		Version: p.task.token, Job: p.task.Command.ID,
	}
	switch o.Kind {
	case "bloom":
		s.Bits, s.Hashes = p.filter.Bits, p.filter.Hashes
	case "bitmap":
		s.Bits = uint64(o.Rows)
	}
	answer, err := p.task.run(ctx, scriptPublish, s.Tenant, o.Name, o.TTL.Milliseconds(),
		"kind", s.Kind, "count", s.Count, "snapshot", s.Snapshot, "bits", s.Bits, "hashes", s.Hashes)
	switch {
	case err != nil:
		return Segment{}, fmt.Errorf("cannot publish %s: %w", o.Name, err)
	case answer == "FENCED":
		return Segment{}, errors.Join(ErrLeaseLost, p.Discard(ctx))
	case answer == "NODATA":
		return Segment{}, fmt.Errorf("cannot publish %s: its data is gone", o.Name)
	}
	s.At = millis(answer)
	return s, nil
}

// Discard takes away what was written, unless it was committed: after a Commit that has
// failed either may be.
func (p *Publication) Discard(ctx context.Context) error {
	c := p.task.worker.client
	return c.run(ctx, c.bulk, scriptDiscard, p.task.Command.Tenant, p.options.Name, p.task.token).Err()
}
