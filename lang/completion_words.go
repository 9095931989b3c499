package lang

// wordDocs say in a line what words and signs of the language are for.
var wordDocs = map[string]string{
	"and": "both hold", "or": "one of the two holds", "not": "it does not hold",
	"exists": "for some element: exists E from xEvent where …", "forall": "for all elements: forall E from xEvent where …",
	"select": "the elements for which something holds: select E from xEvent where …",
	"from":   "and the list that it goes over", "where": "and what holds for it", "over": "and the variable with its list: over E from xEvent",
	"let": "a name for a value: let V = … in …", "chain(": "events one after another: chain(xEvent, timestamp, [A: WHAT(…)])",
	"in": "is one of a list", "notIn": "is none of a list", "this": "the element itself",
	"WHAT(": "what holds for the event", "WHEN(": "when it occurs", "COUNT(": "how many of them there are", "WHERE(": "what else holds",
	"like": "is like a pattern: % any characters, _ one", "matches": "a regular expression is found in it",
	"occurs": "when it is: occurs < 3 days before now",
	"=":      "is equal to", "!=": "is not equal to", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least",
	"+": "plus", "-": "minus", "*": "times", "/": "divided by", "%": "the remainder of a division by",
	"true": "", "false": "", ".": "a field of the item around this one: ^.name", "[": "a list: [\"a\", \"b\"]",
	"now": "this moment", "today": "the day of now, in UTC", "yesterday": "the day before today", "tomorrow": "the day after today",
	"last": "the one before: last month", "next": "the one after: next month",
	"before": "earlier than", "after": "later than", "between": "from one time to another: between … and …", "on": "within a day or a month",
}

// timeDocs are those of words that mean something else in a window of time.
var timeDocs = map[string]string{
	"this": "the one of now: this month", "from": "at most so far away, before or after: from now",
	"<": "less than so long ago", "<=": "at most so long ago", ">": "longer ago than", ">=": "at least so long ago",
	"=": "exactly so long ago", "!=": "not so long ago", "and": "and the end of the time",
}
