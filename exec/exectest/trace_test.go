package exectest_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/exec/trace"
	"github.com/segq/segq/lang/check"
)

// TestTrace runs the scripts on traces: what a trace says of a profile is what the language means, clause by clause.
func TestTrace(t *testing.T) { exectest.Run(t, "testdata", traced{t}) }

// TestTraceAgreesWithTheReference traces drawn queries.
func TestTraceAgreesWithTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		snap := profiles(t)
		for range 4 {
			text := conditions(t, 3)
			got, err := traced{t}.Match(snap, compile(t, snap, text), lawNow)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if want := matched(t, snap, text); !slices.Equal(got, want) {
				t.Errorf("%s\nholds for %v, by the reference for %v", text, got, want)
			}
		}
	})
}

// traced finds the profiles for which the tree of a trace is true, over columns of which only those are resident that a
// trace says it reads.
type traced struct {
	t interface {
		Errorf(format string, args ...any)
	}
}

func (e traced) Match(snap *column.Snapshot, q *check.Query, now time.Time) ([]string, error) {
	reads := trace.Reads(q, snap.Schema)
	if snap.ID != nil {
		reads.Field(snap.ID.Name).All = true
	}
	s, release, err := exectest.Partial(snap).Load(context.Background(), reads, nil)
	if err != nil {
		return nil, err
	}
	defer release()
	var in []string
	for row := range s.Rows() {
		c, err := trace.Of(q, s, now, row, nil)
		if err != nil {
			return nil, err
		}
		if err := consistent(c); err != nil {
			e.t.Errorf("%s of %s: %v", q.Canonical, resident.ProfileID(snap, row), err)
		}
		if c.Verdict == trace.True {
			in = append(in, resident.ProfileID(snap, row))
		}
	}
	return in, nil
}

// consistent says in which clause the verdict does not follow from what is below it.
func consistent(c *trace.Clause) error {
	below := c.Of
	for _, l := range c.Lists {
		for _, e := range l.Nearest {
			held := !e.Early
			for _, p := range e.Parts {
				held = held && p.Verdict == trace.True
				below = append(below[:len(below):len(below)], p)
			}
			if e.Holds && !held {
				return fmt.Errorf("%s: an element holds of which a part does not", c.Kind)
			}
			if e.Holds && l.Held == 0 {
				return fmt.Errorf("%s: an element holds, and none is counted", c.Kind)
			}
		}
	}
	for _, b := range below {
		if err := consistent(b); err != nil {
			return err
		}
	}
	if c.Cut {
		return nil
	}
	return consistentAlone(c)
}

func consistentAlone(c *trace.Clause) error {
	all, any := true, false
	for _, b := range c.Of {
		all, any = all && b.Verdict == trace.True, any || b.Verdict == trace.True
	}
	want := c.Verdict == trace.True
	switch c.Kind {
	case trace.And, trace.Chain:
		want = all
	case trace.Or:
		want = any
	case trace.Not:
		want = !all
	case trace.Segment:
		want = want && len(c.Of) == 0 || any
	case trace.Step:
		want = c.Taken == c.Wanted
	case trace.List:
		if c.Verdict == trace.Null {
			return fmt.Errorf("a list is null")
		}
	}
	if want != (c.Verdict == trace.True) {
		return fmt.Errorf("%s is %s, which does not follow from what is below it", c.Kind, c.Verdict)
	}
	return nil
}
