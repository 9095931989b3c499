package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/lang/check"
)

// alone measures what has no counterpart in the peers, over a batch of 1000 rules.
func (s *segq) alone(ctx context.Context, c *config, r *report, table, file string) error {
	tree, one := flatRules(1000), flatSingles()[0].statements
	if table == "events" {
		tree, one = eventRules(1000), eventSingles()[1].statements
	}
	rules := statements(tree)
	tests, different := atoms(tree)
	r.figure("%s, %d rules: %d tests, %d of them different", table, len(tree), tests, different)
	for _, measure := range []func() error{
		func() error { return s.compiling(ctx, c, r, table, rules) },
		func() error { return s.beside(ctx, r, table, one, rules) },
		func() error { return s.scaling(ctx, c, r, table, rules) },
		func() error { return eachTier(ctx, c, r, table) },
	} {
		if err := measure(); err != nil {
			return err
		}
	}
	return nil
}

// median runs f some times.
func median(n int, f func() error) (time.Duration, error) {
	var times []time.Duration
	for range n {
		start := time.Now()
		if err := f(); err != nil {
			return 0, err
		}
		times = append(times, time.Since(start))
	}
	return summary(work{}, times), nil
}

// compiling measures what comes before the scan.
func (s *segq) compiling(ctx context.Context, c *config, r *report, table string, rules []statement) error {
	var queries []*check.Query
	checked, err := median(c.repeat, func() error {
		b, err := s.compile(rules)
		queries = queries[:0]
		for _, q := range b.Queries {
			queries = append(queries, q.Typed)
		}
		return err
	})
	if err != nil {
		return err
	}
	planned, err := median(c.repeat, func() error {
		_, err := plan.New(ctx, queries, s.Snapshot(), now)
		return err
	})
	r.figure("%s, %d rules: parse and check %s, plan %s", table, len(rules), shown(checked), shown(planned))
	return err
}

// beside measures one query alone, and beside a batch that is run again and again.
func (s *segq) beside(ctx context.Context, r *report, table string, one, rules []statement) error {
	quiet, err := s.nowAndThen(ctx, one)
	if err != nil {
		return err
	}
	background, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for background.Err() == nil {
			// It ends with the error of its context.
			_, _ = s.counts(background, rules)
		}
	}()
	busy, err := s.nowAndThen(ctx, one)
	stop()
	<-ended
	if err != nil {
		return err
	}
	r.figure("%s, one query `%s`: alone %s, beside a batch of %d rules %s (slowest of %d: %s, and %s)",
		table, one[0].pql, shown(summary(work{}, quiet)), len(rules), shown(summary(work{}, busy)), len(busy), shown(slices.Max(quiet)), shown(slices.Max(busy)))
	return nil
}

// nowAndThen times rules as a person asks them: the pauses are the
// person's, and keep no step with anything that is done each so many milliseconds.
func (s *segq) nowAndThen(ctx context.Context, rules []statement) ([]time.Duration, error) {
	var times []time.Duration
	for range 50 {
		time.Sleep(23 * time.Millisecond)
		start := time.Now()
		if _, err := s.counts(ctx, rules); err != nil {
			return nil, err
		}
		times = append(times, time.Since(start))
	}
	return times, nil
}

// scaling measures a batch with one thread and with all.
func (s *segq) scaling(ctx context.Context, c *config, r *report, table string, rules []statement) error {
	var took [2]time.Duration
	for i, threads := range []int{1, c.threads} {
		engine := s.withThreads(threads)
		defer engine.Close()
		var err error
		took[i], err = median(c.repeat, func() error {
			_, err := engine.counts(ctx, rules)
			return err
		})
		if err != nil {
			return err
		}
	}
	r.figure("%s, %d rules: 1 thread %s, %d threads %s, %.2f times as fast",
		table, len(rules), shown(took[0]), c.threads, shown(took[1]), float64(took[0])/float64(took[1]))
	return nil
}

// eachTier measures the batches in each tier of kernels, each in a process of its own:
// the tier is chosen when a process starts.
func eachTier(ctx context.Context, c *config, r *report, table string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, tier := range kernel.Tiers() {
		cmd := exec.CommandContext(ctx, self, "-tier", "-only", table, "-dir", c.dir, fmt.Sprintf("-rows=%d", c.rows),
			fmt.Sprintf("-events-rows=%d", c.eventRows), fmt.Sprintf("-threads=%d", c.threads), fmt.Sprintf("-repeat=%d", c.repeat))
		cmd.Env = append(os.Environ(), "SEGQ_KERNEL="+tier)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("tier %s: %w", tier, err)
		}
		r.figure("kernels %s: %s", tier, strings.TrimSpace(string(out)))
	}
	return nil
}
