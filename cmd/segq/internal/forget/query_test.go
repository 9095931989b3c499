package forget_test

import (
	"slices"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/forget"
)

// TestQuery: a rule names a person where it compares the field of ids, or has a text that is the id.
func TestQuery(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id, field, text string
		names           bool
	}{
		{"1", "", "age > 1", false},
		{"1", "", "n >= 1 and count(xEvent) = 1", false},
		{"1", "", "_id = 1", true},
		{"1", "", "x: age > 3\ny: age > 2 and not (1 = _id)", true},
		{"1", "", "_id in [3, 1]", true},
		{"1", "", "_id in [3, 11]", false},
		{"1", "", "id != 1", true},
		{"1", "", "crm.id = 1", false},
		{"1", "crm.id", "crm.id = 1", true},
		{"1", "crm.id", "_id = 1", false},
		{"-1", "", "_id = -1", true},
		{"1", "", "_id = -1", false},
		{"7.5", "", "_id = 7.5", true},
		{"7", "", "_id = 7.0", true},
		{"7", "", `memberNo = "7"`, true},
		{"07", "", "_id = 7", true},
		{"2020-01-01", "", `_id = "2020-01-01T00:00:00Z"`, true},
		{"2020-01-01", "", `joined > "2020-01-01T00:00:00Z"`, false},
		{"7", "", `memberNo = "17"`, false},
		{"7", "", "age > 3 // as 7 did", false},
		{"p-7", "", `_id = "p-7"`, true},
		{"p-7", "", `_id in ["p-6", "p-7"]`, true},
		{"p-7", "", `_id = "p-77"`, false},
		{"p-7", "", `note = "as p-7 said"`, false},
		{"p-7", "", "// p-7 asked for it\nage > 3", true},
		{"p-7", "", "age > (p-7", true}, // no query
		{"vip7", "", "vip7: age > 3", true},
		{`a"b`, "", `_id = "a\"b"`, true},
	} {
		if got := (forget.Search{ID: c.id, Field: c.field}).Query(c.text); got != c.names {
			t.Errorf("%s in %s: %t", c.id, c.text, got)
		}
	}
	for _, c := range []struct {
		id, text string
		names    bool
	}{
		{"1", "age > 1", false}, {"1", ".funnel age > 1", false}, {"1", ".why 1 age > 3", true}, {"1", ".funnel _id = 1 and age > 3", true},
		{"1", ".export f.csv _id = 1", true}, {"1", ".sample 1", false}, {"p-7", ".why p-7", true}, {"p-7", "age >", false},
	} {
		if got := (forget.Search{ID: c.id}).Input(c.text); got != c.names {
			t.Errorf("%s in %s: %t", c.id, c.text, got)
		}
	}
}

