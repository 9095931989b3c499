package lang_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segq/segq/lang"
)

// TestFit: each text fits better than the next one.
func TestFit(t *testing.T) {
	for typed, texts := range map[string][]string{
		"count":  {"count", "countryCode", "CountryCode", "homeAddress.countryCode", "discount", "continuousTally"},
		"hAcC":   {"hAcC", "hAcCx", "haccp", "homeAddress.countryCode", "theHomeAddress.countryCode", "xhaccx", "thank a cold cat"},
		"tier":   {"tier", "tiers", "Tier", "loyalty_tier", "frontier", "the inner"},
		"order":  {"order-total", "Order", "last order", "border"},
		"2":      {"2", "20", "x2", "120"},
		"größe":  {"größe", "größen", "GRÖSSE GRÖßE", "die Größe", "übergröße"},
		"Mue":    {"Mue", "Muenster", "München", "Bad Mühlheim"},
		"munc":   {"munc", "München", "Bad München"},
		"groes":  {"groesse", "größe", "die Größe"},
		"grosse": {"grosse", "größe", "schuhgröße"},
		"GRÖß":   {"GRÖße", "groesse"},
		"sao":    {"sao", "São Paulo"},
		"http":   {"http", "https", "HTTPServer", "myHTTPServer"},
		"server": {"server", "Server", "HTTPServer", "observer"},
		"a.b":    {"a.b", "a.bc", "A.B", "xa.b"},
	} {
		for i := 1; i < len(texts); i++ {
			a, b := lang.Fit(texts[i-1], typed), lang.Fit(texts[i], typed)
			if typed == "größe" && i == 2 && a == b {
				continue // capitals are SS, and alike
			}
			if a < 0 || b >= 0 && a >= b {
				t.Errorf("%s: %s fits %d, %s %d", typed, texts[i-1], a, texts[i], b)
			}
		}
	}
	for _, c := range [][2]string{{"abc", "abcd"}, {"abc", "cb"}, {"", "a"}, {"country", "x"}, {"xEvent.productListItems.priceTotal", "null"}, {"homeAddress.equalUnits", "quit"}} {
		if n := lang.Fit(c[0], c[1]); n >= 0 {
			t.Errorf("%s fits %s: %d", c[1], c[0], n)
		}
	}
}

// TestFitOfAnything: every text fits nothing typed, itself in any case, and each of its parts.
func TestFitOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zA-Z0-9_. é"ÄÖ-]{0,30}`).Draw(t, "text")
		from := rapid.IntRange(0, len(text)).Draw(t, "from")
		to := rapid.IntRange(from, len(text)).Draw(t, "to")
		for _, typed := range []string{"", text, text[:to], strings.ToValidUTF8(text[from:to], "")} {
			if lang.Fit(text, typed) < 0 {
				t.Fatalf("%q does not fit %q", typed, text)
			}
		}
		lang.Fit(text, rapid.String().Draw(t, "typed"))
	})
}

func TestRankValues(t *testing.T) {
	values := []lang.Value{{Text: "silver", Count: 9}, {Text: "gold", Count: 5}, {Text: "Goldfinger", Count: 4}, {Text: "marigold", Count: 3}, {Text: "golden", Count: 2}}
	best, more := lang.RankValues(values, "gold", 3)
	var texts []string
	for _, v := range best {
		texts = append(texts, v.Text)
	}
	if got := strings.Join(texts, " "); got != "gold golden Goldfinger" || more != 1 {
		t.Errorf("%s, and %d more", got, more)
	}
}
