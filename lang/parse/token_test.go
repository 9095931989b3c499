package parse_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segq/segq/lang/parse"
)

// What a token is depends on the token before it, not on comments between the two.
func TestTokensPassOverComments(t *testing.T) {
	for text, want := range map[string]string{
		"a and .5":         "a:2 and:3 .5:7",
		"a and /* b */ .5": "a:2 and:3 /* b */:11 .5:7",
		"a and // b\n.5":   "a:2 and:3 // b:11 .5:7",
		"a./* b */and":     "a:2 .:10 /* b */:11 and:2",
	} {
		var got []string
		for _, tok := range parse.Tokens(text) {
			got = append(got, fmt.Sprintf("%s:%d", text[tok.At.Start:tok.At.End], tok.Kind))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %s, want %s", text, s, want)
		}
	}
}
