package qualify_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/qualify"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/samples"
)

var now = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// embedded returns the lines of some embedded profiles, and the table of them all.
func embedded(tb testing.TB, generator samples.Generator) (lines [][]byte, snap *column.Snapshot) {
	tb.Helper()
	for i := range generator.Profiles {
		line, err := json.Marshal(generator.Profile(i))
		if err != nil {
			tb.Fatal(err)
		}
		lines = append(lines, line)
	}
	text := strings.NewReader(string(slices.Concat(join(lines)...)))
	snap, _, err := load.Reader(context.Background(), text, "ndjson", "samples", load.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return lines, snap
}

func join(lines [][]byte) [][]byte {
	var all [][]byte
	for _, l := range lines {
		all = append(all, l, []byte("\n"))
	}
	return all
}

// mixed returns rules, half of them over fields of the profile and half over its events, no two alike.
func mixed(tb testing.TB, schema *check.Type, n int) []*check.Query {
	tb.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	country := func() string { return pick("CA", "US", "GB", "IN", "FR", "DE", "JP", "BR") }
	flat := []func() string{
		func() string { return fmt.Sprintf(`homeAddress.countryCode = %q`, country()) },
		func() string {
			return fmt.Sprintf(`loyalty.tier in [%q, %q]`, pick("gold", "silver"), pick("platinum", "bronze"))
		},
		func() string { return fmt.Sprintf(`loyalty.points %s %d`, pick(">", "<="), r.IntN(5000)) },
		func() string { return fmt.Sprintf(`_tenant.scoring.churn < 0.%03d`, r.IntN(1000)) },
		func() string { return fmt.Sprintf(`person.birthYear >= %d`, 1930+r.IntN(80)) },
		func() string {
			return fmt.Sprintf(`personalEmail.address.endsWith(".%s", false)`, pick("edu", "com", "org"))
		},
		func() string { return fmt.Sprintf(`preferredLanguage != %q`, pick("en", "fr", "hi", "de")) },
		func() string {
			return fmt.Sprintf(`_tenant.visitedCities.contains(%q)`, pick("Paris", "Lisbon", "London", "Kyoto"))
		},
	}
	types := func() string {
		return pick("commerce.purchases", "commerce.productViews", "web.webpagedetails.pageViews", "commerce.saveForLaters", "commerce.productListAdds")
	}
	event := []func() string{
		func() string { return fmt.Sprintf(`eventType = %q`, types()) },
		func() string { return fmt.Sprintf(`timestamp occurs < %d days before now`, 1+r.IntN(365)) },
		func() string { return fmt.Sprintf(`device.type = %q`, pick("mobile", "desktop", "tablet")) },
		func() string { return fmt.Sprintf(`productListItems[priceTotal > %d]`, r.IntN(1500)) },
	}
	several := func(from []func() string, most int) string {
		var parts []string
		for range 2 + r.IntN(most-1) {
			parts = append(parts, from[r.IntN(len(from))]())
		}
		return strings.Join(parts, " and ")
	}
	empty, err := qualify.Empty(schema, qualify.Fields{})
	if err != nil {
		tb.Fatal(err)
	}
	queries := make([]*check.Query, n)
	for i := range queries {
		text := several(flat, 4)
		if i%2 == 1 {
			text = fmt.Sprintf("xEvent[%s].count() >= %d", several(event, 3), 1+r.IntN(3))
			if r.IntN(2) == 0 {
				text += " and " + flat[r.IntN(len(flat))]()
			}
		}
		q, ds := lang.Compile(text, column.Catalog{Snapshot: empty}, check.Options{})
		if ds.Failed() {
			tb.Fatalf("%s: %v", text, ds)
		}
		queries[i] = q
	}
	return queries
}

// The profiles of a table are in the same rules one by one as the engine finds them, also where they have
// more events than a word has bits.
func TestSameAsInTheTable(t *testing.T) {
	for _, events := range []int{10, 60} {
		t.Run(fmt.Sprint(events), func(t *testing.T) {
			sameAsInTheTable(t, samples.Generator{Seed: 7, Profiles: 400, EventsPerProfile: events})
		})
	}
}

func sameAsInTheTable(t *testing.T, generator samples.Generator) {
	lines, snap := embedded(t, generator)
	queries := mixed(t, snap.Schema, 300)
	batch := exec.Batch{Now: now}
	for i, q := range queries {
		batch.Queries = append(batch.Queries, exec.Query{ID: fmt.Sprint(i), Typed: q, Sample: snap.Rows()})
	}
	e := resident.Open(column.Resident(snap), resident.Options{Threads: 1})
	defer e.Close()
	results, err := e.Run(context.Background(), batch)
	if err != nil {
		t.Fatal(err)
	}
	q, err := qualify.New(context.Background(), queries, snap.Schema, qualify.Fields{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	in, some := make([][]string, len(queries)), 0
	for _, line := range lines {
		if err := q.Turn(context.Background(), line, now); err != nil {
			t.Fatal(err)
		}
		id := strings.Trim(string(q.AppendID(nil)), `"`)
		for i := range queries {
			is, err := q.In(i)
			if err != nil {
				t.Fatal(err)
			}
			if is {
				in[i] = append(in[i], id)
				some++
			}
		}
	}
	for i := range queries {
		if !slices.Equal(in[i], results[i].Sample) {
			t.Errorf("%s: one by one %d, in the table %d", queries[i].Canonical, len(in[i]), results[i].Count)
		}
	}
	if some < 1000 {
		t.Errorf("only %d answers are yes", some)
	}
}

// BenchmarkQualify is one profile of ten events and 1000 rules: read, asked of each, and the two
// quantiles of that. Sub-benchmarks leave the rules out, or the reading.
func BenchmarkQualify(b *testing.B) {
	lines, snap := embedded(b, samples.Generator{Seed: 1, Profiles: 2000, EventsPerProfile: 10})
	lines = slices.DeleteFunc(lines, func(l []byte) bool { n := strings.Count(string(l), "eventType"); return n < 8 || n > 12 })
	queries := mixed(b, snap.Schema, 1000)
	q, err := qualify.New(context.Background(), queries, snap.Schema, qualify.Fields{}, nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, bench := range []struct {
		name        string
		read, rules bool
	}{{"both", true, true}, {"read", true, false}} {
		b.Run(bench.name, func(b *testing.B) {
			took := make([]time.Duration, 0, b.N)
			for i := range b.N {
				begin := time.Now()
				// Every call has a now of its own, as those of a service have.
				if err := q.Turn(context.Background(), lines[i%len(lines)], now.Add(time.Duration(i)*time.Millisecond)); err != nil {
					b.Fatal(err)
				}
				for rule := range len(queries) {
					if !bench.rules {
						break
					}
					if _, err := q.In(rule); err != nil {
						b.Fatal(err)
					}
				}
				took = append(took, time.Since(begin))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "p99-µs")
		})
	}
	b.Run("compile", func(b *testing.B) {
		for range b.N {
			if _, err := qualify.New(context.Background(), queries, snap.Schema, qualify.Fields{}, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
