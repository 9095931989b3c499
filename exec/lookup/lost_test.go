package lookup

import (
	"errors"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// What the keys are in may be gone, as a file that was cut short: that is an error, whatever goroutine reads them.
func TestKeysThatAreLost(t *testing.T) {
	a, b := "a", "b"
	f := &check.Field{Name: "k", Type: check.StringType}
	table := func(c column.Column, lost func(any) error) column.Table {
		return column.Resident(&column.Snapshot{Schema: check.ObjectOf(&check.Field{Name: "k", Type: f.Type}), Root: &column.Struct{N: c.Len(), Fields: []column.Column{c}}, Lost: lost})
	}
	source, err := NewResident(t.Context(), table(textColumn([]*string{&a, &b}), nil), "k", 1)
	if err != nil {
		t.Fatal(err)
	}
	gone := errors.New("the file is gone")
	keys := textColumn([]*string{&a, &b})
	keys.Offsets[2] = 1000
	over, err := New(table(keys, func(fault any) error { return gone }), []Lookup{{Name: "x", Path: []string{"k"}, Source: source}}, Options{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := over.Load(t.Context(), &check.Reads{All: true}, nil); !errors.Is(err, gone) {
		t.Errorf("%v", err)
	}
}
