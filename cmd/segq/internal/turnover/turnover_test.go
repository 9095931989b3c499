package turnover

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"pgregory.net/rapid"
)

// side deals ids out to buckets.
func side(ids []string, buckets int) Side {
	return func(i int) (some []string, err error) {
		for _, id := range ids {
			if len(id)%buckets == i {
				some = append(some, id)
			}
		}
		return some, nil
	}
}

// TestCompare: who entered, left and stayed is what sets say, whatever the order of the ids, and however often they come.
func TestCompare(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOf(rapid.StringMatching(`[ab]{0,4}`))
		before, now := some.Draw(t, "before"), some.Draw(t, "now")
		was, is := map[string]bool{}, map[string]bool{}
		for _, id := range before {
			was[id] = true
		}
		var want Turnover
		wanted := map[string]bool{}
		for _, id := range now {
			is[id] = true
		}
		for id := range was {
			if is[id] {
				want.Stayed++
			} else {
				want.Left++
				wanted[id] = false
			}
		}
		want.Before, want.Now, want.Entered = len(was), len(is), len(is)-want.Stayed
		for id := range is {
			if !was[id] {
				wanted[id] = true
			}
		}
		buckets := rapid.IntRange(1, 4).Draw(t, "buckets")
		changed := map[string]bool{}
		got, err := Compare(t.Context(), buckets, side(before, buckets), side(now, buckets), func(id string, entered bool) error {
			changed[id] = entered
			return nil
		})
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
		if diff := cmp.Diff(wanted, changed); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// TestCompareEnds: who is stopped, or cannot read or write, says so.
func TestCompareEnds(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	bad := func(int) ([]string, error) { return nil, broken }
	good := side([]string{"a"}, 1)
	none := side(nil, 1)
	for _, c := range []struct {
		before, now Side
		write       error
	}{{bad, good, nil}, {good, bad, nil}, {good, none, broken}} {
		if _, err := Compare(t.Context(), 1, c.before, c.now, func(string, bool) error { return c.write }); !errors.Is(err, broken) {
			t.Errorf("%v", err)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(broken)
	if _, err := Compare(ctx, 1, good, good, nil); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// TestSample: a sample has as many as are wanted, the same in any order, and others with another seed.
func TestSample(t *testing.T) {
	t.Parallel()
	var ids []string
	for i := range 1000 {
		ids = append(ids, fmt.Sprint(i))
	}
	drawn := func(seed uint64) ([]string, []string) {
		s := NewSample(10, seed)
		for _, id := range ids {
			s.Add(id, true)
		}
		s.Add("gone", false)
		return s.IDs()
	}
	first, left := drawn(1)
	slices.Reverse(ids)
	if again, _ := drawn(1); len(first) != 10 || !slices.Equal(first, again) || !slices.Equal(left, []string{"gone"}) {
		t.Errorf("%q, %q, %q", first, again, left)
	}
	if other, _ := drawn(2); slices.Equal(first, other) {
		t.Error("another seed chooses the same")
	}
	none := NewSample(0, 1)
	none.Add("a", true)
	if entered, left := none.IDs(); entered != nil || left != nil {
		t.Errorf("%q %q", entered, left)
	}
}

// TestRows: all who changed are written, many at a time.
func TestRows(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	r := NewRows(rows.CSV(&b, rows.Options{Fields: Fields()}))
	const n = 2*rowsAtOnce + 3
	for i := range n {
		if err := r.Add(fmt.Sprintf("p,%d", i), i%2 == 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != n+1 || lines[0] != "id,change" || lines[1] != `"p,0",entered` || lines[n] != fmt.Sprintf(`"p,%d",entered`, n-1) {
		t.Errorf("%d lines: %q … %q", len(lines), lines[:3], lines[len(lines)-1])
	}
}
