package backend

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
)

// TestOtherDataIsAskedPast: of workers with different data one is asked that has the data that is known, and
// where none is found, nothing is told.
func TestOtherDataIsAskedPast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answers string // the data of those who answer, one after another
		want    string
		differ  bool
	}{{"a", "a", false}, {"ba", "a", true}, {"bbba", "a", true}, {"bbbb", "", false}, {"-", "-", false}} {
		asked := 0
		a := &announcement{ctx: t.Context(), asked: time.Now(), request: func(context.Context, string, []byte) ([]byte, error) {
			asked++
			return fmt.Appendf(nil, `{"snapshot":%q}`, strings.Trim(c.answers[asked-1:asked], "-")), nil
		}}
		a.known.Store(&dataset.Published{Snapshot: "a"})
		got, err := a.ask(t.Context(), "peek", nil)
		want := fmt.Sprintf(`{"snapshot":%q}`, strings.Trim(c.want, "-"))
		if c.want == "" {
			want = ""
		}
		if string(got) != want || errors.Is(err, errOther) != (c.want == "") || a.differ.Load() != c.differ || asked != len(c.answers) {
			t.Errorf("%s: %s (%v), they differ: %v, %d asked", c.answers, got, err, a.differ.Load(), asked)
		}
	}
}

// TestWorkersWithDifferentData: a session is told of the data that it knows.
func TestWorkersWithDifferentData(t *testing.T) {
	t.Parallel()
	client, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	totals := map[string]int64{}
	for _, n := range []int{10, 20} {
		path := filepath.Join(t.TempDir(), "profiles.ndjson")
		if err := os.WriteFile(path, []byte(strings.Repeat(`{"tier":"gold"}`+"\n", n)), 0o600); err != nil {
			t.Fatal(err)
		}
		d := open(t, path)
		totals[d.Snapshot.Fingerprint] = int64(n)
		workertest.Through(t, d, client)
	}
	workertest.Ends(t, client, redisx.Command{Op: "query", Query: "true"})
	b := New(t.Context(), &ask.Queue{Client: client}, ask.Options{}, "").(*backend)
	for i, seen := 0, 0; seen < 20 && i < 10_000; i++ {
		before := b.elsewhere.snapshot()
		p := b.Peek(t.Context(), fmt.Sprintf(`tier = "gold%d"`, i), 3)
		if after := b.elsewhere.snapshot(); p.Total != 0 && p.Total != totals[before] && p.Total != totals[after] {
			t.Fatalf("it counts over %d profiles, of %d or %d", p.Total, totals[before], totals[after])
		} else if p.Total != 0 {
			seen++
		}
	}
	eventually(t, "it says that the data differs", func() bool {
		b.Peek(t.Context(), `tier = "gold"`, 3)
		notes := b.Describe().Notes
		return len(notes) == 1 && strings.HasPrefix(notes[0], differ)
	})
}
