package main

import (
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// checkRules checks the queries of a run against a catalog, in the order of their
// dependence, and notes what is wrong with them.
func checkRules(asked []*question, catalog column.Catalog, options check.Options) {
	r, own := rulesOf(asked)
	r.over(catalog, options).checkAll(asked, own)
}

// linkRules finds what is wrong with the queries of a run as far as that can be said
// without the data.
func linkRules(asked []*question) {
	r, own := rulesOf(asked)
	r.unbound().checkAll(asked, own)
}

// rulesOf gives the queries of a run as rules, in their order. Those with an error of
// form are wrong from the start.
func rulesOf(asked []*question) (*rules, []*rule) {
	own := make([]*rule, len(asked))
	for i, q := range asked {
		own[i] = &rule{label: q.record.ID, text: q.text(), x: q.statement.X}
		if len(q.errors) > 0 {
			own[i].x, own[i].state = nil, ruleWrong
		}
		for _, name := range []string{q.id, q.name} {
			if name != "" {
				own[i].names = append(own[i].names, name)
			}
		}
	}
	return newRules(own), own
}

// checkAll checks the queries of a run, and tells each what was found.
func (r *rules) checkAll(asked []*question, own []*rule) {
	for i, q := range asked {
		if len(q.errors) > 0 {
			continue
		}
		r.check(own[i])
		q.below = r.below(q.statement.X)
		q.checked(own[i].typed, own[i].found)
	}
}

// segments gives the texts of the rules that a query asks about, and of those that these
// ask about, by name: what its command must carry. It is nil for none.
func (q *question) segments() map[string]string {
	return textsOf(q.below)
}

// asksNow says whether the query, or a rule that it asks about, names the present.
func (q *question) asksNow() bool {
	if asksNow(q.statement.X) {
		return true
	}
	for _, one := range q.below {
		if asksNow(one.x) {
			return true
		}
	}
	return false
}

// nowFor gives what now means for a query, as its command says it: nothing where nobody
// has said it and the query does not ask, so that it is the same command tomorrow. The
// answer to that may be in the cache, or on its way.
func (o *options) nowFor(q *question, now time.Time) string {
	if o.now == "" && !q.asksNow() {
		return ""
	}
	return now.Format(time.RFC3339Nano)
}
