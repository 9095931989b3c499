//go:build unix

package main

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/redisx/redistest"
)

func TestMain(m *testing.M) {
	if isWorker() {
		workerMain()
		return
	}
	// The runs wait for their faults: three at a time, on any machine.
	flag.Parse()
	_ = flag.Set("test.parallel", "8")
	os.Exit(m.Run())
}

// short is a run for every change; the command makes longer ones.
func short(t *testing.T, o options) *verdict {
	t.Helper()
	o.jobs, o.duration, o.patience, o.server = 100, 5*time.Second, time.Minute, "redis-server"
	v, err := run(t.Context(), o, t.Output())
	if errors.Is(err, errNoServer) {
		err = redistest.ErrNone
	}
	redistest.Need(t, err)
	return v
}

func TestNothingBreaks(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]options{"redis": {seed: 1}, "embedded": {seed: 2, embedded: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if v := short(t, o); v.broken() > 0 {
				t.Errorf("invariants are broken %d times", v.broken())
			}
		})
	}
}

// TestTheHarnessHasTeeth takes a guard out. That breaks something only when a
// worker wakes up at the wrong moment: one run in three must see it.
func TestTheHarnessHasTeeth(t *testing.T) {
	t.Parallel()
	for guard := range guards {
		t.Run(guard, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(3) {
				if v := short(t, options{seed: seed + 1, embedded: true, open: guard}); v.broken() > 0 {
					return
				}
			}
			t.Error("without it, nothing broke")
		})
	}
}

// TestVerdicts holds the count against a run that went wrong in every way.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	one := []string{"j1"}
	v := &verdict{faults: &faults{}, lost: one, twice: one, wrong: one, counters: one, results: one, leaks: one, mixed: one}
	if v.broken() != 7 || strings.Count(v.String(), "1   j1") != 7 {
		t.Errorf("%d findings:\n%s", v.broken(), v)
	}
}
