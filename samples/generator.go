package samples

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Generator makes profiles. Equal generators make equal profiles; profile i
// depends on Seed, EventsPerProfile and i alone.
type Generator struct {
	Seed             uint64
	Profiles         int
	EventsPerProfile int // on average; most have fewer, some many more
}

// Profile makes profile i, from 0 to Profiles-1. It may be called from many
// goroutines.
func (g Generator) Profile(i int) Profile {
	m := &maker{Rand: rand.New(rand.NewPCG(g.Seed, uint64(i))), number: i}
	m.place = &places[m.weighted(func(k int) int { return places[k].weight }, len(places))]
	m.tier = m.weighted(func(k int) int { return [...]int{40, 25, 18, 12, 5}[k] }, 5)
	m.churn = m.score(m.tier)
	p := Profile{
		ID:          fmt.Sprintf("p-%07d", i),
		Person:      m.person(),
		HomeAddress: m.home(),
		TimeZone:    m.place.zone,
		Loyalty:     m.loyalty(),
		OptInOut:    m.optInOut(),
		Tenant:      m.tenant(),
	}
	if m.chance(90) {
		p.PreferredLanguage = ref(m.place.language)
	}
	m.contact(&p)
	p.IdentityMap = m.identities(&p)
	p.SegmentMembership = m.memberships()
	p.Events = m.events(g.EventsPerProfile)
	return p
}

// maker makes one profile. What it has decided steers what comes later.
type maker struct {
	*rand.Rand
	number int
	place  *place
	region *region
	tier   int     // index into tiers
	churn  float64 // from 0 to 1
}

// tiers are the loyalty tiers, the first meaning none.
var tiers = [...]string{"", "bronze", "silver", "gold", "platinum"}

// chance is true in so many per cent of the calls.
func (m *maker) chance(percent int) bool { return m.IntN(100) < percent }

// weighted returns one of n indices by weight.
func (m *maker) weighted(weight func(int) int, n int) int {
	total := 0
	for k := range n {
		total += weight(k)
	}
	pick := m.IntN(total)
	for k := range n {
		if pick -= weight(k); pick < 0 {
			return k
		}
	}
	return n - 1
}

func pick[T any](m *maker, from []T) T { return from[m.IntN(len(from))] }

func ref[T any](v T) *T { return &v }

// score returns the risk of churn: lower for the loyal.
func (m *maker) score(tier int) float64 {
	s := m.Float64() * (1 - 0.15*float64(tier))
	return float64(int(s*1000)) / 1000
}

func (m *maker) person() *Person {
	if m.chance(3) {
		return nil
	}
	p := &Person{Name: &Name{First: pick(m, m.place.first)}}
	if m.chance(95) {
		p.Name.Last = ref(pick(m, m.place.last))
	}
	if m.chance(88) {
		p.Gender = ref(pick(m, []string{"female", "female", "male", "male", "not_specified", "non_specific"}))
	}
	if m.chance(85) {
		year := 1940 + m.IntN(66)
		born := time.Date(year, time.Month(1+m.IntN(12)), 1+m.IntN(28), 0, 0, 0, 0, time.UTC)
		if year%4 == 0 && m.chance(5) {
			born = time.Date(year, 2, 29, 0, 0, 0, 0, time.UTC)
		}
		p.BirthDate, p.BirthYear = ref(Instant(born.UnixMilli())), ref(int64(year))
	}
	return p
}

func (m *maker) home() *Address {
	m.region = &m.place.regions[m.IntN(len(m.place.regions))]
	if m.chance(6) {
		return nil
	}
	a := &Address{Country: m.place.name, CountryCode: m.place.code, Primary: ref(m.chance(80))}
	if m.chance(95) {
		a.City, a.Region = ref(pick(m, m.region.cities)), ref(m.region.code)
	}
	if m.chance(3) {
		a.City = ref("")
	}
	if m.chance(70) {
		a.PostalCode = ref(fmt.Sprintf("%05d", m.IntN(100_000)))
	}
	return a
}

