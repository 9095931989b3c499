package show

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segq/segq/redisx/record"
)

// TestShortenedTextsAreToldApart: of texts that differ in some words, none is as another when they are
// shortened, and none is wider than it may be.
func TestShortenedTextsAreToldApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-z]{3,9}|[a-z]\.[a-z]{4}|"日本[a-c]"`), 12, 30).Draw(t, "words")
		texts := map[string]bool{}
		places := rapid.SliceOfNDistinct(rapid.IntRange(0, len(words)-1), 1, 2, rapid.ID[int]).Draw(t, "places")
		for range rapid.IntRange(2, 6).Draw(t, "texts") {
			own := append([]string{}, words...)
			for _, at := range places {
				own[at] = rapid.SampledFrom([]string{"gold", "silver", "CA", "US"}).Draw(t, "word")
			}
			texts[strings.Join(own, " ")] = true
		}
		width := rapid.IntRange(30, 60).Draw(t, "width")
		var all []string
		for text := range texts {
			all = append(all, text)
		}
		a, seen := newAlike(all), map[string]string{}
		for _, text := range all {
			short := a.fit(text, width)
			if Cells(short) > width {
				t.Fatalf("%q has %d cells, not %d", short, Cells(short), width)
			}
			if other, ok := seen[short]; ok {
				t.Fatalf("%q and %q are both %q", text, other, short)
			}
			seen[short] = text
		}
	})
}

// TestTableFits: no line is wider than the screen where columns of texts can give way, and nothing is
// shortened without a screen.
func TestTableFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := []Column{{Head: "text", Fold: true}, {Head: "n", Right: true}, {Head: "日本", Fold: true}}
		var rows [][]string
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			rows = append(rows, []string{Clean(rapid.String().Draw(t, "a")), rapid.StringMatching(`[0-9]{0,6}`).Draw(t, "n"), Clean(rapid.StringN(0, 40, -1).Draw(t, "b"))})
		}
		whole := NewTable(columns, Look{}, rows)
		narrow := NewTable(columns, Look{Width: 30, Paint: Colours}, rows)
		for _, row := range rows {
			for _, cell := range row {
				if !strings.Contains(whole.Line(row), cell) {
					t.Fatalf("%q lacks %q", whole.Line(row), cell)
				}
			}
			if line := narrow.Line(row); Cells(line) > 30 {
				t.Fatalf("%q has %d cells", line, Cells(line))
			}
		}
		if whole.Folded() {
			t.Fatal("something was shortened without a screen")
		}
	})
}

func TestFactors(t *testing.T) {
	n := 10
	ten := &record.Record{Count: &n}
	for got, want := range map[string]string{
		times(5.306): "5.31 ×", times(0.27): "0.27 ×", times(12.44): "12.4 ×", times(0): "0.00 ×", times(0.001): "<0.01 ×", times(1204.4): "1,204 ×",
		Fraction(0.1): "10.00 %", Fraction(1): "100.00 %", Fraction(0.00001): "<0.01 %", length(0.5, 4): "██", length(0.001, 4): "▏", length(0, 4): "", length(1, 4): "████",
		growth(ten, 5): "+50 %", growth(ten, 113): "+1,130 %", growth(ten, 1): "+10 %", growth(ten, -1): "-10.0 %",
		letters(0): "A", letters(25): "Z", letters(26): "AA", letters(63): "BL",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestTableLeavesOut: where shorter texts are not enough, columns that are missed least are left out, and
// named, until lines fit; a number is whole or not there.
func TestTableLeavesOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := []Column{{Head: "text", Fold: true}, {Head: "most", Right: true}, {Head: "second", Right: true, Spare: 2}, {Head: "first", Right: true, Spare: 3}, {Head: "last", Right: true, Spare: 1}}
		number := rapid.StringMatching(`[0-9]{1,12}`)
		var rows [][]string
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			row := []string{Clean(rapid.String().Draw(t, "text"))}
			for range columns[1:] {
				row = append(row, number.Draw(t, "n"))
			}
			rows = append(rows, row)
		}
		table := NewTable(columns, Look{Width: rapid.IntRange(22, 70).Draw(t, "width")}, rows)
		spared := strings.Join(table.Spared(), " ")
		for _, row := range rows {
			line := table.Line(row)
			if Cells(line) > table.look.Width {
				t.Fatalf("%q has %d cells, not %d", line, Cells(line), table.look.Width)
			}
			for i, c := range columns[1:] {
				if there := strings.Contains(" "+line+" ", " "+row[i+1]+" "); !there && !strings.Contains(spared, c.Head) {
					t.Fatalf("%q lacks %s of %s", line, row[i+1], c.Head)
				}
			}
		}
		if !slices.Contains([]string{"", "first", "second first", "second first last"}, spared) {
			t.Fatalf("left out: %s", spared)
		}
	})
}

// A column is folded to its least width before others are left out, and further where that is not enough.
func TestTableLeast(t *testing.T) {
	columns := []Column{{Head: "field", Fold: true, Least: 16}, {Head: "type", Spare: 1}, {Head: "filled", Right: true}}
	rows := [][]string{{"homeAddress.countryCode", "list<string>", "97.00 %"}}
	for width, want := range map[int]string{
		45: "homeAddress.countryCo…  list<string>  97.00 %",
		40: "homeAddress.coun…  list<string>  97.00 %",
		38: "homeAddress.countryCode  97.00 %",
		20: "homeAddres…  97.00 %",
	} {
		if got := NewTable(columns, Look{Width: width}, rows).Line(rows[0]); got != want {
			t.Errorf("at %d: %q, want %q", width, got, want)
		}
	}
}

// A text at the end of a line that some terminals show wider does not break it there.
func TestTableEndsWithin(t *testing.T) {
	columns := []Column{{Head: "field"}, {Head: "top values", Fold: true}}
	for _, text := range []string{"नमस्ते दुनिया, 한국어 이름, 山田 太郎", "👩‍👩‍👧‍👦 family, 👩‍👩‍👧‍👦", "plain and a bit longer than that"} {
		rows := [][]string{{"name", text}}
		line := NewTable(columns, Look{Width: 26, Start: 1}, rows).Line(rows[0])
		if n := most(line); n > 26 {
			t.Errorf("%q takes up to %d cells", line, n)
		}
	}
}
