package lang_test

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// shop is a catalog of a few fields of every shape.
type shop struct{ profile *check.Type }

func (s shop) Profile() *check.Type              { return s.profile }
func (shop) Events() string                      { return "events" }
func (shop) Segment(string) (*check.Query, bool) { return nil, false }
func (shop) Segments() []string                  { return []string{"adults", "loyal"} }

func newShop(wide int) shop {
	item := check.ObjectOf(&check.Field{Name: "sku", Type: check.StringType}, &check.Field{Name: "price", Type: check.FloatType})
	event := check.ObjectOf(
		&check.Field{Name: "eventType", Type: check.StringType},
		&check.Field{Name: "timestamp", Type: check.TimestampType},
		&check.Field{Name: "items", Type: check.ListOf(item)},
	)
	address := check.ObjectOf(&check.Field{Name: "city", Type: check.StringType}, &check.Field{Name: "order-total", Type: check.FloatType})
	fields := []*check.Field{
		{Name: "age", Type: check.IntType}, {Name: "country", Type: check.StringType},
		{Name: "member", Type: check.BoolType}, {Name: "joined", Type: check.TimestampType},
		{Name: "address", Type: address}, {Name: "events", Type: check.ListOf(event)},
		{Name: "scores", Type: check.MapOf(item)},
	}
	for i := range wide {
		fields = append(fields, &check.Field{Name: "column" + strconv.Itoa(i), Type: check.StringType})
	}
	return shop{check.ObjectOf(fields...)}
}

// stock has the values of three fields.
type stock struct{}

func (stock) Values(path []string, typed string, limit int) ([]lang.Value, int) {
	values := map[string][]lang.Value{
		"country":          {{Text: "US", Count: 90}, {Text: "CA", Count: 9}},
		"events.eventType": {{Text: "view", Count: 50}, {Text: "order", Count: 5}},
		"events.items.sku": {{Text: `a"b`, Count: 2}},
		"scores{}.sku":     {{Text: "of any key", Count: 2}},
	}
	return lang.RankValues(values[strings.Join(path, ".")], typed, limit)
}

func (stock) Keys(path []string, typed string, limit int) ([]lang.Value, int) {
	keys := map[string][]lang.Value{"scores": {{Text: "best", Count: 7}, {Text: "x y", Count: 3}}}
	return lang.RankValues(keys[strings.Join(path, ".")], typed, limit)
}

// TestCompletions plays testdata/completion. The cursor is the bar; the answer
// is what an item would replace, in brackets, and the first items.
func TestCompletions(t *testing.T) {
	cat := newShop(0)
	datadriven.RunTest(t, "testdata/completion", func(t *testing.T, d *datadriven.TestData) string {
		before, after, ok := strings.Cut(d.Input, "|")
		if !ok {
			d.Fatalf(t, "no cursor")
		}
		text := before + after
		c := lang.Completions(text, len(before), cat, stock{})
		var b strings.Builder
		fmt.Fprintf(&b, "replaces [%s]\n", text[c.Span.Start:c.Span.End])
		for _, it := range c.Items[:min(len(c.Items), 12)] {
			fmt.Fprintf(&b, "%s %s\n", it.Kind, it.Text)
		}
		return b.String()
	})
}

// TestCompletionsNeverFail asks anywhere in texts made of pieces of queries.
func TestCompletionsNeverFail(t *testing.T) {
	pieces := strings.Split(`xEvent|[|]|(|)|.|^|items|price|from|X|select|let|=|in|,|"US|"|chain|WHAT|timestamp|occurs|<|3|days|this|{|}|//|/*|@|$|exists|sum|over| |é||K|=>|;|between|today|and|or|where|from|get|count|sku|COUNT|"un|in|over|\n|`+"`", "|")
	cat := newShop(0)
	fields := lang.NewFields(paths(cat.profile))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " "}).Draw(t, "gap"))
		cursor := rapid.IntRange(0, len(text)).Draw(t, "cursor")
		lang.Unguarded(text, cursor, cat, stock{}, fields)
		c := lang.Completions(text, cursor, cat, stock{})
		if c.Span.Start > cursor || c.Span.End < cursor || c.Span.End > len(text) {
			t.Fatalf("span %v at %d of %q", c.Span, cursor, text)
		}
	})
}

