package column_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
)

func TestValues(t *testing.T) {
	const data = `{"_id":"a","home":{"city":"Rome"},"xEvent":[{"type":"view","items":[{"sku":"x"},{"sku":"y"}]},{"type":"order"}]}
{"_id":"b","home":{"city":"rimini"},"same":"s","attrs":{"city":"Rome","mail":"b@x.y"},"tagged":{"t":["r","s","r"],"u":["v"]},"scores":{"a b":{"sku":"x"},"c":{"sku":"z"}},"xEvent":[{"type":"view","items":[{"sku":"y"}]}]}
{"_id":"c","home":{"city":"Rome"},"same":"s","n":1,"attrs":{"city":"Oslo","mail":null,"none":null},"tagged":{"t":["r",null]},"scores":{"a b":{"n":1}}}
{"_id":"d","attrs":{"city":"Rome"}}
`
	snap, _, err := load.Reader(context.Background(), strings.NewReader(data), "ndjson", "test", load.Options{Types: map[string]string{"scores": "map", "attrs": "map", "tagged": "map"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, snap := range map[string]*column.Snapshot{"strings": snap, "texts": exectest.AsTexts(snap)} {
		t.Run(name, func(t *testing.T) { counted(t, snap) })
	}
}

// counted checks the counts of TestValues.
func counted(t *testing.T, snap *column.Snapshot) {
	t.Helper()
	for _, c := range []struct {
		path          string
		keys          bool
		slots, filled int
		want          []column.ValueCount
	}{
		{"home.city", false, 4, 3, []column.ValueCount{{"Rome", 2}, {"rimini", 1}}},
		{"xEvent.type", false, 3, 3, []column.ValueCount{{"view", 2}, {"order", 1}}},
		{"xEvent.items.sku", false, 3, 3, []column.ValueCount{{"y", 2}, {"x", 1}}},
		{"same", false, 4, 2, []column.ValueCount{{"s", 2}}},
		{"scores", true, 3, 3, []column.ValueCount{{"a b", 2}, {"c", 1}}},
		{"scores{a b}.sku", false, 4, 1, []column.ValueCount{{"x", 1}}},
		{"scores{c}.sku", false, 4, 1, []column.ValueCount{{"z", 1}}},
		{"attrs{city}", false, 4, 3, []column.ValueCount{{"Rome", 2}, {"Oslo", 1}}},
		{"attrs{mail}", false, 4, 1, []column.ValueCount{{"b@x.y", 1}}},
		{"attrs{none}", false, 4, 0, nil},
		{"attrs{nowhere}", false, 4, 0, nil},
		{"tagged{t}", false, 4, 2, []column.ValueCount{{"r", 3}, {"s", 1}}},
		{"tagged{u}", false, 4, 1, []column.ValueCount{{"v", 1}}},
		{"scores", false, 4, 2, nil},
		{"n", false, 4, 1, nil},
		{"xEvent", false, 4, 2, nil},
		{"xEvent.items", false, 3, 2, nil},
		{"home", false, 4, 3, nil},
	} {
		l := column.LeafOf(snap, strings.Split(c.path, "."), c.keys)
		if l == nil {
			t.Errorf("%s: there is none", c.path)
			continue
		}
		got, ok, err := l.Count(t.Context(), 10)
		if !slices.Equal(got, c.want) || !ok || err != nil || l.Slots() != c.slots || l.Filled() != c.filled {
			t.Errorf("%s: %v, %v (%v), %d of %d, want %v", c.path, got, ok, err, l.Filled(), l.Slots(), c)
		}
		if _, ok, _ := l.Count(t.Context(), 1); ok != (len(c.want) < 2) {
			t.Errorf("%s: there is room for one value: %v", c.path, ok)
		}
	}
	for _, none := range []string{"home.street", "n.city", "scores.sku", "nothing", "scores{}.sku", "attrs{}", "home{city}", "attrs{city", "scores{c}.none", "{}", "{x}"} {
		if column.LeafOf(snap, strings.Split(none, "."), false) != nil {
			t.Errorf("%s: there is one", none)
		}
	}
	if column.LeafOf(snap, []string{"home"}, true) != nil {
		t.Error("an object has no keys")
	}
}

func TestHolders(t *testing.T) {
	const data = `{"_id":"a","home":{"city":"Rome"},"xEvent":[{"items":[{"sku":"x"},{"sku":"x"}]},{"items":[{"sku":"x"}]}]}
{"_id":"b","home":{"city":"Rome"},"xEvent":[{"items":[{"sku":"y"},{}]}]}
{"_id":"c","tagged":{"t":["Rome","Rome"],"u":["x"]},"xEvent":[{},{"items":[{"sku":"x"}]}]}
{"_id":"d","tagged":{"u":["y"],"t":["Rome",null,"x"]}}
`
	snap, _, err := load.Reader(context.Background(), strings.NewReader(data), "ndjson", "test", load.Options{Types: map[string]string{"tagged": "map"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, snap := range []*column.Snapshot{snap, exectest.AsTexts(snap)} {
		for path, want := range map[string][]int{"home.city": {2, 0, 0, 0}, "xEvent.items.sku": {0, 2, 1, 0}, "tagged{t}": {2, 1, 0, 0}, "tagged{u}": {0, 1, 1, 0}, "tagged{v}": {0, 0, 0, 0}} {
			l := column.LeafOf(snap, strings.Split(path, "."), false)
			if got, err := l.Holders(t.Context(), []string{"Rome", "x", "y", "none"}); !slices.Equal(got, want) || err != nil {
				t.Errorf("%s: %v (%v), want %v", path, got, err, want)
			}
		}
	}
}
