package redisx

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// keepBody keeps a body of chunks.
func keepBody(t *testing.T, c *Client, name, digest string, chunks ...string) (Kept, bool) {
	t.Helper()
	var body [][]byte
	for _, chunk := range chunks {
		body = append(body, []byte(chunk))
	}
	k, fresh, err := c.Keep(t.Context(), "a", Kept{Kind: "rules", Name: name, Digest: digest, About: "about " + strings.Join(chunks, "")}, body, 3)
	if err != nil {
		t.Fatal(err)
	}
	return k, fresh
}

// bodyOf returns the chunks of what is kept.
func bodyOf(t *testing.T, c *Client, k Kept) string {
	t.Helper()
	chunks, err := c.KeptChunks(t.Context(), "a", k, 0, k.Chunks)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, chunk := range chunks {
		text += string(chunk)
	}
	return text
}

func TestKept(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		ctx := t.Context()
		for i, version := range []int{1, 2, 3, 4, 5} {
			k, fresh := keepBody(t, c, "night", fmt.Sprint("d", i), "one", fmt.Sprint("two", i))
			if k.Version != version || !fresh || k.Chunks != 2 || bodyOf(t, c, k) != fmt.Sprint("onetwo", i) {
				t.Errorf("%+v %t", k, fresh)
			}
		}
		if k, fresh := keepBody(t, c, "night", "d4", "other chunks of the same"); k.Version != 5 || fresh || bodyOf(t, c, k) != "onetwo4" || k.About != "about other chunks of the same" {
			t.Errorf("%+v %t", k, fresh)
		}
		all, err := c.KeptVersions(ctx, "a", "rules", "night")
		if err != nil || len(all) != 3 || all[0].Version != 3 || all[2].Version != 5 {
			t.Errorf("%+v %v", all, err)
		}
		for _, version := range []int{1, 2, 6} {
			if _, err := c.Kept(ctx, "a", "rules", "night", version); !errors.Is(err, ErrNotKept) {
				t.Errorf("version %d: %v", version, err)
			}
		}
		if _, err := c.Kept(ctx, "b", "rules", "night", 0); !errors.Is(err, ErrNotKept) {
			t.Error("another tenant's:", err)
		}
		audit(t, c)
		old := all[2]
		if err := errors.Join(c.Unkeep(ctx, "a", "rules", "night")); err != nil {
			t.Error(err)
		}
		if err := c.Unkeep(ctx, "a", "rules", "night"); !errors.Is(err, ErrNotKept) {
			t.Error(err)
		}
		if _, err := c.KeptChunks(ctx, "a", old, 0, 1); !errors.Is(err, ErrNotKept) {
			t.Error(err)
		}
		names, err := c.scan(ctx)
		if err != nil || len(names) > 2 || len(names) > 0 && names[0] != "kept:a:rules:night" && names[0] != "epoch" {
			t.Errorf("what is left: %v %v", names, err)
		}
		if k, fresh := keepBody(t, c, "night", "d4", "again"); k.Version != 6 || !fresh {
			t.Errorf("%+v %t", k, fresh)
		}
	})
}

// TestKeptTwice sends each script twice, as a client may whose reply was lost.
func TestKeptTwice(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		ctx := t.Context()
		k := Kept{Kind: "members", Name: "größer \"als\"", token: "t1"}
		if err := c.writeBody(ctx, c.bodyKey("a", k), [][]byte{[]byte("x y"), []byte("z")}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			said, err := c.run(ctx, c.control, scriptKeep, "a", k.Kind, k.Name, keyOf(k.Name), "t1", "-", 3, 2, "{}").Slice()
			if err != nil || said[0] != int64(1) {
				t.Fatal(said, err)
			}
		}
		kept, err := c.Kept(ctx, "a", k.Kind, k.Name, 0)
		if err != nil || kept.Version != 1 || kept.Digest != "" || bodyOf(t, c, kept) != "x yz" {
			t.Fatalf("%+v %v", kept, err)
		}
		for range 2 {
			if done, err := c.Rekeep(ctx, "a", kept, 0, []byte("x y"), []byte("x")); err != nil || !done {
				t.Error(done, err)
			}
		}
		if done, err := c.Rekeep(ctx, "a", kept, 0, []byte("x y"), []byte("other")); err != nil || done {
			t.Error(done, err)
		}
		if bodyOf(t, c, kept) != "xz" {
			t.Error(bodyOf(t, c, kept))
		}
		// What was written and is gone is not kept.
		gone, err := c.run(ctx, c.control, scriptKeep, "a", k.Kind, k.Name, keyOf(k.Name), "t2", "-", 3, 2, "{}").Text()
		if err != nil || gone != "GONE" {
			t.Error(gone, err)
		}
		audit(t, c)
	})
}

func TestForgetMember(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		ctx := t.Context()
		publish(t, attempt(t, c, "j1", 30*time.Second), SegmentOptions{Kind: "set", Name: "gold"}, named("p", 5))
		publish(t, attempt(t, c, "j2", 30*time.Second), SegmentOptions{Kind: "hll", Name: "size"}, named("p", 5))
		for _, want := range []bool{true, false} {
			if was, err := c.ForgetMember(ctx, "a", "gold", "p3"); err != nil || was != want {
				t.Error(was, err)
			}
		}
		if s, err := c.Segment(ctx, "a", "gold"); err != nil || s.Count != 4 {
			t.Errorf("%+v %v", s, err)
		}
		if in, err := c.Member(ctx, "a", "gold", "p3", "p4"); err != nil || in[0] || !in[1] {
			t.Error(in, err)
		}
		for _, name := range []string{"size", "none"} {
			if _, err := c.ForgetMember(ctx, "a", name, "p3"); !errors.Is(err, ErrNoSegment) {
				t.Error(err)
			}
		}
	})
}

// TestSets has commands that name a set, or a segment that they do not bring: their answers are nobody else's.
func TestSets(t *testing.T) {
	for want, c := range map[string]Command{
		"":                               {Op: "rules", Set: "night"},
		"a rules command needs queries":  {Op: "rules"},
		"set_version without a set":      {Op: "rules", SetVersion: 3, Queries: []string{"true"}},
		"for what is asked of many":      {Op: "query", Query: "true", Set: "night"},
		"choose one":                     {Op: "rules", Queries: []string{"true"}, Set: "night"},
		"set_version -1":                 {Op: "rules", Set: "night", SetVersion: -1},
		`set "a b": use 1 to 64 letters`: {Op: "rules", Set: "a b"},
	} {
		err := c.Check()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v", want, err)
		}
	}
	for _, c := range []struct {
		command Command
		shared  bool
	}{
		{Command{Op: "rules", Set: "night"}, false},
		{Command{Op: "rules", Set: "night", SetVersion: 2}, true},
		{Command{Op: "query", Query: `inSegment( "a" )`}, false},
		{Command{Op: "query", Query: `inSegment("a")`, Segments: map[string]string{"a": "true"}}, true},
		{Command{Op: "rules", Queries: []string{"true", `n = 1 and inSegment('b')`}, Segments: map[string]string{"a": "true"}}, false},
		{Command{Op: "query", Query: "n = 1"}, true},
	} {
		if got := c.command.shared(); got != c.shared {
			t.Errorf("%+v is shared: %t", c.command, got)
		}
	}
	one, two := Command{Op: "rules", Set: "night", SetVersion: 1}, Command{Op: "rules", Set: "night", SetVersion: 2}
	if one.ask("", "") == two.ask("", "") {
		t.Error("two versions of a set are one question")
	}
}
