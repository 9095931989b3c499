package show

import (
	"slices"
	"strings"

	"github.com/segq/segq/redisx/record"
)

// Part is a part of a record for people: a few facts, and a table, of which either may be
// missing. Its texts are clean.
type Part struct {
	Facts   []Fact
	Columns []Column
	Rows    [][]string
	// Lengths are those of the bars beside the rows, from 0 to 1; nil for no bars.
	Lengths []float64
	// Drawn is what is drawn for people in place of the table, nil for the table itself.
	Drawn []string
	// Below is what else is to be known: legends, and what is left out.
	Below []string
}

// Fact is a figure and its name.
type Fact struct{ Name, Value string }

// Parts returns what a record holds beside its count, but the sample and what is said in sentences.
func Parts(r *record.Record, l Look) []Part {
	var out []Part
	for _, parts := range [][]Part{
		valuesParts(r, l), breakdownParts(r, l), funnelParts(r, l), nearParts(r, l), liftParts(r, l), overlapParts(r, l), rowsParts(r, l), diffParts(r), changesParts(r), savedParts(r), exportParts(r), schemaParts(r), whyParts(r, l), qualifyParts(r),
	} {
		out = append(out, parts...)
	}
	return out
}

// Lines draws the parts of a record, and says below them which values are masked.
func Lines(r *record.Record, l Look) []string { return append(Drawn(r, l), MaskedIn(r, l)...) }

// Drawn draws the parts of a record.
func Drawn(r *record.Record, l Look) []string {
	var lines []string
	for i, p := range Parts(r, l) {
		if len(lines) > 0 && i > 0 && len(p.Rows) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, p.Lines(l)...)
	}
	return lines
}

// widestBar is how long bars are at most, leastBar at least, in cells.
const widestBar, leastBar = 24, 4

// Lines draws a part.
func (p Part) Lines(l Look) []string {
	lines := Flow(p.facts(), " · ", l.Width)
	if p.Drawn != nil || len(p.Rows) == 0 {
		return append(append(lines, p.Drawn...), p.Below...)
	}
	t := NewTable(p.Columns, l, p.Rows)
	room := min(l.Width-t.Width()-gap, widestBar)
	lines = append(lines, t.Head())
	for i, row := range p.Rows {
		line := t.Line(row)
		if l.Bars && p.Lengths != nil && room >= leastBar {
			line += strings.Repeat(" ", t.Width()-Cells(line)+gap)
			if disputed(line) {
				line += l.pin(t.Width() + gap)
			}
			line += length(p.Lengths[i], room)
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	if lines = append(lines, p.Below...); t.Folded() {
		lines = append(lines, l.more("texts with this mark are shortened", Folded)...)
	}
	return append(lines, SparedLines(t, l)...)
}

// SparedLines says which columns of a table are left out.
func SparedLines(t *Table, l Look) []string {
	heads := t.Spared()
	if len(heads) == 0 {
		return nil
	}
	return l.more("no room for "+strings.Join(heads, ", "), Spared)
}

func (p Part) facts() []string {
	out := make([]string, len(p.Facts))
	for i, f := range p.Facts {
		out[i] = strings.TrimSpace(f.Name + " " + f.Value)
	}
	return out
}

// Flow puts texts on as few lines of width cells as hold them, none of which is cut; on one where
// width is 0.
func Flow(texts []string, between string, width int) []string {
	var lines []string
	for i, text := range texts {
		last := len(lines) - 1
		switch {
		case i > 0 && (width == 0 || Cells(lines[last]+between+text) <= width):
			lines[last] += between + text
		default:
			lines = append(lines, text)
		}
	}
	return lines
}

// Words puts a text on lines of width cells, broken between words.
func Words(text string, width int) []string { return Flow(strings.Split(text, " "), " ", width) }

// Sample shows ids: of those that are masked, how many there are.
func Sample(ids []string, width int) []string {
	hidden := 0
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		if id == Masked {
			hidden++
		}
		return id == Masked
	})
	if hidden > 0 {
		ids = append(ids, Masked+" × "+Count(hidden))
	}
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = Clean(id)
		if i < len(ids)-1 {
			texts[i] += ","
		}
	}
	if len(texts) > 0 {
		texts[0] = "sample: " + texts[0]
	}
	return Flow(texts, " ", width)
}

// longest returns the lengths of bars of counts, of which the largest has the longest.
func longest(counts []int) []float64 {
	most := 1
	for _, n := range counts {
		most = max(most, n)
	}
	out := make([]float64, len(counts))
	for i, n := range counts {
		out[i] = float64(n) / float64(most)
	}
	return out
}