func (m *maker) loyalty() *Loyalty {
	if m.tier == 0 {
		return nil
	}
	l := &Loyalty{Tier: ref(tiers[m.tier]), Status: pick(m, []string{"active", "active", "active", "paused"})}
	switch points := int64(m.IntN(2500 * m.tier)); {
	case m.chance(1):
		l.Points = ref(-points)
	case m.chance(1):
		l.Points = ref(points * 1_000_000_000)
	case m.chance(95):
		l.Points = &points
	}
	if m.chance(92) {
		l.JoinDate = ref(Reference - Instant(m.IntN(2500))*day - Instant(m.IntN(86_400))*1000)
	}
	for range m.IntN(3) {
		l.Cards = append(l.Cards, fmt.Sprintf("L%06d", m.IntN(1_000_000)))
	}
	return l
}

func (m *maker) optInOut() map[string]string {
	if m.chance(15) {
		return nil
	}
	out := map[string]string{"email": pick(m, []string{"in", "in", "out", "pending"})}
	if m.chance(60) {
		out["sms"] = pick(m, []string{"in", "out", "not_provided"})
	}
	return out
}

// contact fills the ways to reach the customer.
func (m *maker) contact(p *Profile) {
	first := "anon"
	if p.Person != nil {
		first = strings.ToLower(p.Person.Name.First)
	}
	// A fifth of the numbers come twice, the second time in capitals.
	address := fmt.Sprintf("%s.%d@%s", first, m.number-m.number%5/4, pick(m, []string{"example.com", "example.edu", "mail.example.org"}))
	if m.number%5 == 4 {
		address = strings.ToUpper(address)
	}
	if m.chance(90) {
		p.PersonalEmail = &Email{Address: address, Primary: ref(true), Status: pick(m, []string{"active", "active", "pending_verification"})}
	}
	if m.chance(30) {
		p.WorkEmail = &Email{Address: first + "@work.example.com", Status: "active"}
		p.WorkAddress = &Address{Country: m.place.name, CountryCode: m.place.code, City: ref(pick(m, m.region.cities)), Region: ref(pick(m, m.place.regions).code)}
	}
	if m.chance(50) {
		p.MobilePhone = &Phone{Number: fmt.Sprintf("+1-555-%07d", m.IntN(10_000_000))}
	}
}

func (m *maker) identities(p *Profile) map[string][]Identity {
	out := map[string][]Identity{"ECID": {{ID: fmt.Sprintf("%016x", m.Uint64()), Primary: p.PersonalEmail == nil}}}
	if p.PersonalEmail != nil {
		out["Email"] = []Identity{{ID: p.PersonalEmail.Address, Primary: true}}
	}
	if m.chance(10) {
		out["ECID"] = append(out["ECID"], Identity{ID: fmt.Sprintf("%016x", m.Uint64())})
	}
	return out
}

// segments are the ids that segmentMembership knows.
var segments = []string{"e3be6d7f-1727-401f-a41e-c296b45f607a", "9e1646bb-57ff-4309-ba59-17d6c5bab6a1", "vip"}

func (m *maker) memberships() map[string]map[string]Membership {
	if m.chance(40) {
		return nil
	}
	ups := map[string]Membership{}
	for _, s := range segments {
		if m.chance(35) {
			ups[s] = Membership{
				Status: pick(m, []string{"realized", "realized", "existing", "exited"}),
				Since:  Reference - Instant(m.IntN(400))*day - Instant(m.IntN(86_400))*1000,
			}
		}
	}
	return map[string]map[string]Membership{"ups": ups}
}

func (m *maker) tenant() *Tenant {
	if m.chance(10) {
		return nil
	}
	t := &Tenant{Scoring: Scoring{Churn: m.churn}}
	for _, c := range colors {
		if m.chance(25) {
			t.FavoriteColors = append(t.FavoriteColors, c)
		}
	}
	for _, c := range cities {
		if m.chance(30) {
			t.VisitedCities = append(t.VisitedCities, c)
		}
		if m.chance(20) {
			t.FavoriteCities = append(t.FavoriteCities, c)
		}
	}
	if m.chance(80) {
		t.Scoring.Propensity = ref(float64(m.IntN(1001)) / 1000)
	}
	if m.chance(8) {
		t.Note = ref(pick(m, notes))
	}
	return t
}
