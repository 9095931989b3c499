package check_test

import (
	"strings"
	"testing"

	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// TestFields: the paths that a query reads, by hand.
func TestFields(t *testing.T) {
	t.Parallel()
	c := &catalog{events: "ev", profile: readSchema(t, `n int
tier string
home object
  city string
  geo object
    lat float
ev list object
  timestamp timestamp
  eventType string
  order object
    total float
  items list object
    sku string
    cats list object
      name string
prices map object
  amount float
deep map map object
  at timestamp`)}
	adults, _ := parse.Query(`home.geo.lat > 1 and n > 1`)
	inner, ds := check.Check(adults, c, check.Options{})
	if ds.Failed() {
		t.Fatal(ds)
	}
	c.segments = map[string]*check.Query{"adults": inner}
	for text, want := range map[string]string{
		`1 = 1`:                "",
		`n > 1 and tier = "a"`: "n tier",
		`home.geo.lat > 1`:     "home home.geo home.geo.lat",
		`isNotNull(home)`:      "home",
		`ev.count() > 1`:       "ev",
		`ev.order.total > 1`:   "ev ev.order ev.order.total",
		`ev[order.total > 1]`:  "ev ev.order ev.order.total",
		`ev.items.sku = "a"`:   "ev ev.items ev.items.sku",
		`ev[items[sku = "a"].count() > 1].topN(timestamp, 1).items.cats.name = "x"`:  "ev ev.items ev.items.cats ev.items.cats.name ev.items.sku ev.timestamp",
		`exists X from ev where X.order.total > n`:                                   "ev ev.order ev.order.total n",
		`(select X from ev where X.eventType = "a").order.total > 1`:                 "ev ev.eventType ev.order ev.order.total",
		`exists E from ev, I from E.items where I.sku = tier`:                        "ev ev.items ev.items.sku tier",
		`sum I.order.total over I from ev > 1`:                                       "ev ev.order ev.order.total",
		`chain(ev, timestamp, [A: WHAT(eventType = "a"), B: WHAT(order.total > 1)])`: "ev ev.eventType ev.order ev.order.total ev.timestamp",
		`ev.map((X) => X.order).total > 1`:                                           "ev ev.order ev.order.total",
		`ev.head().order.total > 1`:                                                  "ev ev.order ev.order.total",
		`prices.get("EUR").amount > 1`:                                               "prices prices{} prices{}.amount",
		`deep.get("a").get("b").at occurs today`:                                     "deep deep{} deep{}{} deep{}{}.at",
		`prices.values().amount > 1`:                                                 "prices prices{} prices{}.amount",
		`"a" in prices.keys()`:                                                       "prices prices{}",
		`inSegment("adults") and tier = "a"`:                                         "home home.geo home.geo.lat n tier",
		`if(n > 1, home, home).city = "a"`:                                           "home home.city n",
	} {
		x, ds := parse.Query(text)
		if ds.Failed() {
			t.Errorf("%s: %v", text, ds)
			continue
		}
		q, ds := check.Check(x, c, check.Options{})
		if ds.Failed() {
			t.Errorf("%s: %v", text, ds)
			continue
		}
		if got := strings.Join(check.Fields(q.Root), " "); got != want {
			t.Errorf("%s reads %q, not %q", text, got, want)
		}
	}
}
