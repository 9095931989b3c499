package difference_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/difference"
	"pgregory.net/rapid"
)

// table is rows in some order: of each an id, and what it is in.
type table struct {
	ids  []string
	sets map[string][]uint32
}

func drawn(r *rand.Rand, n int) *table {
	t := &table{sets: map[string][]uint32{}}
	for i := range n {
		id := fmt.Sprintf("p%06d", i)
		t.ids = append(t.ids, id)
		for code := range uint32(300) {
			if r.IntN(20) == 0 {
				t.sets[id] = append(t.sets[id], code)
			}
		}
	}
	return t
}

// changed returns a table of which a share of rows differ, are gone or new.
func (t *table) changed(r *rand.Rand, share int) *table {
	out := &table{sets: map[string][]uint32{}}
	for i, id := range t.ids {
		if r.IntN(share) == 0 { // new
			own := fmt.Sprintf("new%d", i)
			out.ids, out.sets[own] = append(out.ids, own), []uint32{uint32(r.IntN(300))}
		}
		if r.IntN(share) == 0 {
			continue
		}
		out.ids, out.sets[id] = append(out.ids, id), slices.Clone(t.sets[id])
		if r.IntN(share) == 0 {
			out.sets[id] = slices.Compact(slices.Sorted(slices.Values(append(out.sets[id], uint32(r.IntN(400))))))
		}
		if len(out.sets[id]) > 0 && r.IntN(share) == 0 {
			out.sets[id] = out.sets[id][1:]
		}
	}
	return out
}

// push pushes a table in batches, each row in so many pieces.
func (t *table) push(c *difference.Comparison, s difference.Side, r *rand.Rand, pieces int) {
	b := &difference.Batch{}
	for range pieces {
		for _, id := range t.ids {
			codes := slices.Clone(t.sets[id])
			if pieces > 1 {
				codes = slices.DeleteFunc(codes, func(uint32) bool { return r.IntN(3) > 0 })
			}
			r.Shuffle(len(codes), func(i, j int) { codes[i], codes[j] = codes[j], codes[i] })
			if b.Add(id, codes); r.IntN(50) == 0 {
				if c.Push(s, b) != nil {
					return
				}
				b = &difference.Batch{}
			}
		}
	}
	if pieces > 1 { // all that may be missing
		for _, id := range t.ids {
			b.Add(id, slices.Clone(t.sets[id]))
		}
	}
	_ = c.Push(s, b)
	c.End(s, nil)
}

func TestComparison(t *testing.T) {
	for _, n := range []int{0, 1, 3000} {
		for name, o := range map[string]difference.Options{"memory": {}, "disk": {Memory: 20_000}, "pieces": {Unordered: true}, "pieces on disk": {Unordered: true, Memory: 20_000}} {
			for _, shuffled := range []bool{false, true} {
				t.Run(fmt.Sprint(n, " ", name, " ", shuffled), func(t *testing.T) {
					t.Setenv("TMPDIR", t.TempDir())
					r := rand.New(rand.NewPCG(1, uint64(n)))
					before := drawn(r, n)
					after := before.changed(r, 40)
					if shuffled {
						r.Shuffle(len(after.ids), func(i, j int) { after.ids[i], after.ids[j] = after.ids[j], after.ids[i] })
					}
					compared(t, o, before, after)
					if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
						t.Error("it has left something on disk")
					}
				})
			}
		}
	}
}

// compared compares two tables, and finds what is right by a plain comparison.
func compared(t *testing.T, o difference.Options, before, after *table) {
	t.Helper()
	got, kinds := map[string][2][]uint32{}, map[string]string{}
	o.Changed = func(c difference.Change) error {
		if _, twice := got[c.ID]; twice {
			t.Error(c.ID, "twice")
		}
		got[c.ID], kinds[c.ID] = [2][]uint32{slices.Clone(c.Before), slices.Clone(c.After)}, fmt.Sprint(c.New, c.Gone)
		return nil
	}
	members := 0
	o.Each = func(after []uint32) { members += len(after) }
	c := difference.New(o)
	pieces := 1
	if o.Unordered {
		pieces = 3
	}
	var sides sync.WaitGroup
	sides.Go(func() { before.push(c, difference.Before, rand.New(rand.NewPCG(1, 1)), pieces) })
	sides.Go(func() { after.push(c, difference.After, rand.New(rand.NewPCG(2, 1)), pieces) })
	rows, err := c.Finish()
	if err := errors.Join(err, c.Close()); err != nil {
		t.Fatal(err)
	}
	sides.Wait()
	want := map[string][2][]uint32{}
	added, gone, changed := 0, 0, 0
	all := maps.Clone(before.sets)
	maps.Copy(all, after.sets)
	for _, id := range slices.Concat(before.ids, after.ids) {
		was, is := slices.Contains(before.ids, id), slices.Contains(after.ids, id)
		if was && is && slices.Equal(before.sets[id], after.sets[id]) || want[id][0] != nil || want[id][1] != nil {
			continue
		}
		if _, seen := want[id]; seen {
			continue
		}
		want[id] = [2][]uint32{before.sets[id], after.sets[id]}
		switch {
		case !was:
			added++
		case !is:
			gone++
		default:
			changed++
		}
	}
	if len(got) != len(want) || rows.New != added || rows.Gone != gone || rows.Changed != changed {
		t.Fatalf("%d differ (%+v), not %d (%d new, %d gone, %d changed)", len(got), rows, len(want), added, gone, changed)
	}
	for id, sets := range want {
		if !slices.Equal(sets[0], got[id][0]) || !slices.Equal(sets[1], got[id][1]) {
			t.Fatalf("%s: %v, not %v", id, got[id], sets)
		}
	}
	memberships := 0
	for _, set := range after.sets {
		memberships += len(set)
	}
	if o.Unordered && members != memberships {
		t.Errorf("%d memberships of after, not %d", members, memberships)
	}
	if !o.Unordered && (rows.Before != len(before.ids) || rows.After != len(after.ids) || rows.Same+changed+gone != len(before.ids)) {
		t.Errorf("%+v", rows)
	}
}

