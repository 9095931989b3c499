package samples_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/samples"
)

type profile = samples.Profile

func at(t samples.Instant) time.Time { return time.UnixMilli(int64(t)).UTC() }

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

func home(p profile) samples.Address {
	return value(p.HomeAddress)
}

// some counts the events that meet a condition.
func some(p profile, meets func(samples.Event) bool) int {
	n := 0
	for _, e := range p.Events {
		if meets(e) {
			n++
		}
	}
	return n
}

func bought(e samples.Event) bool { return e.Type == "commerce.purchases" }

// totals lists the totals of the orders that were bought and have one.
func totals(p profile) []float64 {
	var out []float64
	for _, e := range p.Events {
		if bought(e) && e.Commerce != nil && e.Commerce.Order != nil && e.Commerce.Order.Total != nil {
			out = append(out, *e.Commerce.Order.Total)
		}
	}
	return out
}

const (
	day  = samples.Instant(24 * 3600 * 1000)
	week = 7 * day
)

// tour says in plain Go what each query of the tour asks.
var tour = map[string]func(profile) bool{
	"canadians":    func(p profile) bool { return p.HomeAddress != nil && home(p).CountryCode == "CA" },
	"elsewhere":    func(p profile) bool { return p.HomeAddress != nil && home(p).CountryCode != "CA" },
	"notCanadians": func(p profile) bool { return p.HomeAddress == nil || home(p).CountryCode != "CA" },
	"hasCity":      func(p profile) bool { return home(p).City != nil },
	"noPoints":     func(p profile) bool { return p.Loyalty != nil && p.Loyalty.Points == nil },
	"loyal": func(p profile) bool {
		return p.Loyalty != nil && (value(p.Loyalty.Tier) == "gold" || value(p.Loyalty.Tier) == "platinum")
	},
	"rich": func(p profile) bool {
		return p.Loyalty != nil && p.Loyalty.Points != nil && float64(*p.Loyalty.Points)/2 > 1500
	},
	"students": func(p profile) bool {
		return p.PersonalEmail != nil && strings.HasSuffix(strings.ToLower(p.PersonalEmail.Address), ".edu")
	},
	"likeJohn": func(p profile) bool {
		return p.Person != nil && p.Person.Name != nil && strings.HasPrefix(p.Person.Name.First, "John")
	},
	"bornInMarch": func(p profile) bool {
		return p.Person != nil && p.Person.BirthDate != nil && at(*p.Person.BirthDate).Month() == time.March
	},
	"worksAway": func(p profile) bool {
		h, w := home(p), value(p.WorkAddress)
		return h.Region != nil && w.Region != nil && *h.Region != *w.Region
	},
	"buyers":   func(p profile) bool { return some(p, bought) > 0 },
	"regulars": func(p profile) bool { return some(p, bought) >= 2 },
	"recentBuyers": func(p profile) bool {
		return some(p, func(e samples.Event) bool {
			return bought(e) && e.Timestamp > samples.Reference-90*day && e.Timestamp < samples.Reference
		}) > 0
	},
	"lastMonth": func(p profile) bool {
		return some(p, func(e samples.Event) bool {
			return at(e.Timestamp).Year() == 2026 && at(e.Timestamp).Month() == time.October
		}) > 0
	},
	"phoneBuyers": func(p profile) bool {
		return some(p, func(e samples.Event) bool {
			return bought(e) && slices.ContainsFunc(e.Items, func(i samples.Item) bool { return i.Name == "iPhone 15 Pro" })
		}) > 0
	},
	"discreet": func(p profile) bool {
		return p.Person != nil && value(p.Person.Gender) == "female" && some(p, func(e samples.Event) bool {
			return slices.ContainsFunc(e.Items, func(i samples.Item) bool { return i.SKU == "PS" })
		}) > 0
	},
	"bigSpenders": func(p profile) bool {
		sum := 0.0
		for _, t := range totals(p) {
			sum += t
		}
		return sum > 1000
	},
	"manyShops": func(p profile) bool {
		kinds := map[string]bool{}
		for _, e := range p.Events {
			if e.Device != nil {
				kinds[e.Device.Type] = true
			}
		}
		return len(kinds) >= 3
	},
	"soonAgain": func(p profile) bool {
		return some(p, func(a samples.Event) bool {
			return bought(a) && some(p, func(b samples.Event) bool {
				return bought(b) && b.Timestamp > a.Timestamp && b.Timestamp < a.Timestamp+2*week
			}) > 0
		}) > 0
	},
	"noTablet": func(p profile) bool {
		return some(p, func(e samples.Event) bool { return e.Device != nil && e.Device.Type == "tablet" }) == 0
	},
	"funnel": func(p profile) bool {
		steps, last := []string{"commerce.productViews", "commerce.productListAdds", "commerce.purchases"}, samples.Instant(-1)
		for _, e := range p.Events { // which are in order of time
			if len(steps) > 0 && e.Type == steps[0] && e.Timestamp >= last {
				steps, last = steps[1:], e.Timestamp
			}
		}
		return len(steps) == 0
	},
	"reachable": func(p profile) bool { return p.OptInOut["email"] == "in" },
	"member": func(p profile) bool {
		s := p.SegmentMembership["ups"]["vip"].Status
		return s == "realized" || s == "existing"
	},
	"twoDevices": func(p profile) bool { return len(p.IdentityMap["ECID"]) > 1 },
	"wishful": func(p profile) bool {
		if p.Tenant == nil || len(p.Tenant.FavoriteCities) == 0 || p.Tenant.VisitedCities == nil {
			return false
		}
		return !slices.ContainsFunc(p.Tenant.FavoriteCities, func(c string) bool { return !slices.Contains(p.Tenant.VisitedCities, c) })
	},
	"score": func(p profile) bool { return len(p.Events) >= 1 && len(p.Events) < 10 },
	"spent": func(p profile) bool { return len(totals(p)) > 0 },
}

// TestTourCounts counts the tour's audiences in plain Go and compares them with
// the counts that go with the tour.
func TestTourCounts(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for i := range samples.Embedded.Profiles {
		p := samples.Embedded.Profile(i)
		for name, meets := range tour {
			if meets(p) {
				counts[name]++
			}
		}
	}
	want := samples.TourCounts()
	if len(want) != len(tour) {
		t.Errorf("%d counts for %d queries", len(want), len(tour))
	}
	for name := range tour {
		if counts[name] != want[name] {
			t.Errorf("%s\t%s: the counts say %d", name, strconv.Itoa(counts[name]), want[name])
		}
		if counts[name] == 0 || counts[name] == samples.Embedded.Profiles {
			t.Errorf("%s is met by %d: it shows nothing", name, counts[name])
		}
	}
}