// starts are beginnings of valid queries.
var starts = []string{
	"", "country = ", "country != ", "not ", "age > 3 and ", "age > 3 or not ", "address.", "country in [", "country notIn [\"US\", ", "xEvent[", "xEvent.items[",
	"xEvent[items[^.", "xEvent[items[^^.", "xEvent[eventType = ", "select E from xEvent where E.", "select E from ", "select E from xEvent where ",
	"exists E from xEvent where E.items[sku = ", "chain(xEvent, timestamp, [A: WHAT(eventType = ", "chain(", "chain(xEvent, ", "chain(xEvent, timestamp, [A: ",
	"chain(xEvent, timestamp, [A: WHAT(member) ", "country.equals(", "country.startsWith(", "country like ", "scores.x.", "scores.", "scores.get(", "age > ", "age + ", "joined > ", "joined occurs ",
	"joined occurs < 3 ", "joined occurs < 3 days ", "joined occurs < 3 days before ", "joined occurs last ", "joined occurs between ", "joined occurs between today ",
	"joined occurs between today and ", "member = ", "country ", "age ", "joined ", "member ", "address.city ", "country = \"US\" ", "age > 3 ", "joined occurs today ", "xEvent.", "xEvent.items.",
	"xEvent.items.sku.", "age > xEvent.", "country = xEvent.", "xEvent.sum(", "xEvent.items.topN(", "xEvent.groupBy(", "let V = age ", "let V = age in ", "let V ", "sum E.items ", "sum E ", "sum E.items.price over E ",
	"exists E ", "exists E from xEvent ", "exists E from xEvent, I ", "exists E from xEvent, I from ", "inSegment(", "if(", "date(", "(", "((", "this.", "profile.", "a: ", "a = 1; ", "\"US\" = ", "3 < ", "age in ", "events.eventType ",
	"xEvent.groupBy(eventType).map((K, G) => ", "xEvent.items.sku.filter(", "xEvent.includes(", "xEvent.items.sku.intersects([", "xEvent.eventType.", "member = (", "xEvent[not ",
}

// TestCompletionsParse takes every item there is after the start of a valid query, whole or begun: the result is the
// start of a valid query, which ends too early at most.
func TestCompletionsParse(t *testing.T) {
	cat := newShop(0)
	for _, start := range starts {
		for _, typed := range []string{"", "a", "c", "e", "i", "o", "s", "t"} {
			if typed != "" && strings.HasSuffix(start, "[A: ") {
				continue
			}
			text := start + typed
			c := lang.Completions(text, len(text), cat, stock{})
			for _, it := range c.Items {
				taken := text[:c.Span.Start] + it.Text
				if d := firstError(taken); d != nil && lang.Complete(taken) {
					t.Errorf("%s: %s %s: %s", text, it.Kind, taken, d.Message)
				}
				if it.Kind == "" || it.Type == "" && it.Doc == "" && it.Text != "true" && it.Text != "false" {
					t.Errorf("%s: nothing is said about %s %s", text, it.Kind, it.Text)
				}
			}
		}
	}
}

// firstError returns what is wrong with a text of one statement, nil for nothing.
func firstError(text string) *ast.Diagnostic {
	_, ds := lang.Parse(text)
	for _, d := range ds {
		if d.Severity == ast.Error {
			return &d
		}
	}
	return nil
}