// An error of one side ends the other, and one of who hears of changes ends both.
func TestComparisonFails(t *testing.T) {
	failed := errors.New("no more")
	c := difference.New(difference.Options{Changed: func(difference.Change) error { return nil }})
	b := &difference.Batch{}
	b.Add("a", nil)
	c.End(difference.Before, failed)
	if err := c.Push(difference.After, b); !errors.Is(err, failed) {
		t.Error(err)
	}
	if _, err := c.Finish(); !errors.Is(err, failed) {
		t.Error(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// TestPieces: however rows of ids come, in pieces and anywhere, in memory or not, the outcome is that of sets by id.
func TestPieces(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	rapid.Check(t, func(t *rapid.T) {
		type pair struct{ ID, Code int }
		pairs := rapid.SliceOf(rapid.Custom(func(t *rapid.T) pair {
			return pair{rapid.IntRange(0, 30).Draw(t, "id"), rapid.IntRange(0, 5).Draw(t, "code")}
		}))
		o := difference.Options{Unordered: true, Memory: rapid.SampledFrom([]int64{1, 64, 1 << 20}).Draw(t, "memory")}
		got := map[string]string{}
		o.Changed = func(c difference.Change) error {
			if _, twice := got[c.ID]; twice {
				t.Fatalf("%s is told twice", c.ID)
			}
			got[c.ID] = fmt.Sprint(c.Before, c.After, c.New, c.Gone)
			return nil
		}
		members := 0
		o.Each = func(codes []uint32) { members += len(codes) }
		c := difference.New(o)
		var sets [2]map[string][]uint32
		for _, side := range []difference.Side{difference.Before, difference.After} {
			sets[side] = map[string][]uint32{}
			b := &difference.Batch{}
			for _, p := range pairs.Draw(t, "pairs") {
				id := fmt.Sprint(p.ID)
				sets[side][id] = slices.Compact(slices.Sorted(slices.Values(append(sets[side][id], uint32(p.Code)))))
				b.Add(id, []uint32{uint32(p.Code)})
				if rapid.IntRange(0, 3).Draw(t, "end") == 0 {
					if err := c.Push(side, b); err != nil {
						t.Fatal(err)
					}
					b = &difference.Batch{}
				}
			}
			if err := c.Push(side, b); err != nil {
				t.Fatal(err)
			}
			c.End(side, nil)
		}
		_, err := c.Finish()
		if err := errors.Join(err, c.Close()); err != nil {
			t.Fatal(err)
		}
		want, now := map[string]string{}, 0
		for id, was := range sets[0] {
			if is, ok := sets[1][id]; !ok || !slices.Equal(was, is) {
				want[id] = fmt.Sprint(was, is, false, !ok)
			}
		}
		for id, is := range sets[1] {
			now += len(is)
			if _, ok := sets[0][id]; !ok {
				want[id] = fmt.Sprint([]uint32{}, is, true, false)
			}
		}
		if !maps.Equal(got, want) || members != now {
			t.Fatalf("%v with %d members, not %v with %d", got, members, want, now)
		}
	})
}

// TestNoRoom: where there is no room for what waits, the error says what to do, and nothing stays.
func TestNoRoom(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "gone"))
	c := difference.New(difference.Options{Unordered: true, Memory: 1, Changed: func(difference.Change) error { return nil }})
	b := &difference.Batch{}
	b.Add("a", []uint32{1})
	if err := c.Push(difference.Before, b); err == nil || !strings.Contains(err.Error(), "TMPDIR names a folder with more room") {
		t.Error(err)
	}
	c.End(difference.Before, nil)
	c.End(difference.After, nil)
	if _, err := c.Finish(); err == nil {
		t.Error("it has compared what was lost")
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// TestJoinedEnds: who hears how far it is can end it.
func TestJoinedEnds(t *testing.T) {
	failed, calls := errors.New("no more"), 0
	c := difference.New(difference.Options{Unordered: true, Changed: func(difference.Change) error { return nil }, Joined: func(done, all int) error {
		if calls++; done != calls || all < done {
			t.Error(done, all)
		}
		if done == 3 {
			return failed
		}
		return nil
	}})
	c.End(difference.Before, nil)
	c.End(difference.After, nil)
	if _, err := c.Finish(); !errors.Is(err, failed) || calls > 4 {
		t.Error(err, calls)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}
