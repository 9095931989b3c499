package qualify_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/lookup"
	"github.com/segq/segq/exec/qualify"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/samples"
)

// ndjson reads a table of lines.
func ndjson(tb testing.TB, text string, types map[string]string) *column.Snapshot {
	tb.Helper()
	snap, _, err := load.Reader(tb.Context(), strings.NewReader(text), "ndjson", "rows", load.Options{Types: types})
	if err != nil {
		tb.Fatal(err)
	}
	return snap
}

// rowsBy returns a table as a source.
func rowsBy(tb testing.TB, snap *column.Snapshot, key string) *lookup.Resident {
	tb.Helper()
	r, err := lookup.NewResident(tb.Context(), column.Resident(snap), key, 1)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// products are rows for two of three SKUs of a table; the brand of one is in no other table, and one has none.
func products(snap *column.Snapshot) string {
	var b strings.Builder
	items := snap.Root.Fields[snap.EventsField.Index].(*column.List).Elem.(*column.Struct).Fields[snap.EventsField.Type.Elem.Field("productListItems").Index]
	elem := snap.EventsField.Type.Elem.Field("productListItems").Type.Elem
	skus := items.(*column.List).Elem.(*column.Struct).Fields[elem.Field("SKU").Index].(*column.Strings)
	for i := range skus.Dict.Len() {
		if i%3 == 2 {
			continue
		}
		brand := fmt.Sprintf(`"b%d"`, i%5)
		if i%5 == 4 {
			brand = "null"
		}
		fmt.Fprintf(&b, `{"sku":%q,"brand":%s,"price":%d.5,"n":%d,"new":%v,"since":"2026-0%d-01T00:00:00Z","tags":["t%d","t%d"],"maker":{"city":"c%d"},"stock":{"n%d":%d,"z":1}}`+"\n",
			skus.Dict.At(uint32(i)), brand, i, i%7, i%2 == 0, 1+i%9, i%4, i%6, i%3, i%2, i)
	}
	return b.String()
}

// Rules over fields of lookups have the answers of the table, also through lists, maps, lists of keys and a lookup whose keys are
// in another; a profile that says so itself has no row for that.
func TestLookupsSameAsInTheTable(t *testing.T) {
	lines, snap := embedded(t, samples.Generator{Seed: 11, Profiles: 300, EventsPerProfile: 30})
	joined, err := lookup.New(column.Resident(snap), []lookup.Lookup{
		{Name: "product", Path: []string{"xEvent", "productListItems", "SKU"}, Source: rowsBy(t, ndjson(t, products(snap), map[string]string{"stock": "map"}), "sku")},
		{Name: "brand_row", Path: []string{"xEvent", "productListItems", "product", "brand"}, Source: rowsBy(t, ndjson(t, "{\"name\":\"b0\",\"land\":\"FR\"}\n{\"name\":\"b1\",\"land\":\"DE\"}\n{\"name\":\"b2\"}\n", nil), "name")},
		{Name: "city", Path: []string{"_tenant", "visitedCities"}, Source: rowsBy(t, ndjson(t, "{\"city\":\"Paris\",\"size\":3}\n{\"city\":\"Kyoto\",\"size\":1}\n", nil), "city")},
		{Name: "land", Path: []string{"homeAddress", "countryCode"}, Source: rowsBy(t, ndjson(t, "{\"code\":\"CA\",\"lower\":\"ca\"}\n{\"code\":\"US\",\"lower\":\"us\"}\n", nil), "code")},
	}, lookup.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	shape := joined.Snapshot()
	var queries []*check.Query
	for _, text := range []string{
		`xEvent.exists(productListItems.exists(product.price > 4))`,
		`xEvent.exists(productListItems.exists(product.n = 6 and product.new))`,
		`xEvent[productListItems.exists(product.isNull())].count() >= 2`,
		`xEvent[productListItems.exists(product.since occurs after 2026-04-15)].count() = 1`,
		`xEvent.exists(productListItems.exists(product.tags.contains("t3")))`,
		`xEvent.exists(productListItems.exists(product.maker.city = "c1" and quantity > 1))`,
		`xEvent.exists(productListItems.exists(product.stock["n1"] > 3))`,
		`xEvent.exists(productListItems.exists(product.stock["n0"].isNull()))`,
		`xEvent.exists(productListItems.exists(product.brand_row.land = "FR"))`,
		`xEvent.exists(productListItems.exists(product.brand_row.land.isNull() and product.brand.isNotNull()))`,
		`_tenant.city.exists(size > 2)`,
		`_tenant.city.exists(size.isNull())`,
		`homeAddress.land.lower = "ca" and xEvent.exists(productListItems.exists(product.price < 9))`,
		`homeAddress.land.isNull()`,
		`xEvent.productListItems.product.price.sum() > 40`,
		`loyalty.points > 100`,
	} {
		q, ds := lang.Compile(text, column.Catalog{Snapshot: shape}, check.Options{})
		if ds.Failed() {
			t.Logf("%s: %v", text, ds)
			t.Fail()
			continue
		}
		queries = append(queries, q)
	}
	if t.Failed() {
		t.FailNow()
	}
	e := resident.Open(joined, resident.Options{Threads: 1})
	defer e.Close()
	batch := exec.Batch{Now: now}
	for i, q := range queries {
		batch.Queries = append(batch.Queries, exec.Query{ID: fmt.Sprint(i), Typed: q, Sample: snap.Rows()})
	}
	results, err := e.Run(context.Background(), batch)
	if err != nil {
		t.Fatal(err)
	}
	q, err := qualify.New(context.Background(), queries, shape.Schema, qualify.Fields{}, joined)
	if err != nil {
		t.Fatal(err)
	}
	in, replaced := make([][]string, len(queries)), 0
	for _, line := range lines {
		own := strings.Replace(string(line), `"countryCode":`, `"land":{"lower":"ca"},"countryCode":`, 1)
		own = strings.ReplaceAll(own, `"SKU":`, `"product":{"price":1000},"SKU":`)
		if own != string(line) {
			replaced++
		}
		if err := q.Turn(t.Context(), []byte(own), now); err != nil {
			t.Fatal(err)
		}
		if said := q.Unfit(t.Context(), []byte(own)); len(said) > 0 {
			t.Fatal(said)
		}
		id := strings.Trim(string(q.AppendID(nil)), `"`)
		for i := range queries {
			is, err := q.In(i)
			if err != nil {
				t.Fatal(err)
			}
			if is {
				in[i] = append(in[i], id)
			}
		}
	}
	for i := range queries {
		if !slices.Equal(in[i], results[i].Sample) {
			t.Errorf("%s: one by one %d, in the table %d", queries[i].Canonical, len(in[i]), results[i].Count)
		}
		if results[i].Count == 0 || results[i].Count == snap.Rows() {
			t.Errorf("%s: %d of %d tells little", queries[i].Canonical, results[i].Count, snap.Rows())
		}
	}
	if replaced < len(lines)/2 {
		t.Errorf("only %d profiles have fields in the place of lookups", replaced)
	}
	if err := q.Turn(t.Context(), []byte(`{}`), now); err != nil {
		t.Fatal(err)
	}
	if is, err := q.In(13); !is || err != nil {
		t.Errorf("a profile without a key has a row: %v", err)
	}
}