// TestCompletionsFit takes every field and value after the start of a valid
// query; the result must check.
func TestCompletionsFit(t *testing.T) {
	cat := newShop(0)
	for _, start := range []string{
		"", "country = ", "not ", "age > 3 and ", "address.", "country in [", "xEvent[", "xEvent.items[",
		"xEvent[items[^.", "xEvent[items[^^.", "xEvent[eventType = ", "select E from xEvent where E.",
		"exists E from xEvent where E.items[sku = ", "chain(xEvent, timestamp, [A: WHAT(eventType = ",
		"country.equals(", "scores.x.", "scores.", "age > ", "country like ", "country.startsWith(", "scores.get(", "age = ",
	} {
		for _, typed := range []string{"", "c", "i", "e", "p", "a"} {
			text := start + typed
			c := lang.Completions(text, len(text), cat, stock{})
			best := ""
			for _, it := range c.Items {
				// Where a value of a type is wanted, fields of other types are offered after those
				// of that; whether one fits is for the checker to say.
				typed := strings.HasSuffix(start, "= ") || strings.HasSuffix(start, "in [") || strings.HasSuffix(start, "(") || strings.HasSuffix(start, "> ") || strings.HasSuffix(start, "like ")
				if it.Kind != lang.ValueItem && it.Kind != lang.KeyItem && (it.Kind != lang.FieldItem || typed && best != "" && it.Type != best) {
					continue
				}
				if best == "" {
					best = it.Type
				}
				taken := text[:c.Span.Start] + it.Text
				if _, ds := lang.Compile(taken+closing(taken), cat, check.Options{}); ds.Failed() && strings.Contains(taken+closing(taken), best) {
					t.Errorf("%s: %v", taken, ds)
				}
			}
		}
	}
}

// TestMembersFit: every function that is offered after a dot takes what is before it.
func TestMembersFit(t *testing.T) {
	cat := newShop(0)
	arguments := []string{"", "price > 3", "this", "\"a\"", "50", "this, 1", "\"(a)\", 1", "[\"a\"]", "[3]", "price, 1", "price", "timestamp", "[]", "(K, G) => mapEntry(K, 1)", "timestamp, 1", "joined", "eventType", "items", "items.price"}
	for _, receiver := range []string{
		"age", "country", "member", "joined", "address", "xEvent", "xEvent.items", "xEvent.items.price", "xEvent.items.sku", "xEvent.timestamp", "scores", "scores.x",
		"xEvent.groupBy(eventType)", "xEvent.head()", "scores.values()", "scores.keys()",
		"(select E from xEvent)", "(address)", "(select E from xEvent, I from E.items)", "(select I from xEvent.items.sku)",
	} {
		text := receiver + "."
		offered := map[string]bool{}
		for _, it := range lang.Completions(text, len(text), cat, nil).Items {
			if it.Kind == lang.FunctionItem {
				offered[strings.TrimRight(it.Text, "()")] = true
			}
		}
		for _, f := range check.Functions() {
			takes := false
			for _, a := range arguments {
				_, ds := lang.Compile(receiver+"."+f.Name+"("+a+")", cat, check.Options{})
				takes = takes || !ds.Failed()
			}
			if offered[f.Name] && !takes {
				t.Errorf("%s.%s is offered and not taken", receiver, f.Name)
			}
		}
	}
}

// closing returns the brackets that start leaves open.
func closing(start string) string {
	var out string
	for _, r := range start {
		switch r {
		case '[':
			out = "]" + out
		case '(':
			out = ")" + out
		case ']', ')':
			out = out[1:]
		}
	}
	return out
}

