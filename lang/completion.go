package lang

import (
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
	KeyItem      ItemKind = "key"
)

// Item is one way to go on. Text is what stands in the text when it is taken,
// quotes included. Type is in the language's words, or the forms of a function, and Doc is one line; both may
// be empty. Count is how many profiles have a value, 0 for other kinds. Path is how a
// field is named from the profile, without backquotes and with {} for a key of a map; it is "" for other kinds
// and where that is not known.
type Item struct {
	Text  string
	Kind  ItemKind
	Type  string
	Doc   string
	Count int64
	Path  string
}

// Completion is what can stand at a cursor. Taking an item replaces Span, which
// ends at the cursor or after it. Items are ordered best first; there may be none, and of very many only the
// best are there: More is how many others there are.
type Completion struct {
	Span  ast.Span
	Items []Item
	More  int
}

// Value is a value of a field and how many profiles have it.
type Value struct {
	Text  string
	Count int64
}

// ValueSource knows the values that string fields have and the keys of maps. It is asked while the user
// types, and must answer at once, with nothing where it does not know yet.
//
// A path leads from the profile to a field, and may go through lists. Behind a map its name has {}:
// ["scores{}", "sku"] is a field of what is in the map scores, ["scores"] the map itself. An unknown path
// has no values. Of what typed fits, by [Fit], the best come first, at most limit of them, of those that it
// fits equally well the more frequent; more is how many others there are. [RankValues] does that.
type ValueSource interface {
	// Values returns the values of a field: of one of numbers as queries write them.
	Values(path []string, typed string, limit int) (best []Value, more int)
	// Keys returns the keys of a map, with how many maps have them.
	Keys(path []string, typed string, limit int) (best []Value, more int)
}

// maxValues is how many values of a field are offered, maxItems how many items of all kinds.
const (
	maxValues = 100
	maxItems  = 200
)

// Completions says what can stand at the byte offset cursor of text. It reads
// the tokens alone, so that the text need not be finished, or right. values may
// be nil.
func Completions(text string, cursor int, cat check.Catalog, values ValueSource) (found Completion) {
	cursor = max(0, min(cursor, len(text)))
	// A fault offers nothing; the query has errors enough when it is run.
	defer ast.Guard(func(*ast.Fault) { found = Completion{Span: ast.Span{Start: cursor, End: cursor}} })
	return completions(text, cursor, cat, values)
}

// completions is Completions without the guard.
func completions(text string, cursor int, cat check.Catalog, values ValueSource) Completion {
	r, at := newReader(text, cursor, cat)
	c := completer{reader: r, values: values, typed: text[at.Start:cursor]}
	c.bare = strings.TrimLeft(c.typed, "\"'`")
	if r.nested() > mostNested {
		return Completion{Span: at}
	}
	if path := r.unknownPath(); path != "" {
		at.Start = r.starts[len(r.opens)-1]
		c.bare = path + c.bare
	}
	if !r.touches {
		c.collect()
	}
	items, more := c.best()
	return Completion{Span: at, Items: items, More: more}
}
