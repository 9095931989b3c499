package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestMembers(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		ctx := t.Context()
		const count = 40_000
		ids := NewIDs(Buckets(count))
		defer ids.Close()
		var want []string
		for i := range count {
			want = append(want, fmt.Sprintf("member-%d", i))
		}
		if err := errors.Join(ids.Add(want[:count/2]), ids.flush(), ids.Add(want[count/2:]), ids.Add(want[:7])); err != nil {
			t.Fatal(err)
		}
		version, put, err := PutMembers(ctx, s, "gold", "data", ids.Buckets(), ids.Bucket)
		if err != nil || version != 1 || put != count {
			t.Fatal(version, put, err)
		}
		segment := &Segment{Name: "gold", Version: 1, Members: version}
		got := membersOf(t, s, segment)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%d members of %d", len(got), len(want))
		}
		for _, c := range []struct {
			id     string
			remove bool
			found  int
		}{{"member-7", false, 1}, {"member-7", true, 1}, {"member-7", true, 0}, {"nobody", true, 0}} {
			if found, err := Find(ctx, s, c.id, c.remove); err != nil || len(found) != c.found {
				t.Errorf("%+v: %v %v", c, found, err)
			}
		}
		if got := membersOf(t, s, segment); len(got) != count-1 || slices.Contains(got, "member-7") {
			t.Errorf("%d members", len(got))
		}
	})
}

func membersOf(t *testing.T, s Store, segment *Segment) (all []string) {
	t.Helper()
	m, err := MembersOf(t.Context(), s, segment)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Buckets() {
		ids, err := m.Bucket(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, ids...)
	}
	slices.Sort(all)
	return all
}

// TestDamagedMembers changes each bit of members, which says so or changes nothing.
func TestDamagedMembers(t *testing.T) {
	name := filepath.Join(t.TempDir(), "store.json")
	want := []string{"a-1", "b-2", "c-3"}
	if _, _, err := PutMembers(t.Context(), File(name), "gold", "data", 1, func(int) ([]string, error) { return want, nil }); err != nil {
		t.Fatal(err)
	}
	bodies, _ := filepath.Glob(name + ".d/*")
	good, err := os.ReadFile(bodies[0])
	if err != nil {
		t.Fatal(err)
	}
	for bit := range 8 * len(good) {
		bad := slices.Clone(good)
		bad[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(bodies[0], bad, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := MembersOf(t.Context(), File(name), &Segment{Name: "gold", Version: 1, Members: 1})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := m.Bucket(t.Context(), 0); err == nil && !slices.Equal(got, want) {
			t.Errorf("bit %d: %q", bit, got)
		}
	}
	if err := os.Remove(bodies[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(t.Context(), File(name), "a-1", false); err == nil || !strings.Contains(err.Error(), "the members of gold are gone from") {
		t.Error(err)
	}
}
