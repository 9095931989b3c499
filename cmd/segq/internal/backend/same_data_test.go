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

// TestOtherDataIsNotTold: what a worker says that has other data than is known is no answer.
func TestOtherDataIsNotTold(t *testing.T) {
	t.Parallel()
	for has, told := range map[string]bool{"a": true, "b": false, "": true} {
		says := fmt.Appendf(nil, `{"snapshot":%q}`, has)
		a := &announcement{ctx: t.Context(), asked: time.Now(), request: func(context.Context, string, []byte) ([]byte, error) { return says, nil }}
		a.known.Store(&dataset.Published{Snapshot: "a"})
		if got, err := a.ask(t.Context(), "peek", nil); (string(got) == string(says)) != told || errors.Is(err, errOther) == told {
			t.Errorf("%s: %s (%v)", has, got, err)
		}
	}
}

// TestWorkersWithDifferentData: a session, what is asked in it and what is counted while somebody types
// have one snapshot, that of the first worker.
func TestWorkersWithDifferentData(t *testing.T) {
	t.Parallel()
	client, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	for _, n := range []int{10, 20} {
		path := filepath.Join(t.TempDir(), "profiles.ndjson")
		if err := os.WriteFile(path, []byte(strings.Repeat(`{"tier":"gold"}`+"\n", n)), 0o600); err != nil {
			t.Fatal(err)
		}
		workertest.Through(t, open(t, path), client)
		eventually(t, "the worker has said what it has", func() bool {
			s, err := client.Stats(t.Context())
			return err == nil && s.Workers == n/10 && s.Snapshot != "" && len(s.Others) == n/10-1
		})
	}
	b := New(t.Context(), &ask.Queue{Client: client}, ask.Options{}, "").(*backend)
	if info := b.Describe(); info.Profiles != 10 {
		t.Errorf("the session knows %d profiles", info.Profiles)
	}
	for i, seen := 0, 0; seen < 10; i++ {
		p := b.Peek(t.Context(), fmt.Sprintf(`tier = "gold%d"`, i), 3)
		if p.Total != 0 && p.Total != 10 {
			t.Fatalf("it counts over %d profiles", p.Total)
		} else if p.Total != 0 {
			seen++
		}
		if i == 10_000 {
			t.Fatal("nothing is counted")
		}
	}
	for id, r := range workertest.Ends(t, client, redisx.Command{ID: "a", Op: "query", Query: "true"}, redisx.Command{ID: "b", Op: "query", Query: "1 = 1"}) {
		if *r.Total != 10 {
			t.Errorf("%s is answered over %d profiles", id, *r.Total)
		}
	}
}
