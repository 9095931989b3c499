package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/redistest"
)

// each runs a test on a store of each kind.
func each(t *testing.T, test func(t *testing.T, s Store)) {
	t.Run("file", func(t *testing.T) { test(t, File(filepath.Join(t.TempDir(), "new", "store.json"))) })
	t.Run("embedded", func(t *testing.T) {
		c, err := redisx.Embedded(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s := Owned(c, "default")
		t.Cleanup(func() { _ = s.Close() })
		test(t, s)
	})
	t.Run("redis", func(t *testing.T) {
		url, stop, err := redistest.Any()
		redistest.Need(t, err)
		t.Cleanup(stop)
		c, err := redisx.Open(t.Context(), redisx.Options{URL: url, Namespace: "store-" + uuid.NewString()})
		if err != nil {
			t.Fatal(err)
		}
		s := Owned(c, "default")
		t.Cleanup(func() { _ = s.Close() })
		test(t, s)
		found, err := c.Audit(t.Context())
		if err != nil || len(found) > 0 {
			t.Error(found, err)
		}
	})
}

func put(t *testing.T, s Store, name, text string) (*RuleSet, bool) {
	t.Helper()
	set, err := NewRules(name, []rules.Source{{Name: "dir/a.pql", Text: text}})
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := PutRules(t.Context(), s, set)
	if err != nil {
		t.Fatal(err)
	}
	return set, fresh
}

func TestRuleSets(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		ctx := t.Context()
		if _, err := Rules(ctx, s, "night", 0); !errors.Is(err, ErrNone) {
			t.Error(err)
		}
		var long strings.Builder
		for i := range 5000 {
			fmt.Fprintf(&long, "r%d: n > %d\n", i, i)
		}
		for i, text := range []string{"a: n = 1", "a: n = 1", long.String(), "a: n = 1"} {
			want, fresh := []int{1, 1, 2, 3}[i], i != 1
			if set, is := put(t, s, "night", text); set.Version != want || is != fresh {
				t.Errorf("put %d: version %d, new: %t", i, set.Version, is)
			}
		}
		set, err := Rules(ctx, s, "night", 2)
		if err != nil || set.Rules != 5000 || len(set.Sources) != 1 || set.Sources[0] != (rules.Source{Name: "a.pql", Text: long.String()}) {
			t.Errorf("%+v %v", set, err)
		}
		if set, err = Rules(ctx, s, "night", 0); err != nil || set.Version != 3 || set.Sources[0].Text != "a: n = 1" {
			t.Errorf("%+v %v", set, err)
		}
		_, err = Rules(ctx, s, "night", 7)
		if !errors.Is(err, ErrNone) || !strings.Contains(err.Error(), "night has no version 7: the latest is 3") {
			t.Error(err)
		}
		if _, err = Rules(ctx, s, "nigth", 0); err == nil || !strings.Contains(err.Error(), "did you mean night?") {
			t.Error(err)
		}
	})
}

func TestOldVersionsGo(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		ctx := t.Context()
		for i := range versions + 3 {
			put(t, s, "night", fmt.Sprintf("a: n = %d", i))
		}
		all, err := RuleVersions(ctx, s, "night")
		if err != nil || len(all) != versions || all[0].Version != 4 || all[versions-1].Version != versions+3 {
			t.Errorf("%v %v", all, err)
		}
		if set, err := Rules(ctx, s, "night", 4); err != nil || set.Sources[0].Text != "a: n = 3" {
			t.Errorf("%v %v", set, err)
		}
		if err := DropRules(ctx, s, "night"); err != nil {
			t.Error(err)
		}
		if err := DropRules(ctx, s, "night"); !errors.Is(err, ErrNone) {
			t.Error(err)
		}
		if all, err := ListRules(ctx, s); err != nil || len(all) != 0 {
			t.Errorf("%v %v", all, err)
		}
		if set, _ := put(t, s, "night", "a: n = 1"); set.Version != versions+4 {
			t.Errorf("the number of a version that was dropped is there again: %d", set.Version)
		}
	})
}

