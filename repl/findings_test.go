package repl

import (
	"strings"
	"testing"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

type shop struct{ profile *check.Type }

func (s shop) Profile() *check.Type              { return s.profile }
func (shop) Events() string                      { return "xEvent" }
func (shop) Segment(string) (*check.Query, bool) { return nil, false }
func (shop) Segments() []string                  { return []string{"adults", "loyal"} }

type shopkeeper struct{ Backend }

var stock = func() shop {
	item := check.ObjectOf(&check.Field{Name: "sku", Type: check.StringType}, &check.Field{Name: "price", Type: check.FloatType})
	event := check.ObjectOf(
		&check.Field{Name: "eventType", Type: check.StringType},
		&check.Field{Name: "timestamp", Type: check.TimestampType},
		&check.Field{Name: "items", Type: check.ListOf(item)},
	)
	address := check.ObjectOf(&check.Field{Name: "city", Type: check.StringType}, &check.Field{Name: "countryCode", Type: check.StringType})
	return shop{check.ObjectOf(
		&check.Field{Name: "age", Type: check.IntType}, &check.Field{Name: "country", Type: check.StringType},
		&check.Field{Name: "member", Type: check.BoolType}, &check.Field{Name: "joined", Type: check.TimestampType},
		&check.Field{Name: "homeAddress", Type: address}, &check.Field{Name: "xEvent", Type: check.ListOf(event)},
	)}
}()

func (shopkeeper) Check(q Query) ast.Diagnostics {
	_, ds := lang.Compile(q.Text, stock, check.Options{})
	return ds
}

// TestUnfinishedTextIsNotWrong types right queries letter by letter, with a pause after each: nothing is wrong with any
// of their beginnings.
func TestUnfinishedTextIsNotWrong(t *testing.T) {
	for _, text := range []string{
		`country = "CA" and homeAddress.city in ["Oslo", "Bergen"] or not (age > 3.5 and member)`,
		`exists X from xEvent where X.eventType = "purchase" and X.items.count() > 3`,
		`xEvent[timestamp occurs <= 7 days before now and eventType.startsWith("a", false)].count() >= 3`,
		`active: country notIn ["US"]; inSegment("active") and age > 3`,
		`chain(xEvent, timestamp, [A: WHAT(eventType = "a") WHEN(<= 3 days before now), B: WHAT(eventType = "b")])`,
		`xEvent.items.map(price).sum() > 10 and joined occurs last month`,
		`let A = age + 3 in A > 5 and country like "C%" and country matches "a.*"`,
		`country.equals("a", "b", false) and if(member, 1, 2) = 1 // done`,
	} {
		for i := range len(text) {
			at := input{text[:i+1], i + 1}
			f := find(t.Context(), shopkeeper{}, at)
			if d := f.shown(at, true); d != nil {
				t.Errorf("%s| %s", at.text, d.Message)
			}
		}
	}
}

// TestFindingsOfUnfinishedText are those that more text does not mend.
func TestFindingsOfUnfinishedText(t *testing.T) {
	for text, want := range map[string]string{
		`contry = "CA" and `:         "there is no field contry",
		`contry = "CA" and (age`:     "there is no field contry",
		`(contry = "CA" and age > 3`: "there is no field contry",
		`a: age > 3; contry = "CA"`:  "there is no field contry",
		`country == "CA" and (`:      "PQL compares with one =",
		`age > "x" and `:             "an int cannot be compared with a string",
	} {
		at := input{text, len(text)}
		f := find(t.Context(), shopkeeper{}, at)
		if d := f.shown(at, true); d == nil || !strings.Contains(d.Message, want) {
			t.Errorf("%s: %v, want %s", text, d, want)
		}
	}
}

// TestFindingsFollowTheText changes a text in places before, behind and in what is wrong with it.
func TestFindingsFollowTheText(t *testing.T) {
	const text = `a = 1 and contry = "CA"`
	for changed, want := range map[string]string{
		text:                       "contry",
		text + ` and b`:            "contry",
		`ab = 1 and contry = "CA"`: "contry",
		`a = 1  and contry = "CA"`: "contry",
		`a = 1 and conntry = "CA"`: "",
		`a = 1 and contrys = "CA"`: "",
		`a = 1 and `:               "",
		``:                         "",
	} {
		f := findings{ast.Diagnostics{{Message: "there is no field contry", At: ast.Span{Start: 10, End: 16}}}}
		f.follow(text, changed)
		got := ""
		for _, d := range f.found {
			got += changed[d.At.Start:d.At.End]
		}
		if got != want {
			t.Errorf("%s: %q is marked, want %q", changed, got, want)
		}
	}
}
