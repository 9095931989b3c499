package redisx

import (
	"context"
	"testing"
)

// What a worker says of its data is there while it lives, and again after Redis has lost
// it; the next worker's takes its place.
func TestSchemaIsPublished(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		ctx := t.Context()
		if data, err := c.Schema(ctx); data != nil || err != nil {
			t.Fatalf("before there is a worker: %q, %v", data, err)
		}
		w := NewWorker(c, finishAll(), WorkerOptions{Schema: []byte("one")})
		published := func(want string) {
			t.Helper()
			if data, err := c.Schema(ctx); string(data) != want || err != nil {
				t.Errorf("published %q, %v, want %q", data, err, want)
			}
		}
		w.introduce(ctx)
		published("one")
		if err := c.control.Del(ctx, c.keys.schema()).Err(); err != nil {
			t.Fatal(err)
		}
		w.beat(ctx)
		published("one")
		NewWorker(c, finishAll(), WorkerOptions{Schema: []byte("two")}).introduce(ctx)
		published("two")
		w.beat(ctx)
		published("two")
		if ttl := c.control.PTTL(ctx, c.keys.schema()).Val(); ttl <= 0 || ttl > announced {
			t.Errorf("it stays for %v", ttl)
		}
		NewWorker(c, finishAll(), WorkerOptions{}).introduce(context.WithoutCancel(ctx))
		published("two")
	})
}

// TestAnnounce: a worker changes what it has said, and not what another has said since.
func TestAnnounce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		said := func() string {
			data, err := c.Schema(t.Context())
			if err != nil {
				t.Error(err)
			}
			return string(data)
		}
		first := NewWorker(c, finishAll(), WorkerOptions{Schema: []byte("first")})
		first.publishSchema(t.Context(), true)
		if err := first.Announce(t.Context(), []byte("first, more")); err != nil || said() != "first, more" {
			t.Errorf("%s (%v)", said(), err)
		}
		NewWorker(c, finishAll(), WorkerOptions{Schema: []byte("second")}).publishSchema(t.Context(), true)
		if err := first.Announce(t.Context(), []byte("first, all")); err != nil || said() != "second" {
			t.Errorf("%s (%v)", said(), err)
		}
		c.control.Del(t.Context(), c.keys.schema())
		if first.publishSchema(t.Context(), false); said() != "first, all" {
			t.Errorf("%s after Redis has lost it", said())
		}
	})
}
