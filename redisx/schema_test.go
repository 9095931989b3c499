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
