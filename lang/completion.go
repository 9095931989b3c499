package lang

import (
	"cmp"
	"slices"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// ItemKind says what an [Item] is, in a word for display.
type ItemKind string

// The kinds of items.
const (
	FieldItem    ItemKind = "field"
	FunctionItem ItemKind = "function"
	KeywordItem  ItemKind = "keyword"
	OperatorItem ItemKind = "operator"
	ValueItem    ItemKind = "value"
	VariableItem ItemKind = "variable"
	UnitItem     ItemKind = "unit"
	TimeItem     ItemKind = "time"
	SegmentItem  ItemKind = "segment"
)

// Item is one way to go on. Text is what stands in the text when it is taken,
// quotes included. Type is in the language's words and Doc is one line; both may
// be empty. Count is how often a value occurs, 0 for other kinds. Path is how a
// field is named from the profile, "" for other kinds and where that is not known.
type Item struct {
	Text  string
	Kind  ItemKind
	Type  string
	Doc   string
	Count int64
	Path  string
}

// Completion is what can stand at a cursor. Taking an item replaces Span, which
// ends at the cursor or after it. Items are ordered best first; there may be none.
type Completion struct {
	Span  ast.Span
	Items []Item
}

// Value is a value of a field and how often it occurs.
type Value struct {
	Text  string
	Count int64
}

// ValueSource knows the values that string fields have. It is asked while the
// user types, and must answer at once.
type ValueSource interface {
	// Values returns at most limit values that begin with prefix, without regard
	// to case, the most frequent first. path leads from the profile to the
	// field, and may go through lists. An unknown path has no values.
	Values(path []string, prefix string, limit int) []Value
}

// maxValues is how many values of a field are offered.
const maxValues = 50

// Completions says what can stand at the byte offset cursor of text. It reads
// the tokens alone, so that the text need not be finished, or right. values may
// be nil.
func Completions(text string, cursor int, cat check.Catalog, values ValueSource) (found Completion) {
	cursor = max(0, min(cursor, len(text)))
	// A fault offers nothing; the query has errors enough when it is run.
	defer ast.Guard(func(*ast.Fault) { found = Completion{Span: ast.Span{Start: cursor, End: cursor}} })
	r, at := newReader(text, cursor, cat)
	c := completer{reader: r, values: values, typed: text[at.Start:cursor]}
	c.collect()
	return Completion{Span: at, Items: rank(c.items, c.typed)}
}

// rank keeps the items that what was typed fits, the best first: the same
// beginning, the beginning without regard to case, then the letters in order.
func rank(items []Item, typed string) []Item {
	type ranked struct {
		Item
		rank int
	}
	typed = strings.TrimLeft(typed, "\"'`")
	var fit []ranked
	for _, it := range items {
		if n := fitness(strings.TrimLeft(it.Text, "\"`"), typed); n >= 0 {
			fit = append(fit, ranked{it, n})
		}
	}
	slices.SortStableFunc(fit, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.Count, a.Count))
	})
	out := make([]Item, len(fit))
	for i, f := range fit {
		out[i] = f.Item
	}
	return out
}

// fitness is 0 for an exact beginning, 1 for one of another case, 2 for the
// letters of typed in order, -1 for none of these.
func fitness(text, typed string) int {
	switch {
	case strings.HasPrefix(text, typed):
		return 0
	case len(text) >= len(typed) && strings.EqualFold(text[:len(typed)], typed):
		return 1
	}
	rest := strings.ToLower(text)
	for _, r := range strings.ToLower(typed) {
		i := strings.IndexRune(rest, r)
		if i < 0 {
			return -1
		}
		rest = rest[i+len(string(r)):]
	}
	return 2
}
