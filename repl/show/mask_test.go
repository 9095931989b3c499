package show

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/segq/segq/redisx/record"
)

// ofPeople masks email wherever it is, crm.note, and ids with an @.
var ofPeople = Mask{
	ID: "_id",
	Field: func(path string) bool {
		return strings.HasSuffix(path, "email") || path == "crm.note" || path == "phones"
	},
	Named: func(expression string) []string {
		return regexp.MustCompile(`[\w.]+`).FindAllString(expression, -1)
	},
	IDs:   func(id string) bool { return strings.Contains(id, "@") },
	Looks: func(path, value string) bool { return path != "open" && strings.Contains(value, "@") },
}

func raw(values ...string) (row []json.RawMessage) {
	for _, v := range values {
		row = append(row, json.RawMessage(v))
	}
	return row
}

// secret is in every value of the records below that is not for the screen, and in none that is.
const secret = "ann@example.com"

// TestMask: no value of a personal field is left, whatever part of a record it is in, and all others are.
func TestMask(t *testing.T) {
	t.Parallel()
	count := 3
	for name, c := range map[string]struct {
		record record.Record
		mask   Mask
		masked string
		shown  []string
	}{
		"a sample of addresses": {record.Record{Sample: []string{secret, "p-2", "bob@" + secret}}, ofPeople, "_id", []string{"sample: p-2, (masked) × 2"}},
		"a breakdown": {
			record.Record{Count: &count, Breakdown: &record.Breakdown{By: "home.email", Values: []record.ValueCount{{Value: secret, Count: 2}}, Distinct: 1, Without: 1}},
			ofPeople, "home.email", []string{"(masked)           2", "(null)             1", "masked: home.email; ask"},
		},
		"a breakdown by a field with an address": {
			record.Record{Count: &count, Breakdown: &record.Breakdown{By: "tags", Values: []record.ValueCount{{Value: "vip", Count: 2}, {Value: secret, Count: 1}}, Distinct: 2}},
			ofPeople, "tags", []string{"vip", "(masked)", "masked: tags; ask"},
		},
		"values with an address": {
			record.Record{Query: "_id", Count: &count, Values: &record.Values{Present: 3, Top: []record.ValueCount{{Value: secret, Count: 1}, {Value: "p-1", Count: 2}}, Distinct: 2}}, withQuery(), "_id", []string{"(masked)", "p-1"},
		},
		"examples with an address": {
			record.Record{Query: "tags", Count: &count, Values: &record.Values{Present: 3, Sizes: true, Examples: []string{`["` + secret + `","b"]`, `["c"]`, `["` + secret}}}, withQuery(), "tags",
			[]string{`["(masked)","b"]`, `["c"]`, "example: (masked)"},
		},
		"a lift of an address": {
			record.Record{Lift: []record.Lift{{Field: "tags", Value: secret, Count: 1}, {Field: "tags", Value: "gold", Count: 1}}}, ofPeople, "tags", []string{"(masked)", "gold"},
		},
		"rows with an address": {
			record.Record{Rows: &record.Rows{
				Columns: []record.RowColumn{{Name: "tags", Type: "list<string>"}, {Name: "code", Type: "string"}, {Name: "map", Type: "map<string>"}},
				Rows:    [][]json.RawMessage{raw(`["`+secret+`", "b"]`, `"`+secret+`"`, `{"x":"`+secret+`","`+secret+`":1}`), raw(`["c"]`, `"k"`, `{"y":"z"}`)},
			}},
			ofPeople, "code map tags", []string{`["(masked)","b"]`, `["c"]`, "k", `{"x":"(masked)","(masked)":1}`},
		},
		"another breakdown": {
			record.Record{Count: &count, Breakdown: &record.Breakdown{By: "tier", Values: []record.ValueCount{{Value: "gold", Count: 3}}, Distinct: 1}}, ofPeople, "", []string{"gold"},
		},
		"values": {
			record.Record{Query: "email", Count: &count, Values: &record.Values{Present: 3, Top: []record.ValueCount{{Value: secret, Count: 2}}, Distinct: 2}}, ofPeople, "email", []string{"(masked)"},
		},
		"figures of values": {
			record.Record{Query: "x", Count: &count, Values: &record.Values{Present: 3, Numeric: true, Min: 4711, Max: 4711, Quantiles: []record.Quantile{{At: 0.5, Value: 4711}}, Bins: []record.Bin{{Low: 4711, High: 4711, Count: 3}}}},
			withQuery("crm.note"), "crm.note", nil,
		},
		"values that only look so": {
			record.Record{Query: "email.count()", Count: &count, Values: &record.Values{Present: 3, Numeric: true, Max: 12}}, withQuery(), "", []string{"max 12"},
		},
		"a lift": {
			record.Record{Lift: []record.Lift{{Field: "email", Value: secret, Count: 1}, {Field: "email", Null: true, Count: 1}, {Field: "tier", Value: "gold", Count: 1}}}, ofPeople, "email", []string{"(masked)", "(null)", "gold"},
		},
		"rows": {
			record.Record{Rows: &record.Rows{
				Columns: []record.RowColumn{{Name: "_id", Type: "string"}, {Name: "email", Type: "string"}, {Name: "email", Type: "bool"}, {Name: "tier", Type: "string"}},
				Rows:    [][]json.RawMessage{raw(`"p-1"`, `"`+secret+`"`, "true", `"gold"`), raw(`"`+secret+`"`, "null", "false", `"silver"`)},
			}},
			ofPeople, "_id email", []string{"p-1", "(null)", "true", "gold", "silver"},
		},
		"rows by what they are made of": {
			record.Record{Rows: &record.Rows{Columns: []record.RowColumn{{Name: "E.note", Type: "string"}}, Rows: [][]json.RawMessage{raw(`"` + secret + `"`)}}},
			Mask{ID: "_id", Field: ofPeople.Field, Named: ofPeople.Named, IDs: ofPeople.IDs, Looks: ofPeople.Looks, Columns: [][]string{{"crm.note"}}}, "crm.note", nil,
		},
		"rows with parts": {
			record.Record{Rows: &record.Rows{
				Columns: []record.RowColumn{{Name: "home", Type: "object"}, {Name: "email", Type: "list<string>"}, {Name: "other", Type: "object"}},
				Rows: [][]json.RawMessage{
					raw(`{"city":"Oslo","note":{"a":"`+secret+`"},"of":[{"note":"`+secret+`","b":[1]},null]}`, `["`+secret+`","b"]`, `{"a":"`+secret+`"}`),
					raw("null", "[]", `{"b":2}`), raw(`{"city":"Rom"}`, "null", "null"),
				},
			}},
			Mask{ID: "_id", Field: ofPeople.Field, Named: ofPeople.Named, IDs: ofPeople.IDs, Looks: ofPeople.Looks, Columns: [][]string{{"crm.note"}, {"email"}, {"email"}}}, "crm.note email",
			[]string{`{"city":"Oslo","note":"(masked)"`, `"of":[{"note":"(masked)","b":[1]},null]}`, `{"city":"Rom"}`, `(null)`},
		},
		"examples": {
			record.Record{Query: "crm", Count: &count, Values: &record.Values{Present: 3, Numeric: true, Sizes: true, Max: 7, Examples: []string{`[{"kind":"call","note":"` + secret + `"}]`, `[{"note":"` + secret}}},
			withQuery("crm.note"), "crm.note", []string{"max 7", `example: [{"kind":"call","note":"(masked)"}]`, "example: (masked)"},
		},
		"why": {
			record.Record{Why: &record.Why{Profile: "p-1", Rules: []record.WhyRule{{Query: "q", Tree: &record.WhyClause{Kind: "and", Verdict: "false", Of: []record.WhyClause{
				{Kind: "test", Clause: `email = "x"`, Verdict: "false", Values: []record.WhyValue{{Of: "email", Type: "string", Value: json.RawMessage(`"` + secret + `"`)}}},
				{Kind: "test", Clause: `tags.includes("x")`, Verdict: "false", Values: []record.WhyValue{{Of: "tags", Type: "list<string>", Value: json.RawMessage(`["` + secret + `"]`)}}},
				{Kind: "test", Clause: `tier = "gold"`, Verdict: "true", Values: []record.WhyValue{{Of: "tier", Type: "string", Value: json.RawMessage(`"gold"`)}}},
				{Kind: "list", Clause: `crm[note = "x"]`, Verdict: "false", Lists: []record.WhyList{{Of: `crm`, Elements: 1, Nearest: []record.WhyElement{{
					Of: []record.WhyMember{{Index: 0}}, Verdict: "false",
					Parts: []record.WhyClause{{Kind: "test", Clause: `note = "x"`, Verdict: "false", Values: []record.WhyValue{{Of: "note", Type: "string", Value: json.RawMessage(`"` + secret + `"`)}}}},
				}}}}},
				{Kind: "list", Clause: `phones["x"]`, Verdict: "false", Lists: []record.WhyList{{Of: `phones`, Elements: 1, Nearest: []record.WhyElement{{
					Of: []record.WhyMember{{Index: 0, Key: secret, Value: json.RawMessage(`"` + secret + `"`)}}, Verdict: "false",
				}}}}},
			}}}}}},
			ofPeople, "crm.note email phones tags", []string{`✓ tier = "gold"`, `"gold"`, "(masked)", "p-1"},
		},
		"an id that there is not": {
			record.Record{Status: record.Failed, Error: &record.Error{Code: record.NoProfile, Message: "no profile has the id x", Hint: "did you mean p-1, " + secret + "?"}}, ofPeople, "_id", []string{"some ids are like it"},
		},
		"rules": {
			record.Record{Rules: []record.Rule{{Sample: []string{secret}, Values: &record.Values{Present: 1, Top: []record.ValueCount{{Value: secret, Count: 1}}}}}}, ofPeople, "_id values of rules", nil,
		},
	} {
		before, err := json.Marshal(c.record)
		if err != nil {
			t.Fatal(err)
		}
		l := Look{Width: 170, More: map[string]string{Unmasked: "ask"}}
		got := c.mask.Record(&c.record)
		after, _ := json.Marshal(c.record)
		if string(before) != string(after) {
			t.Errorf("%s: the record itself is changed", name)
		}
		drawn := strings.Join(slices.Concat(Lines(got, l), Remarks(got, l), Sample(got.Sample, l.Width)), "\n")
		kept, _ := json.Marshal(got)
		if all := drawn + string(kept); strings.Contains(all, secret) || strings.Contains(all, "4711") {
			t.Errorf("%s tells:\n%s\n%s", name, drawn, kept)
		}
		if fields := strings.Join(got.Masked, " "); fields != c.masked {
			t.Errorf("%s: masked %q, want %q", name, fields, c.masked)
		}
		for _, want := range c.shown {
			if !strings.Contains(drawn, want) {
				t.Errorf("%s does not show %q:\n%s", name, want, drawn)
			}
		}
	}
}

func withQuery(fields ...string) Mask {
	m := ofPeople
	m.Query = append([]string{}, fields...)
	return m
}
