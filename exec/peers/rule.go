package main

// rule is a condition on a profile or, inside a [count], on an event: an [atom],
// [not], [all], [some] or [count]. It is two-valued, as conditions of PQL are: an
// atom over a null is false, except for the null tests.
type rule interface{ isRule() }

// field is a column of a table, with its name in PQL and its name in the tables
// of the peers.
type field struct {
	pql, sql string
	nullable bool
}

// atom tests one field. The operators are = != < <= > >=, which take one value, in,
// which takes some, prefix and contains, which take a text, null, notNull and true,
// which take none, and the windows within and before, which take a number of days:
// within the days before now, and longer ago.
type atom struct {
	field  *field
	op     string
	values []any // string, int or float64
}

// not holds where its rule does not.
type not struct{ rule rule }

// all holds where each of its rules does, some where at least one does.
type (
	all  []rule
	some []rule
)

// count compares the number of a profile's events that meet a rule with n. A
// comparison of >= 1 is written as the question whether some event exists.
type count struct {
	events rule
	op     string
	n      int
}

func (atom) isRule()  {}
func (not) isRule()   {}
func (all) isRule()   {}
func (some) isRule()  {}
func (count) isRule() {}

// exists says whether the count is a question for some event.
func (c count) exists() bool { return c.op == ">=" && c.n == 1 }

// walk calls f with r and all rules inside of it.
func walk(r rule, f func(rule)) {
	f(r)
	switch r := r.(type) {
	case not:
		walk(r.rule, f)
	case all:
		for _, x := range r {
			walk(x, f)
		}
	case some:
		for _, x := range r {
			walk(x, f)
		}
	case count:
		walk(r.events, f)
	}
}
