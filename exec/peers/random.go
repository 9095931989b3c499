package main

import "math/rand/v2"

// The fields of the flat table that rules ask about.
var (
	state      = &field{pql: "address.state", sql: "state"}
	city       = &field{pql: "address.city", sql: "city"}
	country    = &field{pql: "address.country", sql: "country"}
	gender     = &field{pql: "person.gender", sql: "gender"}
	age        = &field{pql: "person.age", sql: "age", nullable: true}
	surname    = &field{pql: "person.lastName", sql: "lastName"}
	language   = &field{pql: "person.lang", sql: "lang"}
	tier       = &field{pql: "loyalty.tier", sql: "tier", nullable: true}
	points     = &field{pql: "loyalty.points", sql: "points"}
	optEmail   = &field{pql: "optInOut.email", sql: "optEmail"}
	optSMS     = &field{pql: "optInOut.sms", sql: "optSms"}
	optPush    = &field{pql: "optInOut.push", sql: "optPush"}
	churnScore = &field{pql: "churnScore", sql: "churnScore"}
	ltv        = &field{pql: "ltv", sql: "ltv"}
	signup     = &field{pql: "signupTs", sql: "signupTs"}
	lastSeen   = &field{pql: "lastSeenDays", sql: "lastSeenDays"}
	hasApp     = &field{pql: "hasApp", sql: "hasApp"}
	isVerified = &field{pql: "isVerified", sql: "isVerified"}
	isEmployee = &field{pql: "isEmployee", sql: "isEmployee"}
	isMobile   = &field{pql: "isMobile", sql: "isMobile"}
	email      = &field{pql: "email", sql: "email"}
)

// generator makes random rules. Equal seeds make equal rules, and a few of them
// are the beginning of many.
type generator struct{ *rand.Rand }

func newGenerator(seed uint64) generator {
	return generator{rand.New(rand.NewPCG(seed, 99))}
}

// flatRules makes n rules of four atoms on average; a range is two.
func flatRules(n int) []rule {
	g := newGenerator(11)
	out := make([]rule, n)
	for i := range out {
		clauses := make(all, 2+g.IntN(3))
		for k := range clauses {
			clauses[k] = g.clause()
		}
		out[i] = clauses
	}
	return out
}

// clause makes an atom, the negation of one, or a choice of two.
func (g generator) clause() rule {
	switch g.IntN(10) {
	case 0, 1:
		return some{g.atom(), g.atom()}
	case 2:
		return not{g.atom()}
	}
	return g.atom()
}

// atom makes a test of a profile.
func (g generator) atom() rule {
	kinds := []func(generator) rule{
		generator.place, generator.place, generator.place, generator.person, generator.person, generator.person,
		generator.loyalty, generator.loyalty, generator.number, generator.number, generator.choice, generator.window,
	}
	return pick(g.Rand, kinds)(g)
}

func compare(f *field, op string, v any) atom { return atom{f, op, []any{v}} }

// between is a range, both ends included.
func between(f *field, least, most any) rule {
	return all{compare(f, ">=", least), compare(f, "<=", most)}
}

// among makes a membership in a few values of a skewed dictionary.
func (g generator) among(f *field, from []string, most int) rule {
	var values []any
	for range 2 + g.IntN(most-1) {
		values = append(values, from[skewed(g.Rand, len(from))])
	}
	return atom{f, "in", values}
}

func (g generator) place() rule {
	switch g.IntN(6) {
	case 0:
		return compare(state, "=", states[skewed(g.Rand, len(states))])
	case 1:
		return g.among(state, states, 4)
	case 2:
		return compare(country, pick(g.Rand, []string{"=", "!="}), countries[skewed(g.Rand, len(countries))])
	case 3:
		return g.among(country, countries, 3)
	case 4:
		return g.among(city, cities, 5)
	}
	return compare(city, "=", cities[skewed(g.Rand, len(cities))])
}

func (g generator) person() rule {
	switch g.IntN(8) {
	case 0:
		return compare(gender, "=", pick(g.Rand, genders))
	case 1:
		return compare(language, "=", pick(g.Rand, langs))
	case 2:
		return compare(surname, "=", lastNames[skewed(g.Rand, len(lastNames))])
	case 3:
		name := pick(g.Rand, lastNames)
		return atom{surname, "prefix", []any{name[:2+g.IntN(3)]}}
	case 4:
		return atom{field: age, op: pick(g.Rand, []string{"null", "notNull"})}
	case 5:
		return compare(age, pick(g.Rand, []string{"<", "<=", ">", ">="}), 20+g.IntN(60))
	}
	least := 18 + g.IntN(50)
	return between(age, least, least+5+g.IntN(25))
}

func (g generator) loyalty() rule {
	switch g.IntN(5) {
	case 0:
		return compare(tier, pick(g.Rand, []string{"=", "!="}), pick(g.Rand, tiers))
	case 1:
		return g.among(tier, tiers, 2)
	case 2:
		return atom{field: tier, op: pick(g.Rand, []string{"null", "notNull"})}
	case 3:
		least := 10 * g.IntN(400)
		return between(points, least, least+100*(1+g.IntN(40)))
	}
	return compare(points, pick(g.Rand, []string{"<", ">="}), 10*g.IntN(600))
}

func (g generator) number() rule {
	op := pick(g.Rand, []string{"<", "<=", ">", ">="})
	switch g.IntN(4) {
	case 0:
		return compare(lastSeen, op, g.IntN(200))
	case 1:
		return compare(ltv, op, float64(2*g.IntN(500)))
	case 2:
		least := float64(5 * g.IntN(120))
		return between(ltv, least, least+float64(20*(1+g.IntN(20))))
	}
	return compare(churnScore, op, float64(1+g.IntN(999))/1000)
}

func (g generator) choice() rule {
	if g.IntN(2) == 0 {
		return compare(pick(g.Rand, []*field{optEmail, optSMS, optPush}), "=", pick(g.Rand, optIns))
	}
	return atom{field: pick(g.Rand, []*field{hasApp, isVerified, isEmployee, isMobile}), op: "true"}
}

func (g generator) window() rule {
	return atom{signup, pick(g.Rand, []string{"within", "before"}), []any{7 * (1 + g.IntN(200))}}
}

// atoms counts the atoms of rules, and how many of them are different.
func atoms(rules []rule) (n, distinct int) {
	seen := map[string]bool{}
	for _, r := range rules {
		walk(r, func(r rule) {
			if a, ok := r.(atom); ok {
				n++
				seen[a.pql()] = true
			}
		})
	}
	return n, len(seen)
}
