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
{"_id":"b","home":{"city":"rimini"},"xEvent":[{"type":"view","items":[{"sku":"y"}]}]}
{"_id":"c","home":{"city":"Rome"},"n":1}
`
	snap, _, err := load.Reader(context.Background(), strings.NewReader(data), "ndjson", "test", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, snap := range map[string]*column.Snapshot{"strings": snap, "texts": exectest.AsTexts(snap)} {
		t.Run(name, func(t *testing.T) { topValues(t, column.NewValues(snap)) })
	}
}

func TestHolders(t *testing.T) {
	const data = `{"_id":"a","home":{"city":"Rome"},"xEvent":[{"items":[{"sku":"x"},{"sku":"x"}]},{"items":[{"sku":"x"}]}]}
{"_id":"b","home":{"city":"Rome"},"xEvent":[{"items":[{"sku":"y"},{}]}]}
{"_id":"c","xEvent":[{},{"items":[{"sku":"x"}]}]}
`
	snap, _, err := load.Reader(context.Background(), strings.NewReader(data), "ndjson", "test", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, snap := range []*column.Snapshot{snap, exectest.AsTexts(snap)} {
		for path, want := range map[string][]int{"home.city": {2, 0, 0, 0}, "xEvent.items.sku": {0, 2, 1, 0}, "nothing": {0, 0, 0, 0}} {
			if got := column.NewValues(snap).Holders(strings.Split(path, "."), []string{"Rome", "x", "y", "none"}); !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", path, got, want)
			}
		}
	}
}

func topValues(t *testing.T, values *column.Values) {
	t.Helper()
	for _, c := range []struct {
		path, prefix string
		limit        int
		want         []column.ValueCount
	}{
		{"home.city", "", 9, []column.ValueCount{{"Rome", 2}, {"rimini", 1}}},
		{"home.city", "RI", 9, []column.ValueCount{{"rimini", 1}}},
		{"home.city", "", 1, []column.ValueCount{{"Rome", 2}}},
		{"xEvent.type", "", 9, []column.ValueCount{{"view", 2}, {"order", 1}}},
		{"xEvent.items.sku", "", 9, []column.ValueCount{{"y", 2}, {"x", 1}}},
		{"n", "", 9, nil},
		{"home", "", 9, nil},
		{"home.street", "", 9, nil},
		{"n.city", "", 9, nil},
	} {
		got := values.Top(strings.Split(c.path, "."), c.prefix, c.limit)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s %q: %v, want %v", c.path, c.prefix, got, c.want)
		}
	}
}
