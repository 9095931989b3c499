package redisx

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/segq/segq/redisx/bloom"
)

// afterPublish is a hook that does something as soon as Redis has answered the script that
// publishes.
type afterPublish struct {
	redis.Hook
	do func()
}

func (h afterPublish) DialHook(next redis.DialHook) redis.DialHook { return next }

func (h afterPublish) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (h afterPublish) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		if err == nil && (strings.Contains(cmd.String(), scriptPublish().Hash()) || strings.Contains(cmd.String(), "-- publish puts")) {
			h.do()
		}
		return err
	}
}

// TestWhatIsPublishedIsNotDiscarded: what comes after the swap can fail, and must not take
// the data away that is the segment's by then.
func TestWhatIsPublishedIsNotDiscarded(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		for _, id := range []string{"j1", "j2"} {
			ctx, cancel := context.WithCancel(t.Context())
			c.control.AddHook(afterPublish{do: cancel})
			p, err := attempt(t, c, id, time.Minute).Publish(ctx, SegmentOptions{Kind: "bloom", Name: "gold", Count: 3})
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Add(ctx, []string{"a", "b", id}); err != nil {
				t.Fatal(err)
			}
			s, err := p.Commit(ctx)
			if err != nil || ctx.Err() == nil || s.Count != 3 || time.Since(s.At).Abs() > time.Hour {
				t.Errorf("%+v, %v", s, err)
			}
			if err := p.Discard(t.Context()); err != nil { // as who does not know better
				t.Error(err)
			}
			if got, err := c.Member(t.Context(), "a", "gold", "a", "b", id, "x"); fmt.Sprint(got) != "[true true true false]" || err != nil {
				t.Errorf("%v, %v", got, err)
			}
		}
		// One that was discarded is not published by what comes late.
		p, err := attempt(t, c, "j3", time.Minute).Publish(t.Context(), SegmentOptions{Kind: "set", Name: "gold", Count: 1})
		if err := errors.Join(err, p.Add(t.Context(), []string{"c"}), p.flush(t.Context()), p.Discard(t.Context())); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Commit(t.Context()); err == nil {
			t.Error("a segment without its data is published")
		}
		if got, err := c.Member(t.Context(), "a", "gold", "a", "b"); fmt.Sprint(got) != "[true true]" || err != nil {
			t.Errorf("%v, %v", got, err)
		}
		audit(t, c)
	})
}

// BenchmarkPublishBloom compares the two ways of writing a filter of 100,000 ids: in
// pages, as it is done, and bit by bit.
func BenchmarkPublishBloom(b *testing.B) {
	needReal(b)
	c, err := Open(b.Context(), Options{URL: realURL, Namespace: "bench-bloom"})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	ids := named("p", 100_000)
	b.Run("setrange", func(b *testing.B) {
		task := attempt(b, c, fmt.Sprint("j", time.Now().UnixNano()), time.Hour)
		for b.Loop() {
			publish(b, task, SegmentOptions{Kind: "bloom", Name: "gold"}, ids)
		}
		b.ReportMetric(float64(b.N*len(ids))/b.Elapsed().Seconds(), "ids/s")
	})
	b.Run("setbit", func(b *testing.B) {
		filter, err := bloom.New(len(ids), 0.01)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			for part := range slices.Chunk(ids, 512) {
				p := c.bulk.Pipeline()
				for _, id := range part {
					filter.Positions(id, func(i uint64) { p.SetBit(b.Context(), "bench-bits", int64(i), 1) })
				}
				if _, err := p.Exec(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(b.N*len(ids))/b.Elapsed().Seconds(), "ids/s")
		c.bulk.Del(b.Context(), "bench-bits")
	})
}
