package lookup

import (
	"context"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"
)

// renewals is how often a table is renewed in its time to live.
const renewals = 4

// renewing renews the time to live of what is read until ctx ends. What it does not manage, because the
// server is away, the next reader notices.
func (r *Replica) renewing(ctx context.Context) {
	for pause(ctx, r.options.TTL/renewals) == nil {
		v := r.current()
		if whole, err := r.renew(ctx, v); err == nil && !whole {
			r.mu.Lock()
			v.lost = true
			r.mu.Unlock()
		}
	}
}

// isLost says whether the renewal has found that some of a version is gone.
func (r *Replica) isLost(v *version) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return v.lost
}

// renew gives all keys of a version another time to live. It is whole if they are all
// there; pages of the filter may be missing.
func (r *Replica) renew(ctx context.Context, v *version) (whole bool, err error) {
	send, ctx := errgroup.WithContext(ctx)
	send.SetLimit(connections)
	var gone atomic.Bool
	for first := 0; first < v.buckets; first += inPipeline {
		send.Go(func() error {
			commands, err := r.wire.pipeline(ctx, func(p redis.Pipeliner) {
				for n := first; n < min(v.buckets, first+inPipeline); n++ {
					p.PExpire(ctx, r.keys.bucket(v.token, n), r.options.TTL)
				}
			})
			for _, c := range commands {
				if !c.(*redis.BoolCmd).Val() {
					gone.Store(true)
				}
			}
			return err
		})
	}
	send.Go(func() error {
		commands, err := r.wire.pipeline(ctx, func(p redis.Pipeliner) {
			p.PExpire(ctx, r.keys.meta(), r.options.TTL)
			for n := range v.pages {
				p.PExpire(ctx, r.keys.page(v.token, n), r.options.TTL)
			}
		})
		if err == nil && !commands[0].(*redis.BoolCmd).Val() {
			gone.Store(true)
		}
		return err
	})
	if err := send.Wait(); err != nil {
		return false, err
	}
	return !gone.Load(), nil
}
