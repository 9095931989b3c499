//go:build unix

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/segq/segq/redisx"
)

// verdict is what a run found. The invariants are the numbers from lost on.
type verdict struct {
	jobs           int
	faults         *faults
	took           time.Duration // until all jobs had ended, after the last fault
	states         map[redisx.State]int
	runs           int   // attempts of all jobs
	shared         int   // jobs that ended with the run of another
	again          int   // jobs that Redis forgot and that were submitted again
	changes, moves int   // of the data, from claim to claim and in the queue
	stuck          error // why the workers do not agree in the end, nil when they do
	looks          int   // how often all counters were looked at while jobs ran

	lost     []string // never ended, or unknown
	twice    []string // more than one end
	wrong    []string // another state than it should have
	counters []string // wrong counters
	results  []string // wrong or missing results
	leaks    []string // what the audit finds
	mixed    []string // answers from different data in turn
}

// broken is the number of findings against the invariants.
func (v *verdict) broken() int {
	n := 0
	for _, list := range [][]string{v.lost, v.twice, v.wrong, v.counters, v.results, v.leaks, v.mixed} {
		n += len(list)
	}
	return n
}

// await waits until all jobs have ended, and brings back workers that poison kills. What
// a Redis without a log has forgotten is submitted again, under the same ids, as its
// clients would.
func (v *verdict) await(ctx context.Context, c *cluster, jobs []job, o options) error {
	began := time.Now()
	last := "0"
	for time.Since(began) < o.patience && ctx.Err() == nil {
		c.revive()
		all, err := c.states(ctx, jobs)
		if err != nil {
			return err
		}
		for i, j := range all {
			if o.noAOF && j.State == redisx.Lost {
				v.again++
				if err := insist(ctx, func() error { return c.send(ctx, jobs[i]) }); err != nil {
					return err
				}
			}
		}
		if !slices.ContainsFunc(all, func(j redisx.Job) bool { return !j.State.Final() || j.State == redisx.Lost }) {
			break
		}
		last = c.nextEnd(ctx, last)
	}
	v.took = time.Since(began)
	for _, w := range c.workers {
		c.faults.lost += int64(w.proxy.lost.Load())
	}
	return ctx.Err()
}

// nextEnd waits for the end of a job after the last one that was heard of, but not for long,
// since a worker may have died meanwhile, and gives the last one.
func (c *cluster) nextEnd(ctx context.Context, last string) string {
	// Without an answer, all jobs are looked at, which says what is wrong.
	ends, err := c.redis.XRead(ctx, &redis.XReadArgs{Streams: []string{prefix + "ev", last}, Block: lease / 10}).Result()
	if err != nil || len(ends) == 0 || len(ends[0].Messages) == 0 {
		return last
	}
	return ends[0].Messages[len(ends[0].Messages)-1].ID
}

// watch looks at the counters of all jobs while they run, until ctx ends: what a
// client is shown must never be more than there is. While Redis is away there is
// nothing to see.
func (v *verdict) watch(ctx context.Context, c *cluster, jobs []job) {
	seen := map[string]bool{}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		all, err := c.states(ctx, jobs)
		if err != nil {
			continue
		}
		v.looks++
		for _, j := range all {
			if tooMuch(j.Command.Query, j.Partitions) && !seen[j.ID] {
				seen[j.ID] = true
				v.counters = append(v.counters, fmt.Sprintf("%s showed %v", j.ID, j.Partitions))
			}
		}
	}
}

// tooMuch says whether counters tell of more than there is.
func tooMuch(query string, got []redisx.Partition) bool {
	rows := rowsOf(query)
	for i, p := range got {
		if i >= len(rows) || p.Rows > rows[i] || p.Matched > matchedOf(p.Rows) {
			return true
		}
	}
	return false
}

// states reads all jobs.
func (c *cluster) states(ctx context.Context, jobs []job) ([]redisx.Job, error) {
	var out []redisx.Job
	for part := range slices.Chunk(jobs, 200) {
		ids := make([]string, len(part))
		for i, j := range part {
			ids[i] = j.id
		}
		got, err := c.client.Status(ctx, ids...)
		if err != nil {
			return nil, err
		}
		out = append(out, got...)
	}
	return out, nil
}