func TestWrongRules(t *testing.T) {
	for text, want := range map[string]string{
		"":                   "there are no rules",
		"a: n = 1\na: n = 2": `two rules are called "a"`,
		"a: n = ":            "1 of the rules cannot be read",
	} {
		if _, err := NewRules("night", []rules.Source{{Name: "a.pql", Text: text}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, name := range []string{"", "a b", "a@1", "a:b", strings.Repeat("a", 65)} {
		if _, err := NewRules(name, []rules.Source{{Name: "a.pql", Text: "n = 1"}}); err == nil {
			t.Errorf("%q is a name", name)
		}
	}
}

// TestWriters has several write at once: what all have put is there.
func TestWriters(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		const writers, each = 8, 5
		var all sync.WaitGroup
		for w := range writers {
			own := s
			if f, ok := s.(*file); ok {
				own = File(f.name) // as another process
			}
			all.Go(func() {
				for i := range each {
					set, err := NewRules(fmt.Sprintf("set%d", w), []rules.Source{{Name: "a.pql", Text: fmt.Sprintf("a: n = %d", i)}})
					if err == nil {
						_, err = PutRules(context.Background(), own, set)
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		sets, err := ListRules(t.Context(), s)
		if err != nil || len(sets) != writers {
			t.Fatalf("%d sets, %v", len(sets), err)
		}
		for _, set := range sets {
			if got, err := Rules(t.Context(), s, set.Name, 0); err != nil || got.Version != each || got.Sources[0].Text != "a: n = 4" {
				t.Errorf("%+v %v", got, err)
			}
		}
	})
}

func TestSegments(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		ctx := t.Context()
		save := func(name, query string) (*Segment, bool, error) {
			one := &Segment{Name: name, Query: query, Count: 3, Total: 5}
			fresh, err := Save(ctx, s, one)
			return one, fresh, err
		}
		names := []string{"gold", "Gold members", "größer als"}
		for i, query := range []string{"n = 1", `inSegment("gold")`, `inSegment("Gold members") and inSegment("gold")`} {
			if one, fresh, err := save(names[i], query); err != nil || !fresh || one.Version != 1 {
				t.Errorf("%+v %t %v", one, fresh, err)
			}
		}
		if one, fresh, err := save("gold", "n = 1"); err != nil || fresh || one.Version != 1 {
			t.Errorf("%+v %t %v", one, fresh, err)
		}
		var cycle CycleError
		if _, _, err := save("gold", `inSegment("größer als")`); !errors.As(err, &cycle) {
			t.Error(err)
		}
		written := rules.Statements(rules.Source{Text: "a: inSegment(\"größer als\")\nb: inSegment(\"gone\")"})
		if err := Reach(ctx, func(context.Context) (Store, error) { return kept{s}, nil }, written); err != nil {
			t.Fatal(err)
		}
		got := written[0].Beyond
		if len(got.Definitions) != 3 || len(got.Names) != 3 || got.Definitions[0].Name != "größer als" {
			t.Errorf("%+v", got)
		}
		var asked AskedError
		if err := DropSaved(ctx, s, []string{"gold"}, false); !errors.As(err, &asked) {
			t.Error(err)
		}
		if err := DropSaved(ctx, s, names, false); err != nil {
			t.Error(err)
		}
		if all, err := ListSaved(ctx, s); err != nil || len(all) > 0 {
			t.Errorf("%v %v", all, err)
		}
	})
}

// kept is a store that is not closed.
type kept struct{ Store }

func (kept) Close() error { return nil }

// TestStoreIsNotOpened has queries that know all that they ask about.
func TestStoreIsNotOpened(t *testing.T) {
	written := rules.Statements(rules.Source{Text: "a: n = 1\nb: inSegment(\"a\")"})
	if err := Reach(t.Context(), func(context.Context) (Store, error) { return nil, errors.New("opened") }, written); err != nil {
		t.Error(err)
	}
}

// TestFile has files that are no store, or not quite: nothing in them is changed.
func TestFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "store.json")
	s := File(name)
	put(t, s, "night", "a: n = 1")
	for _, file := range []string{name, name + ".d", name + ".lock"} {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Error(file, info.Mode(), err)
		}
	}
	good, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		string(good[:len(good)/2]): "unexpected end of JSON input",
		"":                         "line 1:",
		"{}":                       `there is no "segq_store"`,
		strings.Replace(string(good), `"segq_store": 1`, `"segq_store": 2`, 1):            "of a newer segq",
		strings.Replace(string(good), `"version": 1`, `"version": 0`, 1):                  "entry 1 has no kind, name, version or about",
		strings.Replace(string(good), `"body": "`, `"body": "../`, 1):                     "is no name of a file",
		strings.Replace(string(good), `"kind": "rules"`, "\"kind\": \"rules\"\n oops", 1): "line 6: invalid character",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		set, err := NewRules("night", []rules.Source{{Name: "a", Text: "b: n = 2"}})
		if err != nil {
			t.Fatal(err)
		}
		_, wrote := PutRules(t.Context(), File(name), set)
		_, read := ListRules(t.Context(), File(name))
		for _, err := range []error{wrote, read} {
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), name) {
				t.Errorf("%q: %v", text, err)
			}
		}
		if after, _ := os.ReadFile(name); string(after) != text {
			t.Errorf("%q became %q", text, after)
		}
	}
	if left, _ := filepath.Glob(name + ".d/*"); len(left) != 1 {
		t.Errorf("bodies that nothing names: %v", left)
	}
}

// TestBodies has bodies that are cut, or gone.
func TestBodies(t *testing.T) {
	name := filepath.Join(t.TempDir(), "store.json")
	put(t, File(name), "night", "a: n = 1")
	bodies, _ := filepath.Glob(name + ".d/*")
	good, err := os.ReadFile(bodies[0])
	if err != nil {
		t.Fatal(err)
	}
	for size := range good {
		if err := os.WriteFile(bodies[0], good[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Rules(t.Context(), File(name), "night", 0); err == nil {
			t.Errorf("a body of %d bytes is taken for one of %d", size, len(good))
		}
	}
	if err := os.Remove(bodies[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := Rules(t.Context(), File(name), "night", 0); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
	if set, fresh := put(t, File(name), "night", "a: n = 1"); fresh || set.Version != 1 {
		t.Error(set.Version, fresh)
	}
	if set, err := Rules(t.Context(), File(name), "night", 0); err != nil || set.Sources[0].Text != "a: n = 1" {
		t.Error("put again, it is still gone:", err)
	}
}

// TestWhole writes rules out that others ask about.
func TestWhole(t *testing.T) {
	all := rules.Statements(rules.Source{Text: "gold: tier = \"gold\" // the best\nbig: n > 1 or inSegment(\"gold\")\n" +
		"both: inSegment(\"big\") and inSegment('other') and not inSegment( \"gold\" )"})
	got := rules.Whole(all, 2)
	want := `(n > 1 or (tier = "gold")) and inSegment('other') and not (tier = "gold")`
	if got != want {
		t.Error(got)
	}
	if _, ds := lang.Query(got); ds.Failed() {
		t.Error(ds)
	}
}
