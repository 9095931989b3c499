package manual

// words are those of the language that are no function, or not only one, with the section that
// explains them. Where several do, the first of them comes first.
var words = []struct {
	section string
	words   []string
}{
	{"Boolean", []string{"and", "or", "not", "AND", "OR", "NOT", "!"}},
	{"Comparison", []string{"=", "!=", "<", "<=", ">", ">="}},
	{"Arithmetic", []string{"+", "-", "*", "/", "%"}},
	{"Membership", []string{"in", "notIn", "IN"}},
	{"Patterns", []string{"like", "matches", "regular expression"}},
	{"Null and truth", []string{"null"}},
	{"Types", []string{
		"bool", "boolean", "int", "float", "number", "string", "text", "timestamp", "interval", "list", "object", "map",
	}},
	{"Writing queries", []string{"true", "false", "comment", "//"}},
	{"Scopes", []string{"this", "^", "^^", "$1", "=>", "profile", "[ ]"}},
	{"Variables", []string{
		"select", "exists", "forall", "from", "where", "let", "over", "sum", "average", "min", "max", "in",
		"SELECT", "EXISTS", "FORALL", "FROM", "WHERE", "LET", "IN",
	}},
	{"Chains", []string{"chain", "CHAIN", "WHAT", "WHEN", "COUNT", "WHERE"}},
	{"Time", []string{
		"occurs", "now", "today", "yesterday", "tomorrow", "this", "last", "next", "before", "after", "between", "on", "from",
		"millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade", "century", "millennium",
		"milliseconds", "seconds", "minutes", "hours", "days", "weeks", "months", "quarters", "years", "decades", "centuries", "millennia",
	}},
	{"Parameters", []string{"@", "@name", "@{name}", "param"}},
	{"inSegment", []string{"segment"}},
}
