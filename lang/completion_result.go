package lang

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// result returns the place of a call whose arguments begin at open, as far as its
// type follows from the receiver.
func (r *reader) result(open int) place {
	if open < 1 {
		return place{}
	}
	name := r.name(open - 1)
	var p place
	if r.word(open-2) == "." {
		p = r.ending(open - 2)
	}
	switch name {
	case "filter", "topN", "bottomN", "distinct", "intersection":
		return p
	case "head":
		if p.t != nil && p.t.Kind == check.List {
			p.t = p.t.Elem
			return p
		}
		return place{}
	case "get", "values":
		if p.t == nil || p.t.Kind != check.Map {
			return place{}
		}
		entry := p.entry()
		if name == "values" {
			entry.t = check.ListOf(entry.t)
		} else {
			entry.keyed = true
		}
		return entry
	case "groupBy":
		if p.t != nil {
			return place{t: check.MapOf(p.t)}
		}
	case "keys":
		return place{t: check.ListOf(check.StringType)}
	}
	if f := functionNamed(name); f != nil {
		return place{t: resultTypes[resultOf(f)]}
	}
	return place{}
}

// grouped returns the place of what is between brackets: that of a path, or of the list of a select.
func (r *reader) grouped(open, end int) place {
	if !strings.EqualFold(r.word(open+1), "select") {
		if r.operandStart(end) != open+1 {
			return place{}
		}
		return r.ending(end)
	}
	var variable place
	if from := r.pathEnd(min(open+4, end), end); from > open+4 {
		variable = r.ending(from).elem()
	}
	if variable.t == nil {
		variable.t = check.AnyType
	}
	for k := open + 3; k < end; k++ {
		if r.words[k] == "," && r.opens[k] == open {
			return place{t: check.ListOf(check.ListOf(check.AnyType))} // a list of tuples
		}
	}
	variable.t = check.ListOf(variable.t)
	return variable
}

// resultTypes are the types by the last words of signatures.
var resultTypes = map[string]*check.Type{
	"int": check.IntType, "float": check.FloatType, "number": check.FloatType, "bool": check.BoolType,
	"string": check.StringType, "interval": check.IntervalType,
}

// resultOf returns the last word of the signature of a function, which is what it gives.
func resultOf(f *check.Function) string {
	return f.Signature[strings.LastIndexByte(f.Signature, ' ')+1:]
}

func functionNamed(name string) *check.Function {
	all := check.Functions()
	if i := slices.IndexFunc(all, func(f check.Function) bool { return f.Name == name }); i >= 0 {
		return &all[i]
	}
	return nil
}

// takes says whether a function can stand after a dot behind a value of type t.
func takes(f *check.Function, t *check.Type) bool {
	word, _, ok := strings.Cut(f.Signature, "."+f.Name)
	leaf := t
	for leaf.Kind == check.List {
		leaf = leaf.Elem
	}
	switch {
	case !ok:
		return false
	case word == "value":
		return true
	case word == "map":
		return t.Kind == check.Map
	case word == "string" && f.Name == "regexGroup":
		return t.Kind == check.String
	case word == "string":
		return leaf.Kind == check.String
	case word == "timestamp":
		return leaf.Kind == check.Timestamp
	case t.Kind == check.Map:
		return slices.Contains([]string{"count", "exists", "filter", "map"}, f.Name)
	}
	return t.Kind == check.List && takesElements(f.Name, t.Elem)
}

// takesElements says whether a function of lists can do something with elements of type t.
func takesElements(name string, t *check.Type) bool {
	number := t.Kind == check.Int || t.Kind == check.Float || t.Kind == check.Any
	switch name {
	case "median", "percentile":
		return number
	case "sum", "average", "min", "max":
		return number || t.Kind == check.Object || t.Kind == check.Map || t.Kind == check.List
	case "includes":
		return t.Kind != check.Object && t.Kind != check.Map
	}
	return true
}

// valueBefore returns what the operand that ends before token end is: a path, a call, a literal, a sum.
func (r *reader) valueBefore(end int) place {
	start := r.operandStart(end)
	if w := r.word(start - 1); w != "" && strings.Contains("+-*/%", w) {
		return place{t: check.FloatType}
	}
	if p := r.ending(end); p.t != nil || end < 1 {
		return p
	}
	switch r.kinds[end-1] {
	case parse.Int, parse.Float:
		return place{t: check.FloatType}
	case parse.String:
		return place{t: check.StringType}
	}
	switch r.word(end - 1) {
	case "true", "false":
		return place{t: check.BoolType}
	case "now", "today", "yesterday", "tomorrow":
		return place{t: check.TimestampType}
	}
	return place{}
}

// operandStart returns the first token of the operand that ends before token end.
func (r *reader) operandStart(end int) int {
	i := end - 1
	for i > 0 {
		if w := r.word(i); w == ")" || w == "]" || w == "}" {
			open := r.mates[i]
			if open < 1 || !r.operand(open) && (r.words[open] != "(" || r.kinds[open-1] != parse.Function) {
				return max(open, 0)
			}
			i = open - 1
			continue
		}
		switch {
		case r.word(i-1) == "." && r.word(i-2) == "^":
			return i - 1 - r.carets(i-1)
		case r.word(i-1) == ".":
			i -= 2
			continue
		case r.word(i-1) == "@" || r.word(i-1) == "$":
			return i - 1
		}
		return i
	}
	return max(i, 0)
}

// comparison returns the token by which the clause that ends before token end compares something: a
// comparison, like, in, occurs; -1 where it is but an operand.
func (r *reader) comparison(end int) int {
	i := r.operandStart(end) - 1
	if r.operand(i+1) && r.word(i) != "this" {
		return -1 // another statement ends there
	}
	for i >= 0 {
		switch w := r.words[i]; w {
		case ")", "]", "}":
			i = r.mates[i]
			if i < 0 {
				return -1
			}
		case "(", "[", "{", ",", ":", "not", "NOT", "or", "OR", "where", "WHERE", "over", "select", "exists", "forall":
			return -1
		case "=", "!=", "<", "<=", ">", ">=", "like", "matches", "notIn", "occurs":
			if w == "=" && strings.EqualFold(r.word(i-2), "let") {
				return -1
			}
			return i
		case "in", "IN":
			if r.letIn(i) {
				return -1
			}
			return i
		case "and", "AND":
			if r.word(r.operandStart(i)-1) != "between" {
				return -1
			}
			i = r.operandStart(i)
		case "from", "FROM":
			if !r.windowFrom(i) {
				return -1
			}
		}
		i--
	}
	return -1
}

// windowFrom says whether the from at token i is that of a window: occurs < 3 days from now.
func (r *reader) windowFrom(i int) bool { return r.word(i-1) == "occurs" || r.distance(i-1) }

// letIn says whether the in at token i ends the value of a let.
func (r *reader) letIn(i int) bool {
	level, open := r.opens[i], 0
	for k := i - 1; k > level; k-- {
		if r.opens[k] != level {
			continue
		}
		switch r.words[k] {
		case "let", "LET":
			if open--; open < 0 {
				return true
			}
		case "in", "IN":
			open++
		}
	}
	return false
}
