package parse_test

import (
	"testing"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/parse"
)

// rule is of the length that rules have on average, 124 characters.
const rule = `homeAddress.countryISO = "US" and person.birthYear > 1980 and emailAddress like "%.edu" or xEvent[type = "order"].count() > 3`

func BenchmarkQuery(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(rule)))
	for b.Loop() {
		if _, ds := parse.Query(rule); ds.Failed() {
			b.Fatal(ds)
		}
	}
}

func BenchmarkFormat(b *testing.B) {
	x, _ := parse.Query(rule)
	b.ReportAllocs()
	for b.Loop() {
		ast.Format(x)
	}
}

func BenchmarkTokens(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		parse.Tokens(rule)
	}
}
