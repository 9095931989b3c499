package main

// The fields of an event.
var (
	eventType = &field{pql: "type", sql: "type"}
	eventTime = &field{pql: "timestamp", sql: "ts"}
	total     = &field{pql: "commerce.order.total", sql: "total", nullable: true}
	product   = &field{pql: "productId", sql: "product", nullable: true}
)

// eventRules makes n rules about a profile and its events.
func eventRules(n int) []rule {
	g := newGenerator(12)
	out := make([]rule, n)
	for i := range out {
		clauses := all{g.count()}
		switch g.IntN(10) {
		case 0, 1, 2, 3, 4:
			clauses = append(clauses, g.profileAtom())
		case 5:
			clauses = append(clauses, g.profileAtom(), g.count())
		case 6:
			clauses = append(clauses, not{g.count()})
		case 7:
			clauses = append(clauses, some{g.count(), g.profileAtom()})
		}
		out[i] = clauses
	}
	return out
}

// profileAtom makes a test of one of the fields that the table with events has.
func (g generator) profileAtom() rule {
	switch g.IntN(8) {
	case 0:
		return compare(state, "=", states[skewed(g.Rand, len(states))])
	case 1:
		return g.among(state, states, 4)
	case 2:
		return compare(country, "=", countries[skewed(g.Rand, len(countries))])
	case 3:
		return compare(gender, "=", pick(g.Rand, genders))
	case 4:
		least := 18 + g.IntN(50)
		return between(age, least, least+5+g.IntN(25))
	case 5:
		return compare(ltv, pick(g.Rand, []string{"<", ">="}), float64(20*g.IntN(60)))
	}
	return g.loyalty()
}

func (g generator) count() rule {
	events := g.eventRule()
	switch g.IntN(5) {
	case 0, 1:
		return count{events, ">=", 1}
	case 2:
		return count{events, pick(g.Rand, []string{"<", "=", "<="}), 1 + g.IntN(3)}
	}
	return count{events, ">=", 2 + g.IntN(4)}
}

// eventRule makes a condition on an event.
func (g generator) eventRule() rule {
	kind := eventTypes[skewed(g.Rand, len(eventTypes))]
	var r all
	switch g.IntN(6) {
	case 0:
		r = append(r, g.among(eventType, eventTypes, 3))
	case 1:
		r = append(r, not{compare(eventType, "=", kind)})
	default:
		r = append(r, compare(eventType, "=", kind))
	}
	if priced(kind) && g.IntN(2) == 0 {
		r = append(r, compare(total, pick(g.Rand, []string{">", "<="}), float64(10*(1+g.IntN(30)))))
	}
	if g.IntN(2) == 0 {
		r = append(r, atom{eventTime, pick(g.Rand, []string{"within", "within", "before"}), []any{pick(g.Rand, []int{7, 14, 30, 60, 90, 180, 270})}})
	}
	if g.IntN(6) == 0 {
		r = append(r, compare(product, "=", products[skewed(g.Rand, 100)]))
	}
	if len(r) == 1 {
		return r[0]
	}
	return r
}
