package store

import (
	"context"
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
		version, put, err := putMembers(ctx, s, "gold", "data", MemberID{"_id", "string"}, ids.Buckets(), ids.Bucket)
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

// TestSaveMembers keeps the members of before until new ones are kept: a save that is refused, or ends with an error,
// touches nothing and leaves nothing.
func TestSaveMembers(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		save := func(query string, ids []string, err error) error {
			_, _, err = SaveMembers(t.Context(), s, &Segment{Name: "gold", Query: query}, MemberID{"_id", "string"}, 1, func(int) ([]string, error) { return ids, err })
			return err
		}
		for _, c := range []struct {
			query, id string
			err       error
			fails     bool
			a, b      int // in how many versions of members they are then
		}{
			{"n = 1", "a", nil, false, 1, 0},
			{"n = 2", "a", nil, false, 2, 0},
			{`inSegment("gold")`, "b", nil, true, 2, 0},
			{"n = 3", "b", errors.New("the disk is full"), true, 2, 0},
			{"n = 3", "b", nil, false, 1, 1},
			{"n = 3", "b", nil, false, 0, 2}, // those of the last two times
		} {
			if err := save(c.query, []string{c.id}, c.err); (err != nil) != c.fails {
				t.Errorf("%s: %v", c.query, err)
			}
			for id, want := range map[string]int{"a": c.a, "b": c.b} {
				if found, err := Find(t.Context(), s, id, false); err != nil || len(found) != want {
					t.Errorf("%s: %s is in %v, %v", c.query, id, found, err)
				}
			}
		}
		all, err := SavedVersions(t.Context(), s, "gold")
		if err != nil || len(all) != 3 {
			t.Fatal(all, err)
		}
		if got := membersOf(t, s, all[2]); !slices.Equal(got, []string{"b"}) {
			t.Errorf("%q", got)
		}
		if _, err := MembersOf(t.Context(), s, all[1]); !errors.Is(err, ErrNone) {
			t.Error(err)
		}
	})
}

// unanswered is a store that does what it is asked, and of which some answers are lost.
type unanswered struct {
	Store
	lost func(kind string) bool
}

var errLost = errors.New("the connection was lost")

// Put keeps a body.
func (u unanswered) Put(ctx context.Context, e Entry, body [][]byte) (Entry, bool, error) {
	kept, fresh, err := u.Store.Put(ctx, e, body)
	if err == nil && u.lost(e.Kind) {
		err = errLost
	}
	return kept, fresh, err
}

// DropVersions drops nothing of members that are lost.
func (u unanswered) DropVersions(ctx context.Context, kind, name string, versions []int) error {
	if u.lost("drop") {
		return errLost
	}
	return u.Store.DropVersions(ctx, kind, name, versions)
}

// TestSavedUnknown: where nobody knows whether a version was kept, the members that it names stay; where it was kept, and what
// is older could not be taken away, it is saved.
func TestSavedUnknown(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		for i, c := range []struct {
			lost  string
			fails bool
		}{{"", false}, {kindSegment, true}, {"", false}, {"", false}, {"drop", false}, {"", false}} {
			u, id := unanswered{s, func(kind string) bool { return kind == c.lost }}, fmt.Sprint("member-", i)
			_, _, err := SaveMembers(t.Context(), u, &Segment{Name: "gold", Query: "n = 1"}, MemberID{}, 1, func(int) ([]string, error) { return []string{id}, nil })
			if (err != nil) != c.fails {
				t.Errorf("%d, %s: %v", i, c.lost, err)
			}
			latest, err := Saved(t.Context(), s, "gold", 0)
			if err != nil {
				t.Fatal(err)
			}
			if got := membersOf(t, s, latest); !slices.Equal(got, []string{id}) {
				t.Errorf("%d, %s: %q", i, c.lost, got)
			}
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
	if _, _, err := putMembers(t.Context(), File(name), "gold", "data", MemberID{"_id", "string"}, 1, func(int) ([]string, error) { return want, nil }); err != nil {
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