// TestQueue: what of commands and answers is the person's, and what may be of others.
func TestQueue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id, text, found string
	}{
		{"p-7", `{"op":"qualify","document":"{\"_id\":\"p-7\",\"age\":5}"}`, "mine: its profile"},
		{"7", `{"op":"qualify","document":"{\"_id\":7.0,\"age\":5}"}`, "mine: its profile"},
		{"7", `{"op":"qualify","document":"{\"_id\":8,\"friend\":7}"}`, "its profile mentions it"},
		{"5", `{"op":"qualify","queries":["age > 5"],"document":"{\"_id\":7}"}`, ""},
		{"p-7", `{"op":"why","profile":"p-7","query":"age > 3"}`, "mine: it asks about this profile"},
		{"p-7", `{"op":"query","query":"age > 3","segments":{"a":"_id = \"p-7\""}}`, "mine: its query names it"},
		{"7.0", `{"op":"why","profile":"7","query":"age > 3"}`, "it asks about 7, which is the same where ids are numbers"},
		{"7", `{"op":"query","query":"_id = @who","params":{"who":7}}`, "mine: its query names it"},
		{"7", `{"op":"query","query":"age = @who","params":{"who":7}}`, ""},
		{"p-7", `{"op":"query","query":"age = 3","name":"p-7 alone"}`, "its name has it"},
		{"p-7", `{"op":"query" p-7`, "it mentions it"},
		{"7", `{"op":"query","query":"age > 7","id":"j7","sample":7}`, ""},
	} {
		if got := said(forget.Search{ID: c.id}.Command([]byte(c.text))); got != c.found {
			t.Errorf("%s in %s: %s", c.id, c.text, got)
		}
	}
	for _, c := range []struct {
		id, text, found string
	}{
		{"p-7", `{"v":1,"sample":["p-6","p-7"]}`, "mine: the sample of its answer"},
		{"p-7", `{"v":1,"diff":{"entered_ids":["p-6"],"left_ids":["p-7"]}}`, "mine: the sample of its answer"},
		{"7.0", `{"v":1,"sample":["6","7"]}`, "the sample of its answer has 7, which is the same where ids are numbers"},
		{"7", `{"v":1,"count":7,"total":7,"query":"age = 7","sample":["17"]}`, ""},
		{"7", `{"v":1,"rows":{"columns":[{"name":"_id"},{"name":"n"}],"rows":[[7,1],[8,7]]}}`, "mine: a row of its answer, a row of its answer names it in other fields"},
		{"7", `{"v":1,"rows":{"columns":[{"name":"n"}],"rows":[[7]]}}`, "a row of its answer names it in other fields"},
		{"7", `{"v":1,"qualify":{"id":7,"in":[]}}`, "mine: its answer is about it"},
		{"p-7", `{"v":1,"why":{"profile":"p-7","rules":[]}}`, "mine: its answer is about it"},
		{"7.0", `{"v":1,"why":{"profile":"7","rules":[]}}`, "its answer is about 7, which is the same where ids are numbers"},
		{"2020-01-01", `{"v":1,"sample":["2020-01-01T00:00:00Z"]}`, "the sample of its answer has 2020-01-01T00:00:00Z, which is the same where ids are dates"},
		{"2020-01-01", `{"v":1,"rows":{"columns":[{"name":"_id"}],"rows":[["2020-01-01T00:00:00Z"],[null]]}}`, "mine: a row of its answer"},
		{"p-7", `{"v":1,"breakdown":{"by":"_id","values":[{"value":"p-7","count":1}]}}`, "its answer mentions it"},
		{"p-7", `{"v":1,"query":"_id = \"p-7\"","count":1}`, ""},
	} {
		if got := said(forget.Search{ID: c.id}.Answer([]byte(c.text))); got != c.found {
			t.Errorf("%s in %s: %s", c.id, c.text, got)
		}
	}
}

// TestQuestion: of an answer that is kept for who asks the same, the question is there alone.
func TestQuestion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"v":1,"query":"_id = \"p-7\"","count":1}`: "mine: its query names it", `{"v":1,"query":"age > 7","count":1}`: "", `{"v":1`: "",
	} {
		if got := said(forget.Search{ID: "p-7"}.Question([]byte(text))); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func said(all []forget.Mention) (text string) {
	for i, m := range all {
		if i > 0 {
			text += ", "
		}
		if m.Mine && i == 0 {
			text += "mine: "
		}
		text += m.What
	}
	return text
}

// TestSpellings: ids that are numbers of one value are one id, and those beyond the precision of floats are not.
func TestSpellings(t *testing.T) {
	t.Parallel()
	for id, want := range map[string][]string{
		"p-7": {"p-7"}, "007": {"007", "7"}, "2020-01-01": {"2020-01-01", "2020-01-01T00:00:00Z"}, "2020-01-01T01:00:00+01:00": {"2020-01-01T01:00:00+01:00", "2020-01-01T00:00:00Z", "2020-01-01"},
		"2020-01-01T00:00:01.000Z": {"2020-01-01T00:00:01.000Z", "2020-01-01T00:00:01Z"}, "inf": {"inf", "Infinity", "+Inf"}, "-Infinity": {"-Infinity", "-Inf"},
		"7": {"7"}, "7.0": {"7.0", "7"}, "1234567": {"1234567", "1.234567e+06"}, "1e5": {"1e5", "100000"}, "1e21": {"1e21", "1e+21"},
		"-0": {"-0", "0"}, "9007199254740993": {"9007199254740993"}, "123456789012345680": {"123456789012345680", "1.2345678901234568e+17"},
	} {
		if got := (forget.Search{ID: id}).Spellings(); !slices.Equal(got, want) {
			t.Errorf("%s: %q", id, got)
		}
	}
}
