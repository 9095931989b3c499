package samples

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// eventTypes are the kinds of events with their weights.
var eventTypes = []struct {
	name   string
	weight int
}{
	{"web.webpagedetails.pageViews", 34},
	{"commerce.productViews", 22},
	{"directMarketing.emailOpened", 10},
	{"commerce.productListAdds", 8},
	{"commerce.purchases", 8},
	{"web.webinteraction.linkClicks", 6},
	{"commerce.checkouts", 5},
	{"directMarketing.emailClicked", 3},
	{"application.launch", 2},
	{"commerce.saveForLaters", 1},
	{"location.entry", 1},
}

// events makes the events in order of time. A few profiles have none, or no list
// of them at all.
func (m *maker) events(average int) []Event {
	if m.chance(2) {
		return nil
	}
	out := make([]Event, m.eventCount(average))
	for i := range out {
		out[i] = m.event()
	}
	slices.SortStableFunc(out, func(a, b Event) int { return int(min(max(a.Timestamp-b.Timestamp, -1), 1)) })
	for i := range out {
		if i > 0 && m.chance(2) {
			out[i].Timestamp = out[i-1].Timestamp
		}
		out[i].ID = fmt.Sprintf("e-%d-%d", m.number, i)
	}
	return out
}

// eventCount returns a number with the mean of average and a long tail. The loyal
// do more.
func (m *maker) eventCount(average int) int {
	mean := float64(average) * (0.7 + 0.2*float64(m.tier))
	return int(min(m.ExpFloat64()*mean, 50*mean))
}

// event makes one event, some time in the last three years. Customers at risk
// have not been seen for a while.
func (m *maker) event() Event {
	k := m.weighted(func(k int) int { return eventTypes[k].weight }, len(eventTypes))
	e := Event{Timestamp: m.moment(), Type: eventTypes[k].name}
	switch e.Type {
	case "commerce.purchases":
		m.purchase(&e)
	case "commerce.checkouts":
		e.Commerce = &Commerce{Checkouts: &Measure{1}}
		e.Items = m.items(1 + m.IntN(3))
	case "commerce.productViews":
		e.Commerce = &Commerce{Views: &Measure{1}}
		e.Items = m.items(1)
	case "commerce.productListAdds", "commerce.saveForLaters":
		e.Items = m.items(1)
	case "web.webpagedetails.pageViews":
		name := pick(m, []string{"Home", "Sports", "equipment", "Men", "Women", "Sale"})
		e.Web = &Web{Page: &Page{Name: name}}
		if m.chance(90) {
			e.Web.Page.IsHome = ref(name == "Home")
		}
	}
	if m.chance(80) {
		e.Device = &Device{Type: pick(m, []string{"mobile", "mobile", "desktop", "tablet"})}
		if e.Device.Type == "mobile" {
			e.Device.Model = ref(pick(m, []string{"X1", "iPhone 15 Pro", "Pixel 9"}))
		}
	}
	return e
}

// leapDay is 29 February 2024 at noon, a moment that date arithmetic gets wrong.
var leapDay = Instant(time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC).UnixMilli())

// moment returns a time before Reference: recent times are likelier, and likelier
// still for those who stay. Some lie on midnight.
func (m *maker) moment() Instant {
	if m.chance(1) {
		return leapDay
	}
	quiet := 200 * m.churn
	days := min(quiet+m.ExpFloat64()*180, 3*365-1)
	at := Reference - Instant(days*float64(day))
	at -= at % 1000
	if m.chance(2) {
		at -= at % day
	}
	return min(at, Reference-1000)
}

func (m *maker) purchase(e *Event) {
	e.Items = m.items(1 + m.IntN(4))
	total := 0.0
	for _, i := range e.Items {
		if i.Price != nil {
			total += *i.Price
		}
	}
	order := &Order{PurchaseID: fmt.Sprintf("o-%d", m.IntN(10_000_000)), Currency: m.place.currency}
	if m.chance(94) {
		order.Total = ref(cents(total))
	}
	if m.chance(1) {
		order.PurchaseID = ""
	}
	e.Commerce = &Commerce{Order: order, Purchases: &Measure{1}}
}

func (m *maker) items(n int) []Item {
	out := make([]Item, n)
	for i := range out {
		p := pick(m, products)
		out[i] = Item{SKU: p.sku, Name: p.name, Quantity: int64(1 + m.IntN(3))}
		if m.chance(97) {
			out[i].Price = ref(cents(p.price * float64(out[i].Quantity)))
		}
		for _, c := range p.categories {
			out[i].Categories = append(out[i].Categories, Category{c})
		}
	}
	return out
}

func cents(x float64) float64 { return math.Round(x*100) / 100 }
