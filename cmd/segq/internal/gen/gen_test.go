package gen_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/cmd/segq/internal/gen"
	"github.com/segq/segq/samples"
)

var small = samples.Generator{Seed: 7, Profiles: 400, EventsPerProfile: 3}

func write(t *testing.T, name string, g samples.Generator) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := gen.Write(context.Background(), path, g, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEqualGeneratorsGiveEqualBytes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"p.parquet", "p.ndjson", "p.ndjson.gz", "p.ndjson.zst"} {
		if !bytes.Equal(write(t, name, small), write(t, name, small)) {
			t.Errorf("two files %s differ", name)
		}
	}
}

func TestFormatsHoldTheSameProfiles(t *testing.T) {
	t.Parallel()
	var want []samples.Profile
	for i := range small.Profiles {
		want = append(want, small.Profile(i))
	}
	d := json.NewDecoder(bytes.NewReader(write(t, "p.ndjson", small)))
	for i := range want {
		var got samples.Profile
		if err := d.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Fatalf("NDJSON profile %d (-made +read):\n%s", i, diff)
		}
	}
	got := readParquet(t, write(t, "p.parquet", small))
	if len(got) != len(want) {
		t.Fatalf("%d profiles in Parquet, not %d", len(got), len(want))
	}
	for i := range want {
		if diff := cmp.Diff(expected(reflect.ValueOf(want[i])), got[i], cmp.AllowUnexported(entry{})); diff != "" {
			t.Fatalf("Parquet profile %d (-made +read):\n%s", i, diff)
		}
	}
}

// TestEmbedded holds the embedded profiles to their generator; go generate
// ./samples makes them anew.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	r, err := samples.Open()
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(write(t, "p.ndjson.gz", samples.Embedded)))
	if err != nil {
		t.Fatal(err)
	}
	want, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("the embedded profiles are not what the generator makes: run go generate ./samples")
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	dir := t.TempDir()
	err := gen.Write(ctx, filepath.Join(dir, "p.parquet"), small, func(int, int) {})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled Write gave %v", err)
	}
	if err := gen.Write(context.Background(), filepath.Join(dir, "p.txt"), small, func(int, int) {}); err == nil {
		t.Error("p.txt was written")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
