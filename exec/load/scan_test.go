package load

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

// TestScans compares what is done to eight bytes at a time with what is done to one.
func TestScans(t *testing.T) {
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	pool := []byte("aaaabbb01239\"\\\x00\x01\x1f \x7f\x80\xff,\n\r{}[]|;[}")
	for range 300_000 {
		text := make([]byte, random.IntN(40))
		for i := range text {
			text[i] = pool[random.IntN(len(pool))]
		}
		from := random.IntN(len(text) + 1)
		plain, foreign := from, from
		for plain < len(text) && text[plain] >= ' ' && text[plain] != '"' && text[plain] != '\\' && text[plain] < 0x80 {
			plain++
		}
		for foreign < len(text) && text[foreign] >= ' ' && text[foreign] != '"' && text[foreign] != '\\' {
			foreign++
		}
		if got := plainEnd(text, from); got != plain {
			t.Fatalf("%q from %d: %d, want %d", text, from, got, plain)
		}
		quote, bracket := from, from
		for quote < len(text) && text[quote] != '"' && text[quote] != '\\' {
			quote++
		}
		for bracket < len(text) && !bytes.ContainsRune([]byte(`"{}[]`), rune(text[bracket])) {
			bracket++
		}
		if got := nextQuote(text, from); got != quote {
			t.Fatalf("%q from %d: quote %d, want %d", text, from, got, quote)
		}
		if got := nextBracket(text, from); got != bracket {
			t.Fatalf("%q from %d: bracket %d, want %d", text, from, got, bracket)
		}
		if got := foreignEnd(text, from); got != foreign {
			t.Fatalf("%q from %d: foreign %d, want %d", text, from, got, foreign)
		}
	}
}

// TestShortWhole reads digits, and what is beside digits in the table of characters.
func TestShortWhole(t *testing.T) {
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	for range 1_000_000 {
		n := 1 + random.IntN(8)
		text := make([]byte, 8+random.IntN(3))
		digits := true
		for i := range text {
			text[i] = byte('0' + random.IntN(10))
			if random.IntN(12) == 0 {
				text[i] = byte(random.IntN(256))
			}
			digits = digits && (i >= n || text[i] >= '0' && text[i] <= '9')
		}
		want, _ := strconv.ParseInt(string(text[:n]), 10, 64)
		if v, ok := shortWhole(text, 0, n); ok != digits || ok && v != want {
			t.Fatalf("%q is %d %t, want %d %t", text[:n], v, ok, want, digits)
		}
	}
}
