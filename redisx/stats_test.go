package redisx

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// TestStats holds the figures against a life that is known.
func TestStats(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		put(t, c, "a", "batch", 0, 3)
		put(t, c, "b", "batch", 0, 2)
		put(t, c, "b", "interactive", 0, 1)
		same(t, c, "first")
		same(t, c, "shares")
		s, err := c.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []int64{1, 1, 5} {
			if s.Classes[i].Class != Classes[i] || s.Classes[i].Depth != want || s.Classes[i].Age > time.Minute {
				t.Errorf("%s has %v", Classes[i], s.Classes[i])
			}
		}
		if s.Open != 8 || s.Running != 0 || s.Counted["submitted"] != 8 || s.Counted["shared"] != 1 {
			t.Errorf("before: %+v", s)
		}
		jobs := claimAs(t, c, "w", "n", 7, time.Minute)
		for _, j := range jobs[:4] {
			finishAs(t, c, j, Failed)
			finishAs(t, c, j, Failed) // sent twice
		}
		finishAs(t, c, claimed{id: jobs[4].id, token: "old"}, Failed)
		failAs(t, c, jobs[5], 5, time.Minute)
		if s, err = c.Stats(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s.Open != 3 && s.Open != 4 || s.Running != 2 || s.Delayed != 1 || s.Dead != 0 {
			t.Errorf("after: %+v", s)
		}
		for what, want := range map[string]int64{"claimed": 7, "retried": 1, "fenced": 1, "submitted": 8} {
			if s.Counted[what] != want {
				t.Errorf("%s: %d, not %d", what, s.Counted[what], want)
			}
		}
		if n := s.Counted["failed"]; n != 8-s.Open {
			t.Errorf("failed: %d, and %d are open", n, s.Open)
		}
	})
}

func TestRecentOf(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		put(t, c, "a", "normal", 0, 3)
		put(t, c, "b", "normal", 0, 3)
		ids, err := c.RecentOf(t.Context(), "a", 2)
		slices.Sort(ids)
		if err != nil || len(ids) != 2 || ids[0][0] != 'a' || ids[1][0] != 'a' {
			t.Errorf("of a: %q, %v", ids, err)
		}
		if ids, err := c.RecentOf(t.Context(), "nobody", 2); len(ids) != 0 || err != nil {
			t.Errorf("of nobody: %q, %v", ids, err)
		}
		if _, err := c.RecentOf(t.Context(), "a b", 2); err == nil {
			t.Error("that is no tenant")
		}
	})
}

func TestFailuresAreCounted(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		before := c.Errors()
		if n, err := c.control.Get(t.Context(), c.keys.prefix+"nothing").Result(); !isNil(err) {
			t.Fatal(n, err)
		}
		if err := c.control.LPush(t.Context(), c.keys.bell()+"x", 1).Err(); err != nil {
			t.Fatal(err)
		}
		if err := c.control.Get(t.Context(), c.keys.bell()+"x").Err(); err == nil || isNil(err) {
			t.Fatal(errors.New("a list was read as a string"))
		}
		if n := c.Errors() - before; n != 1 {
			t.Errorf("%d failures, not 1", n)
		}
	})
}