// judge looks at every job and at the whole namespace.
func (v *verdict) judge(ctx context.Context, c *cluster, jobs []job) error {
	all, err := c.states(ctx, jobs)
	if err != nil {
		return err
	}
	s, err := c.client.Stats(ctx)
	if err != nil {
		return err
	}
	v.judgeData(all, s.Counted["moved"], c.forgets)
	if v.stuck != nil {
		v.mixed = append(v.mixed, v.stuck.Error())
	}
	v.states = map[redisx.State]int{}
	for i, j := range all {
		v.states[j.State]++
		v.runs += j.Attempt
		if j.Source != "" {
			v.shared++
		}
		v.judgeJob(ctx, c, jobs[i], j)
	}
	ends, err := c.redis.XRange(ctx, prefix+"ev", "-", "+").Result()
	if err != nil {
		return err
	}
	seen := map[string]int{}
	for _, e := range ends {
		id := fmt.Sprint(e.Values["id"])
		if seen[id]++; seen[id] == 2 {
			v.twice = append(v.twice, id)
		}
	}
	v.leaks, err = c.client.Audit(ctx)
	return err
}

// judgeJob holds one job against what is known of it from its id.
func (v *verdict) judgeJob(ctx context.Context, c *cluster, want job, got redisx.Job) {
	if !got.State.Final() || got.State == redisx.Lost {
		v.lost = append(v.lost, want.id)
		return
	}
	expected := redisx.Done
	if want.kind == kindPoison {
		expected = redisx.Dead
	}
	if want.kind == kindPinned {
		if overOther(got) {
			v.mixed = append(v.mixed, fmt.Sprintf("%s asked for %s and is %s over %s: %s", want.id, got.Command.Snapshot, got.State, got.Snapshot, got.Error))
		}
		expected = got.State
	}
	if got.State != expected && (got.State != redisx.Cancelled || !want.cancel) {
		v.wrong = append(v.wrong, fmt.Sprintf("%s (%s) is %s: %s", want.id, want.kind, got.State, got.Error))
	}
	if got.State != redisx.Done {
		return
	}
	if !rightCounters(want.query(), got.Partitions) {
		v.counters = append(v.counters, fmt.Sprintf("%s has %v", want.id, got.Partitions))
	}
	if result, err := c.client.Result(ctx, got); err != nil || string(result) != resultOf(want.query(), got.Snapshot) {
		v.results = append(v.results, fmt.Sprintf("%s has %d bytes, %v", want.id, len(result), err))
	}
}

func rightCounters(query string, got []redisx.Partition) bool {
	rows := rowsOf(query)
	if len(got) != len(rows) {
		return false
	}
	for i, n := range rows {
		got[i].Elapsed = 0
		if got[i] != (redisx.Partition{Done: true, Rows: n, Total: n, Matched: matchedOf(n)}) {
			return false
		}
	}
	return true
}

// String returns the numbers, and the first findings of each kind.
func (v *verdict) String() string {
	var b strings.Builder
	f := v.faults
	fmt.Fprintf(&b, "jobs %d, submitted again %d, attempts %d, shared runs %d, states %v\n", v.jobs, v.again, v.runs, v.shared, v.states)
	fmt.Fprintf(&b, "workers killed %d, brought back %d, stopped %d; black holes %d; replies lost %d; Redis killed %d; spared %d\n",
		f.kills, f.poisoned, f.stops, f.holes, f.lost, f.restarts, f.spared)
	fmt.Fprintf(&b, "data replaced %d times; the queue moved %d times, and claims changed their data %d times\n", f.reloads, v.moves, v.changes)
	fmt.Fprintf(&b, "counters looked at %d times; fenced %d; all ended %v after the last fault\n", v.looks, f.fenced.Load(), v.took.Round(time.Millisecond))
	for _, line := range []struct {
		name string
		list []string
	}{
		{"lost", v.lost}, {"finished twice", v.twice}, {"wrong ends", v.wrong},
		{"wrong counters", v.counters}, {"wrong results", v.results}, {"leaks", v.leaks}, {"mixed data", v.mixed},
	} {
		fmt.Fprintf(&b, "%-15s %d", line.name, len(line.list))
		if n := len(line.list); n > 0 {
			fmt.Fprintf(&b, "   %s", strings.Join(line.list[:min(n, 3)], "; "))
		}
		b.WriteByte('\n')
	}
	return b.String()
}
