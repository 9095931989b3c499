package check

import "github.com/segq/segq/lang/ast"

// Function describes a function of the language.
type Function struct {
	// Name is how queries call it.
	Name string
	// Signature shows its forms and types, and Doc says in a line what it gives.
	Signature, Doc string
	// receiver says that the first operand may stand before the dot.
	receiver bool
	// least and most bound the number of arguments after the receiver; most is
	// -1 for any number.
	least, most int
	// check gives the typed call. recv is nil for a function without receiver.
	check func(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node
}

// Functions lists the functions in the order of the manual.
func Functions() []Function { return functions }

var functions []Function

var functionNamed = map[string]*Function{}

func init() {
	functions = []Function{
		{"count", "list.count() int", "the number of elements of a list, or of entries of a map", true, 0, 0, countOf},
		{"exists", "list.exists(condition) bool", "whether any element meets the condition", true, 0, 1, itemTest(Exists)},
		{"filter", "list.filter(condition) list", "the elements that meet the condition, like list[condition]", true, 1, 1, filterOf},
		{"map", "list.map(expression) list", "the value of the expression for every element", true, 1, 1, mapOf},
		{"sum", "list.sum(expression) number", "the sum over the elements, 0 if there are none", true, 0, 1, itemFold(Sum)},
		{"average", "list.average(expression) float", "the mean over the elements, null if there are none", true, 0, 1, itemFold(Average)},
		{"min", "list.min(expression) number", "the smallest value, null if there are none", true, 0, 1, itemFold(Min)},
		{"max", "list.max(expression) number", "the largest value, null if there are none", true, 0, 1, itemFold(Max)},
		{"percentile", "list.percentile(p) float", "the value below which p per cent of the numbers lie, linear between neighbours; null if there are none", true, 1, 1, statistic(Percentile)},
		{"median", "list.median() float", "the median of the numbers, the same as percentile(50)", true, 0, 0, statistic(Median)},
		{"topN", "list.topN(key, n) list", "the n elements with the largest keys, largest first", true, 2, 2, ranked(TopN)},
		{"bottomN", "list.bottomN(key, n) list", "the n elements with the smallest keys, smallest first", true, 2, 2, ranked(BottomN)},
		{"groupBy", "list.groupBy(key) map", "the elements grouped by key", true, 1, 1, groupBy},
		{"head", "list.head() element", "the first element, or null", true, 0, 0, headOf},
		{"distinct", "list.distinct() list", "each distinct element once", true, 0, 0, distinctOf},
		{"includes", "list.includes(value) bool", "whether the value is an element", true, 1, 1, includes},
		{"in", "in(value, list) bool", "whether the value is an element", true, 1, 1, inList(In)},
		{"notIn", "notIn(value, list) bool", "whether the value is not an element", true, 1, 1, inList(NotIn)},
		{"intersects", "list.intersects(list) bool", "whether the lists share an element", true, 1, 1, setOp(Intersects)},
		{"intersection", "list.intersection(list) list", "the shared elements, null when there are none", true, 1, 1, setOp(Intersection)},
		{"subsetOf", "list.subsetOf(list) bool", "whether every element is in the other list", true, 1, 1, setOp(SubsetOf)},
		{"supersetOf", "list.supersetOf(list) bool", "whether every element of the other list is in this one", true, 1, 1, setOp(SupersetOf)},
		{"startsWith", "string.startsWith(string, caseSensitive) bool", "whether the text begins with the other", true, 1, 2, textTest(StartsWith)},
		{"doesNotStartWith", "string.doesNotStartWith(string, caseSensitive) bool", "whether the text does not begin with the other", true, 1, 2, textTest(NotStartsWith)},
		{"endsWith", "string.endsWith(string, caseSensitive) bool", "whether the text ends with the other", true, 1, 2, textTest(EndsWith)},
		{"doesNotEndWith", "string.doesNotEndWith(string, caseSensitive) bool", "whether the text does not end with the other", true, 1, 2, textTest(NotEndsWith)},
		{"contains", "string.contains(string, caseSensitive) bool", "whether the text contains the other", true, 1, 2, textTest(Contains)},
		{"doesNotContain", "string.doesNotContain(string, caseSensitive) bool", "whether the text does not contain the other", true, 1, 2, textTest(NotContains)},
		{"equals", "string.equals(string, ..., caseSensitive) bool", "whether the text is one of the others", true, 1, -1, textTest(Equals)},
		{"notEqualTo", "string.notEqualTo(string, ..., caseSensitive) bool", "whether the text is none of the others", true, 1, -1, textTest(NotEquals)},
		{"like", `string like "pattern"`, "whether the whole text matches: % any characters, _ one", true, 1, 1, patternCall("like")},
		{"matches", `string.matches("expression") bool`, "whether the regular expression is found in the text", true, 1, 1, patternCall("matches")},
		{"regexGroup", `string.regexGroup("expression", n) string`, "the n-th group of the first match, or null", true, 2, 2, regexGroup},
		{"isNull", "value.isNull() bool", "whether there is no value", true, 0, 0, nullTest(IsNull)},
		{"isNotNull", "value.isNotNull() bool", "whether there is a value", true, 0, 0, nullTest(IsNotNull)},
		{"get", "map.get(key) value", "the value of the key, or null", true, 1, 1, getOf},
		{"keys", "map.keys() list<string>", "the keys", true, 0, 0, partsOf(Keys)},
		{"values", "map.values() list", "the values", true, 0, 0, partsOf(Values)},
		{"mapEntry", "mapEntry(key, value)", "an entry of the new map, in the body of a map's map", false, 2, 2, strayMapEntry},
		{"getYear", "timestamp.getYear() int", "the year, in UTC", true, 0, 0, datePart(GetYear)},
		{"getMonth", "timestamp.getMonth() int", "the month from 1 to 12, in UTC", true, 0, 0, datePart(GetMonth)},
		{"getDayOfMonth", "timestamp.getDayOfMonth() int", "the day from 1 to 31, in UTC", true, 0, 0, datePart(GetDayOfMonth)},
		{"currentYear", "currentYear() int", "the year of now, in UTC", false, 0, 0, clock(CurrentYear)},
		{"currentMonth", "currentMonth() int", "the month of now, in UTC", false, 0, 0, clock(CurrentMonth)},
		{"currentDayOfMonth", "currentDayOfMonth() int", "the day of the month of now, in UTC", false, 0, 0, clock(CurrentDayOfMonth)},
		{"date", "date(year, month, day) interval", "a day in UTC", false, 3, 3, dateOf},
		{"if", "if(condition, a, b) value", "a if the condition is true, else b", false, 3, 3, ifElse},
		{"inSegment", `inSegment("id") bool`, "whether the profile is in the segment", false, 1, 1, inSegment},
	}
	for i := range functions {
		functionNamed[functions[i].Name] = &functions[i]
	}
}

// call checks a call in either form: x.f(args) or f(x, args).
func (c *checker) call(x *ast.Call) Node {
	f := functionNamed[x.Name.Text]
	if f == nil {
		c.unknownFunction(x)
		return null(x.At)
	}
	args := x.Args
	var recv Node
	switch {
	case f.receiver && x.Recv != nil:
		recv = c.expr(x.Recv)
	case f.receiver && len(args) > 0:
		recv, args = c.expr(args[0]), args[1:]
	case f.receiver:
		c.arguments(x, f)
		return null(x.At)
	case x.Recv != nil:
		c.noReceiver(x, f)
		return null(x.At)
	}
	if len(args) < f.least || f.most >= 0 && len(args) > f.most {
		c.arguments(x, f)
		return null(x.At)
	}
	return f.check(c, x, recv, args)
}
