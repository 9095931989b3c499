package column_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/segq/segq/exec/column"
)

// Instants are written as package time writes them.
func TestAppendJSONTime(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	ms := []int64{0, -1, 1, 999, 1000, -62135596800000, -62135596800001, 253402300799999, 253402300800000, 951782400000, 4107542400000, 1 << 60}
	for range 200_000 {
		ms = append(ms, r.Int64N(400_000_000_000_000)-100_000_000_000_000, r.Int64N(4_000_000_000)*1000)
	}
	for day := range int64(150_000) { // four centuries
		ms = append(ms, (day-60_000)*86_400_000-day%2)
	}
	for _, n := range ms {
		want := time.UnixMilli(n).UTC().Format("2006-01-02T15:04:05.999Z07:00")
		if got := string(column.AppendJSONTime(nil, n)); got != want {
			t.Fatalf("%d: %s, not %s", n, got, want)
		}
	}
}

// Texts come back as they were.
func TestAppendJSONString(t *testing.T) {
	for _, text := range []string{"", "a", `a"b`, `\`, "Zoë", "a\tb\n\x00\x1f\x7f", " 日本 ", "plain text"} {
		var got string
		if err := json.Unmarshal(column.AppendJSONString(nil, text), &got); err != nil || got != text {
			t.Errorf("%q came back as %q: %v", text, got, err)
		}
	}
}
