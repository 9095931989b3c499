package repl

import (
	"context"
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
		&check.Field{Name: "age", Type: check.IntType}, &check.Field{Name: "Film Titel", Type: check.StringType}, &check.Field{Name: "country", Type: check.StringType},
		&check.Field{Name: "member", Type: check.BoolType}, &check.Field{Name: "joined", Type: check.TimestampType},
		&check.Field{Name: "homeAddress", Type: address}, &check.Field{Name: "xEvent", Type: check.ListOf(event)},
	)}
}()

func (shopkeeper) Complete(_ context.Context, text string, cursor int) Completion {
	return Completion{Completion: lang.Completions(text, cursor, stock, nil)}
}

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
		`xEvent.groupBy(eventType).map((K, G) => mapEntry(K, G.count())).count() > 2 and forall E from xEvent : E.eventType = "order"`,
		`age > xEvent.count() and xEvent.count() > age and (joined.getYear() - 1990) * 2 > 3`,
		`joined > "2020-01-01" and joined occurs > 30 years before now and not country.isNull() or country = homeAddress.city`,
		`country.equals("a", "b", false) and if(member, 1, 2) = 1 // done`,
	} {
		for i := range len(text) {
			at := input{text[:i+1], i + 1}
			for _, f := range []findings{find(t.Context(), shopkeeper{}, at), findSettled(t.Context(), shopkeeper{}, at)} {
				if d := f.shown(at, true); d != nil {
					t.Errorf("%s| %s %v", at.text, d.Message, f.settled != nil)
				}
			}
		}
	}
}

// TestFindingsAtTheCursor: after a longer pause what is certainly wrong is told where the cursor is, too.
func TestFindingsAtTheCursor(t *testing.T) {
	for text, want := range map[string]string{
		`country in ("CA","US")`:          "a list goes in square brackets",
		`joined > 1990-01-01`:             "a date without quotes",
		`age = null`:                      "PQL has no null",
		`age = "drei"`:                    "an int cannot be compared with a string",
		`age > 3 and (age = "drei")`:      "an int cannot be compared with a string",
		`country = "gold" )`:              "this ) closes nothing",
		`country = "gold")`:               "this ) closes nothing",
		`country = "gold" "silver"`:       "the query is complete before it",
		`country = "gold" ad`:             "the query is complete before it",
		`country = silver`:                "there is no field silver",
		`age > 3 and contry`:              "there is no field contry",
		`homeAddress.zip`:                 "there is no field zip",
		`country ==`:                      "PQL compares with one =",
		`age > 3 &&`:                      "PQL joins conditions with a word",
		`country = "CA" an`:               "",
		`country.starts`:                  "",
		`country.startsWith`:              "",
		`country.startsWith(`:             "",
		`age = joined`:                    "", // and its year?
		`age > 3 and country in ["a", 5`:  "",
		`age > 3 and country in ["a", 5]`: "an int among elements of type string",
	} {
		at := input{text, len(text)}
		f := findSettled(t.Context(), shopkeeper{}, at)
		switch d := f.shown(at, true); {
		case want == "" && d != nil:
			t.Errorf("%s: %s", text, d.Message)
		case want != "" && (d == nil || !strings.Contains(d.Message, want)):
			t.Errorf("%s: %v, want %s", text, d, want)
		}
	}
}

// TestCallThatIsBeingFilled: what a function lacks whose brackets are still empty is no error as long as the cursor is
// in them.
func TestCallThatIsBeingFilled(t *testing.T) {
	const text = `country.startsWith() and age > 3`
	for cursor, want := range map[int]bool{19: false, 20: true, len(text): true} {
		at := input{text, cursor}
		for _, f := range []findings{find(t.Context(), shopkeeper{}, at), findSettled(t.Context(), shopkeeper{}, at)} {
			if d := f.shown(at, true); (d != nil) != want {
				t.Errorf("cursor at %d: %v, want an error: %v", cursor, d, want)
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

// TestFindingOfANewName: what was said of a word is not said any more as soon as a colon makes it the name of a query.
func TestFindingOfANewName(t *testing.T) {
	for text, kept := range map[string]bool{`gold:`: false, `gold(`: false, `gold.`: false, `golden`: false, `gold `: true, `gold = 1`: true, "gold\n": true} {
		f := findings{found: ast.Diagnostics{{Message: "there is no field gold", At: ast.Span{End: 4}}}}
		f.follow(`gold`, text)
		if len(f.found) > 0 != kept {
			t.Errorf("%s: %v", text, f.found)
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
		f := findings{found: ast.Diagnostics{{Message: "there is no field contry", At: ast.Span{Start: 10, End: 16}}}}
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

// TestFindingsNameTheField: of words in a row it is said which field is meant, as it is when they are entered.
func TestFindingsNameTheField(t *testing.T) {
	for text, want := range map[string]string{
		`Film Titel = "Avatar"`:             "`Film Titel`",
		`age > 3 and Film Titel = "Avatar"`: "`Film Titel`",
		`homeAddress city = "Oslo"`:         "homeAddress.city",
	} {
		f := find(t.Context(), shopkeeper{}, input{text, len(text)})
		if len(f.found) != 1 || f.found[0].Instead != want {
			t.Errorf("%s: %+v", text, f.found)
		}
	}
}
