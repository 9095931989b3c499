package parse_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/parse"
)

// overJSON writes x as pql/json and reads it back.
func overJSON(t interface{ Fatalf(string, ...any) }, x ast.Expr) (ast.Expr, []byte) {
	data, err := ast.MarshalPQL(x)
	if err != nil {
		t.Fatalf("%s: %v", ast.Format(x), err)
	}
	back, err := ast.UnmarshalPQL(data)
	if err != nil {
		t.Fatalf("%s: %v\n%s", ast.Format(x), err, data)
	}
	return back, data
}

// explicit says whether x spells out what has a shorter form, in which it reads
// back: $1.f at the top is f, and a call in(a, b) of an operator is a in b.
func explicit(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(e ast.Expr) bool {
		switch e := e.(type) {
		case *ast.Position:
			found = true
		case *ast.Call:
			found = found || e.Recv == nil && (ast.Reserved(e.Name.Text) || e.Name.Text == "filter")
		}
		return !found
	})
	return found
}

func TestJSONOfTheCorpus(t *testing.T) {
	t.Parallel()
	n := 0
	for _, q := range column(t, "testdata/corpus.txt", 0) {
		x, ds := parse.Query(q)
		if ds.Failed() {
			continue
		}
		n++
		back, _ := overJSON(t, x)
		if !ast.Equal(x, back) && !explicit(x) {
			t.Errorf("%s\nreads back as %s", ast.Format(x), ast.Format(back))
		}
	}
	if n < 220 {
		t.Errorf("only %d queries", n)
	}
}

func TestJSONOfRandomTrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		x := drawExpr(r, 4)
		back, data := overJSON(r, x)
		if explicit(x) {
			return
		}
		if !ast.Equal(x, back) {
			r.Fatalf("%s\nreads back as %s\n%s", ast.Format(x), ast.Format(back), data)
		}
		if _, again := overJSON(r, back); !bytes.Equal(data, again) {
			r.Fatalf("%s\nis written as %s\nand then as %s", ast.Format(x), data, again)
		}
	})
}

// TestJSONAsPublished reads and writes the example of Adobe's documentation.
func TestJSONAsPublished(t *testing.T) {
	t.Parallel()
	const published = `{"nodeType":"fnApply","fnName":"=","params":[
	  {"nodeType":"fieldLookup","fieldName":"country","object":
	     {"nodeType":"fieldLookup","fieldName":"workAddress","object":{"nodeType":"parameterReference","position":1}}},
	  {"nodeType":"literal","literalType":"String","value":"US"}]}`
	x, err := ast.UnmarshalPQL([]byte(published))
	if err != nil || ast.Format(x) != `workAddress.country = "US"` {
		t.Fatalf("read as %v, %v", x, err)
	}
	data, err := ast.MarshalPQL(x)
	if err != nil {
		t.Fatal(err)
	}
	var got, want bytes.Buffer
	if json.Compact(&got, data) != nil || json.Compact(&want, []byte(published)) != nil || got.String() != want.String() {
		t.Errorf("written as %s", data)
	}
}

func TestJSONThatIsWrong(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"nodeType":"fnApply","fnName":"not","params":[`, 300) + `{"nodeType":"literal","literalType":"Boolean","value":true}` + strings.Repeat("]}", 300)
	for text, reason := range map[string]string{
		`{`:                  "unexpected end",
		`{}`:                 `"" is not a type of node`,
		`{"nodeType":"x"}`:   `"x" is not a type of node`,
		`{"nodeType":"let"}`: "varName is missing",
		`{"nodeType":"literal","literalType":"Integer","value":"x"}`:                    "Integer literal",
		`{"nodeType":"literal","literalType":"Number","value":1e999}`:                   "Number literal",
		`{"nodeType":"literal","literalType":"String"}`:                                 "String literal",
		`{"nodeType":"literal","literalType":"Integer","value":-9223372036854775808}`:   "out of range",
		`{"nodeType":"literal","literalType":"Date"}`:                                   `"Date" is not a type of literal`,
		`{"nodeType":"fnApply","fnName":"=","params":[null,null]}`:                      "the left side is missing",
		`{"nodeType":"select"}`:                                                         "declares nothing",
		`{"nodeType":"select","varDecls":[null]}`:                                       "a declaration is missing",
		`{"nodeType":"chain"}`:                                                          "no steps",
		`{"nodeType":"occurs","object":{"nodeType":"parameterReference","position":1}}`: "no window",
		`{"nodeType":"calendar","which":"some","unit":"day"}`:                           "this, last or next",
		`{"nodeType":"fieldLookup"}`:                                                    "fieldName is missing",
		`{"nodeType":"fnCreate"}`:                                                       "without parameters",
		deep:                                                                            "more than 250 deep",
	} {
		if x, err := ast.UnmarshalPQL([]byte(text)); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%.80s: read as %v, %v", text, x, err)
		}
	}
}
