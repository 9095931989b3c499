package pack_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/pack"
	"github.com/segq/segq/lang/check"
)

// people has events, a map, an object and an id.
func people(t testing.TB, rows int) (*column.Snapshot, *load.Report) {
	t.Helper()
	var b strings.Builder
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range rows {
		fmt.Fprintf(&b, `{"_id":"p%07d","age":%d,"score":%v,"home":{"city":"c%d","zip":%d},"seen":"2026-01-%02dT00:00:00Z","identityMap":{"e%d":[{"id":"x"}]},"xEvent":[`,
			i, rng.IntN(90), rng.Float64(), rng.IntN(500), rng.IntN(100_000), 1+rng.IntN(28), rng.IntN(3))
		for e := range rng.IntN(4) {
			if e > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"type":"t%d","timestamp":"2026-02-01T00:00:%02dZ","total":%d}`, rng.IntN(5), rng.IntN(60), rng.IntN(1000))
		}
		b.WriteString("]}\n")
	}
	return read(t, b.String())
}

// reading returns what is read of paths of names; [] stands for what is in a list or map.
func reading(paths ...string) *check.Reads {
	r := &check.Reads{}
	for _, path := range paths {
		at := r
		for _, name := range strings.Split(path, ".") {
			if name == "[]" {
				at = at.Element()
			} else {
				at = at.Field(name)
			}
		}
	}
	return r
}

// A column is verified when it is asked for, with those that it is in, and stays what it is.
func TestColumnsLoadWhenTheyAreAskedFor(t *testing.T) {
	s, r := people(t, 500)
	table := open(t, packed(t, s, r))
	at := func(s *column.Snapshot, name string) column.Column { return s.Root.Fields[s.Schema.Field(name).Index] }
	unloaded := func(c column.Column) int {
		if u, ok := c.(*column.Unloaded); ok {
			return u.Len()
		}
		return -1
	}
	bare := table.Snapshot()
	for i, f := range bare.Schema.Fields {
		if unloaded(bare.Root.Fields[i]) != 500 {
			t.Errorf("%s is there before anybody asked: %T", f.Name, bare.Root.Fields[i])
		}
	}
	if bare.Rows() != 500 || bare.Fingerprint != s.Fingerprint {
		t.Errorf("%d rows of %s", bare.Rows(), bare.Fingerprint)
	}
	one := loaded(t, table, reading("home.zip", "xEvent"))
	home, events := at(one, "home").(*column.Struct), at(one, "xEvent").(*column.List)
	if unloaded(home.Fields[0]) != 500 || unloaded(home.Fields[1]) >= 0 || unloaded(events.Elem) != at(s, "xEvent").(*column.List).Elem.Len() || unloaded(at(one, "age")) != 500 {
		t.Error("there is not exactly what was asked for")
	}
	two := loaded(t, table, reading("xEvent.[].type", "identityMap", "age"))
	if home != at(two, "home") || at(two, "home").(*column.Struct).Fields[1] != home.Fields[1] {
		t.Error("a column that was there is another")
	}
	elem := at(two, "xEvent").(*column.List).Elem.(*column.Struct)
	if unloaded(elem.Fields[0]) >= 0 || unloaded(elem.Fields[1]) < 0 || unloaded(at(two, "identityMap").(*column.Map).Values) < 0 || at(two, "identityMap").(*column.Map).Keys == nil {
		t.Error("there is not exactly what was asked for")
	}
	if unloaded(at(one, "age")) != 500 || table.Snapshot() != two || loaded(t, table, reading("age")) != two {
		t.Error("a snapshot changed, or one was made for nothing")
	}
	same(t, s, loaded(t, table, all))
}

// Whoever asks at the same time gets what he has asked for, and everybody the same columns.
func TestManyAskAtOnce(t *testing.T) {
	s, r := people(t, 2000)
	table := open(t, packed(t, s, r))
	var wait sync.WaitGroup
	for i := range 16 {
		wait.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(i), 1))
			for range 20 {
				name := s.Schema.Fields[rng.IntN(len(s.Schema.Fields))].Name
				reads := &check.Reads{}
				reads.Field(name).All = true
				ctx, cancel := context.WithCancel(context.Background())
				if rng.IntN(3) == 0 {
					cancel()
				}
				got, release, err := table.Load(ctx, reads, func(done, total int64) {
					if done > total {
						t.Errorf("%d of %d bytes", done, total)
					}
				})
				if cancel(); err != nil {
					if !errors.Is(err, context.Canceled) {
						t.Error(err)
					}
					continue
				}
				f := got.Schema.Field(name)
				if column.FingerprintOf(&column.Struct{N: 2000, Fields: got.Root.Fields[f.Index : f.Index+1]}, check.ObjectOf(&check.Field{Name: name, Type: f.Type}), 1) !=
					column.FingerprintOf(&column.Struct{N: 2000, Fields: s.Root.Fields[f.Index : f.Index+1]}, check.ObjectOf(&check.Field{Name: name, Type: f.Type}), 1) {
					t.Errorf("%s is another", name)
				}
				release()
				release() // once is enough
			}
		})
	}
	wait.Wait()
	same(t, s, loaded(t, table, all))
}

// Nothing is read of a table that was closed, but by those who read it already.
func TestCloseWaitsForReaders(t *testing.T) {
	s, r := people(t, 100)
	table, err := pack.Open(packed(t, s, r))
	if err != nil {
		t.Fatal(err)
	}
	got, release, err := table.Load(t.Context(), all, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	same(t, s, got)
	if _, _, err := table.Load(t.Context(), all, nil); err == nil {
		t.Error("a closed table is loaded")
	}
	release()
	if _, ok := table.Snapshot().Root.Fields[0].(*column.Unloaded); !ok {
		t.Error("there are columns without memory")
	}
	if err := table.Close(); err != nil {
		t.Error(err)
	}
}

// A file that is changed while it is open is an error, and what takes its name is none.
func TestAFileThatChanges(t *testing.T) {
	s, r := people(t, 20_000)
	for name, test := range map[string]struct {
		change func(name string) error
		want   string
	}{
		"cut short":      {func(name string) error { return os.Truncate(name, 4096) }, "was cut short while it was open, from"},
		"cut off":        {func(name string) error { return os.Truncate(name, 0) }, "to 0 bytes"},
		"written to":     {func(name string) error { return overwrite(name, 100_000) }, "was written to while it was open"},
		"appended to":    {func(name string) error { return appendTo(name) }, "was written to while it was open"},
		"replaced":       {func(name string) error { return replace(name, []byte("something else")) }, ""},
		"removed":        {os.Remove, ""},
		"only looked at": {func(string) error { return nil }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.HasPrefix(name, "cut") {
				return // the system does not allow it
			}
			file := packed(t, s, r)
			table := open(t, file)
			before := loaded(t, table, reading("age"))
			if err := before.Lost(nil); err != nil {
				t.Error(err)
			}
			if err := test.change(file); err != nil {
				t.Fatal(err)
			}
			_, release, err := table.Load(t.Context(), all, nil)
			if err == nil {
				release()
			}
			lost := before.Lost(nil)
			if test.want == "" {
				if err != nil || lost != nil {
					t.Errorf("%v, %v", err, lost)
				}
				return
			}
			for i, err := range []error{err, lost} {
				var data *exec.DataError
				if err == nil || i == 0 && !errors.As(err, &data) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), file) {
					t.Errorf("%v", err)
				}
			}
		})
	}
}

func overwrite(name string, at int64) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt([]byte("something else"), at)
	return errors.Join(err, f.Close(), later(name))
}

func appendTo(name string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString("x")
	return errors.Join(err, f.Close())
}

// later makes the change of a file a later one than any before, however coarse the clock of
// the file system is.
func later(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	at := info.ModTime().Add(1e9)
	return os.Chtimes(name, at, at)
}

func replace(name string, b []byte) error {
	if err := os.WriteFile(name+".new", b, 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}
