package resident_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// BenchmarkDescribed tells how much longer it takes to describe the values of a query, or to
// count the profiles by a field, than to count those for which its condition holds, each the best
// of the runs. SEGQ_PROFILES names a file of segq gen.
func BenchmarkDescribed(b *testing.B) {
	file := os.Getenv("SEGQ_PROFILES")
	if file == "" {
		b.Skip("SEGQ_PROFILES names no file")
	}
	table, _, err := load.OpenTable(b.Context(), []string{file}, load.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer table.Close()
	e := resident.Open(table, resident.Options{Threads: 2})
	defer e.Close()
	compile := func(text string) *check.Query {
		q, ds := lang.Compile(text, column.Catalog{Snapshot: table.Snapshot()}, check.Options{})
		if ds.Failed() {
			b.Fatal(ds)
		}
		return q
	}
	for _, text := range []string{
		`xEvent.count()`, `xEvent.sum(commerce.order.priceTotal)`, `homeAddress.city`, `loyalty.points`, `_tenant.scoring.churn`,
		`_tenant.favoriteColors`, `xEvent`, `loyalty.joinDate`, `person.name.firstName`, `homeAddress`, `_id`,
	} {
		described(b, e, text, exec.Query{Typed: compile(text), Values: true})
	}
	for _, by := range []string{"homeAddress.city", "loyalty.tier", "workEmail.primary", "loyalty.points", "person.birthYear", "loyalty.joinDate", "_tenant.scoring.churn", "homeAddress.postalCode"} {
		described(b, e, "by "+by, exec.Query{Typed: compile("true"), By: strings.Split(by, ".")})
		described(b, e, "some by "+by, exec.Query{Typed: compile("loyalty.points > 500"), By: strings.Split(by, ".")})
	}
}

func described(b *testing.B, e *resident.Engine, name string, asked exec.Query) {
	b.Run(name, func(b *testing.B) {
		plain := exec.Query{Typed: asked.Typed}
		least := [2]time.Duration{time.Hour, time.Hour}
		for b.Loop() {
			for i, q := range []exec.Query{plain, asked} {
				began := time.Now()
				results, err := e.Run(b.Context(), exec.Batch{Now: now, Queries: []exec.Query{q}})
				if err != nil || results[0].Err != nil {
					b.Skip(err, results)
				}
				least[i] = min(least[i], time.Since(began))
			}
		}
		b.ReportMetric(float64(least[0].Microseconds())/1000, "count-ms")
		b.ReportMetric(float64(least[1].Microseconds())/1000, "described-ms")
		b.ReportMetric(float64(least[1])/float64(least[0]), "times")
	})
}