// TestItems: what stands beside an item.
func TestItems(t *testing.T) {
	cat := newShop(0)
	for _, c := range []struct{ text, item, want string }{
		{"price", "events.items.price", "field float events.items.price"},
		{"ci", "address.city", "field string address.city"},
		{"xEvent[", "eventType", "field string events.eventType"},
		{"xEvent[it", "items", "field list<object> events.items"},
		{"xEvent[coun", "^.country", "field string country"},
		{"xEvent.items[", "sku", "field string events.items.sku"},
		{"scores.x.", "price", "field float scores{}.price"},
		{"exists E from xEvent where ", "E", "variable object events"},
		{"exists E from xEvent where E.items.", "sku", "field string events.items.sku"},
		{"exists E from xEvent where pri", "E.items.price", "field float events.items.price"},
		{"let A = address in A.", "`order-total`", "field float address.order-total"},
		{"scores.filter(", "price", "field float scores{}.price"},
		{"country = ", `"US"`, "value string "},
		{"scores.", "`x y`", "key object "},
		{"scores.get(", `"x y"`, "key string "},
		{"xEvent.", "count()", "function list.count() int "},
		{"x", "xEvent", "field list<object> events"},
		{"inSegment(", `"loyal"`, "segment segment "},
	} {
		found := ""
		for _, it := range lang.Completions(c.text, len(c.text), cat, stock{}).Items {
			if it.Text == c.item {
				found = fmt.Sprint(it.Kind, " ", it.Type, " ", it.Path)
			}
		}
		if found != c.want {
			t.Errorf("%s: %s is %q, want %q", c.text, c.item, found, c.want)
		}
	}
}

// TestManyItems: of very many the best are there, and the number of the others.
func TestManyItems(t *testing.T) {
	cat, values := newDeepShop(50, 50, 2500), newWide(10_000)
	for text, want := range map[string]struct {
		first string
		total int
	}{
		"column1":             {"column1", 1447 + 50*11}, // a 1 in column0 to column2499, and innerColumn1 and 10 to 19
		"innerColumn49":       {"object0.innerColumn49", 50},
		`country = "number 9`: {`"some value of number 9"`, 3439}, // of 10,000 numbers have a 9
		"country = ":          {`"some value of number 0"`, 0},
	} {
		c := lang.Completions(text, len(text), cat, values)
		if len(c.Items) == 0 || len(c.Items) > 200 || c.Items[0].Text != want.first {
			t.Errorf("%s: %d items, first %v", text, len(c.Items), c.Items[:min(1, len(c.Items))])
		}
		if n := len(c.Items) + c.More; want.total > 0 && n != want.total {
			t.Errorf("%s: %d in all, want %d", text, n, want.total)
		}
	}
}

// wide is a source of so many values.
type wide []lang.Value

func (w wide) Values(_ []string, typed string, limit int) ([]lang.Value, int) {
	return lang.RankValues(w, typed, limit)
}

func (w wide) Keys(_ []string, typed string, limit int) ([]lang.Value, int) {
	return lang.RankValues(w, typed, limit)
}

func newWide(n int) wide {
	w := make(wide, n)
	for i := range w {
		w[i] = lang.Value{Text: "some value of number " + strconv.Itoa(i), Count: int64(n - i)}
	}
	return w
}

// BenchmarkCompletions completes over 5,000 fields, half of them in objects, and 10,000 values.
func BenchmarkCompletions(b *testing.B) {
	cat, values := newDeepShop(50, 50, 2500), newWide(10_000)
	for _, typed := range []string{"", "c", "col", "column49", "inC", "zzz", "country = ", `country = "`, `country = "val`, `country = "n99`, "scores."} {
		text := `country = "US" and xEvent[eventType = "view"].count() > 3 and ` + typed
		b.Run(cmp.Or(typed, "nothing"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				lang.Completions(text, len(text), cat, values)
			}
		})
	}
}

// BenchmarkCompletionsLong completes at the end of 1,000 lines.
func BenchmarkCompletionsLong(b *testing.B) {
	cat, text := newDeepShop(50, 50, 2500), long(1000)+"country = \"US\" and col"
	for b.Loop() {
		lang.Completions(text, len(text), cat, nil)
	}
}

// newDeepShop has so many objects of so many fields besides the flat ones.
func newDeepShop(objects, fields, flat int) shop {
	s := newShop(flat)
	all := s.profile.Fields
	for i := range objects {
		inner := make([]*check.Field, fields)
		for k := range inner {
			inner[k] = &check.Field{Name: "innerColumn" + strconv.Itoa(k), Type: check.StringType}
		}
		all = append(all, &check.Field{Name: "object" + strconv.Itoa(i), Type: check.ObjectOf(inner...)})
	}
	return shop{check.ObjectOf(all...)}
}
