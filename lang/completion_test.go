package lang_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"

	"github.com/segq/segq/lang"
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
	pieces := strings.Split(`xEvent|[|]|(|)|.|^|items|price|from|X|select|let|=|in|,|"US|"|chain|WHAT|timestamp|occurs|<|3|days|this|{|}|//|/*|@|$|exists|sum|over| |é|`+"`", "|")
	cat := newShop(0)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " "}).Draw(t, "gap"))
		cursor := rapid.IntRange(0, len(text)).Draw(t, "cursor")
		c := lang.Completions(text, cursor, cat, stock{})
		if c.Span.Start > cursor || c.Span.End < cursor || c.Span.End > len(text) {
			t.Fatalf("span %v at %d of %q", c.Span, cursor, text)
		}
	})
}

// TestCompletionsFit takes every field and value after the start of a valid
// query; the result must check.
func TestCompletionsFit(t *testing.T) {
	cat := newShop(0)
	for _, start := range []string{
		"", "country = ", "not ", "age > 3 and ", "address.", "country in [", "xEvent[", "xEvent.items[",
		"xEvent[items[^.", "xEvent[items[^^.", "xEvent[eventType = ", "select E from xEvent where E.",
		"exists E from xEvent where E.items[sku = ", "chain(xEvent, timestamp, [A: WHAT(eventType = ",
		"country.equals(", "scores.x.",
	} {
		for _, it := range lang.Completions(start, len(start), cat, stock{}).Items {
			// Where a value is wanted, fields of any type are offered after
			// the values; whether one fits is for the checker to say.
			wantsValue := strings.HasSuffix(start, "= ") || strings.HasSuffix(start, "in [") || strings.HasSuffix(start, "equals(")
			if it.Kind != lang.ValueItem && (it.Kind != lang.FieldItem || wantsValue) {
				continue
			}
			text := start + it.Text + closing(start)
			if _, ds := lang.Compile(text, cat, check.Options{}); ds.Failed() {
				t.Errorf("%s: %v", text, ds)
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

func BenchmarkCompletions(b *testing.B) {
	cat := newShop(2000)
	text := `country = "US" and xEvent[eventType = "view"].count() > 3 and colu`
	for b.Loop() {
		lang.Completions(text, len(text), cat, stock{})
	}
}
