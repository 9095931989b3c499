//go:build unix

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/segq/segq/redisx/scripts"
)

// faults counts what was done to the cluster.
type faults struct {
	kills, poisoned, stops, holes, restarts, spared, reloads int
	lost                                                     int64
	fenced                                                   atomic.Int64
}

// torment chooses faults until ctx ends, with times between them that it draws too.
func (c *cluster) torment(ctx context.Context, random *rand.Rand) {
	for ctx.Err() == nil {
		w := c.workers[random.IntN(workers)]
		// All numbers are drawn before anything is looked at: the order of faults
		// depends on the seed alone.
		what, long, data := random.IntN(20), random.Float64(), random.IntN(6)
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(50+random.IntN(200)) * time.Millisecond):
		}
		c.revive()
		if stops := what >= 6 && what < 10; stops {
			w = c.busiest(ctx, w)
		}
		if what < 19 && c.fragile(ctx, w) {
			c.faults.spared++
			continue
		}
		if data < 2 { // the fault comes while the queue moves
			if err := c.renew(w, data == 0); err != nil {
				return
			}
			pause(ctx, time.Duration(long*float64(4*time.Millisecond)))
		}
		switch {
		case what < 6:
			c.faults.kills++
			w.signal(syscall.SIGKILL)
		case what < 10:
			c.faults.stops++
			w.signal(syscall.SIGSTOP)
			pause := time.Duration((1.5 + 1.5*long) * float64(lease))
			time.AfterFunc(pause, func() { w.signal(syscall.SIGCONT) })
		case what < 16:
			w.proxy.cut.Add(int32(1 + 3*long))
		case what < 19:
			c.faults.holes++
			w.proxy.hole.Store(time.Now().Add(time.Duration(long * 1.5 * float64(lease))).UnixNano())
		default:
			c.restart(ctx)
		}
	}
}

// pause waits for d or the end of ctx.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// busiest returns the worker that runs most jobs, or else w: when that is stopped, its
// leases run out, and it wakes up in the belief that it has them.
func (c *cluster) busiest(ctx context.Context, w *worker) *worker {
	ids, err := c.redis.ZRange(ctx, prefix+"lease", 0, -1).Result()
	if err != nil {
		return w
	}
	running, most := map[string]int{}, 0
	for _, id := range ids {
		running[c.redis.HGet(ctx, prefix+"job:"+id, "owner").Val()]++
	}
	for _, each := range c.workers {
		if n := running[each.name()]; n > most {
			w, most = each, n
		}
	}
	return w
}

// restart kills the broker and starts it again.
func (c *cluster) restart(ctx context.Context) {
	able, err := c.broker.restart()
	if !able || err != nil {
		return
	}
	c.faults.restarts++
	if c.opened != "" {
		// A server that was started again has no scripts.
		_ = c.open(ctx, c.workers[0].proxy)
	}
}

// fragile says whether a worker runs an innocent job alone that was lost with its
// worker while it ran alone before. Three such losses are what the protocol takes
// for the proof of poison: it is not for the harness to make that up.
func (c *cluster) fragile(ctx context.Context, w *worker) bool {
	for _, id := range c.redis.SMembers(ctx, prefix+"alone").Val() {
		f, err := c.redis.HMGet(ctx, prefix+"job:"+id, "owner", "crashes", "payload").Result()
		if err != nil || len(f) != 3 {
			continue
		}
		payload, _ := f[2].(string)
		if f[0] == w.name() && f[1] != "0" && !strings.Contains(payload, kindPoison) {
			return true
		}
	}
	return false
}

// revive starts workers in the places of those that are dead.
func (c *cluster) revive() {
	for _, w := range c.workers {
		if w.dead() {
			// When it cannot be started now, it is tried at the next turn.
			_ = w.start()
			c.faults.poisoned++
		}
	}
}

// heal ends all faults. The workers run on; who is killed by poison from now on is
// brought back by await. The error is that the broker has not come back.
func (c *cluster) heal(ctx context.Context) error {
	for _, w := range c.workers {
		w.signal(syscall.SIGCONT)
		w.proxy.cut.Store(0)
		w.proxy.hole.Store(0)
	}
	return c.redis.Ping(ctx).Err()
}

// guards are what can be taken out of a script, each between two comments.
var guards = map[string]string{"fence": "finish", "agreement": "claim"}

// open lets a proxy name another script than the workers do: one without the guard that is to be
// taken out.
func (c *cluster) open(ctx context.Context, p *proxy) error {
	whole := scripts.Source(guards[c.opened])
	before, rest, found := strings.Cut(whole, "-- The "+c.opened+".")
	_, behind, closed := strings.Cut(rest, "-- Behind the "+c.opened+".")
	if !found || !closed {
		return fmt.Errorf("the script %s has no %s to take out", guards[c.opened], c.opened)
	}
	without := redis.NewScript(before + behind)
	p.from, p.to = []byte(redis.NewScript(whole).Hash()), []byte(without.Hash())
	return without.Load(ctx, c.redis).Err()
}
