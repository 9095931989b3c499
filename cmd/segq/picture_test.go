//go:build unix

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The look of a picture: a dark window of its own, so that it can be read on pages of any colour.
const (
	letterWidth      = 8.43
	rowHeight        = 18
	margin           = 14
	paper, ink, pale = "#1b1f27", "#d7dce5", "#949cac"
)

// inks are the colours of a terminal by the numbers of SGR.
var inks = map[string]string{"31": "#ff7b85", "32": "#8fd17f", "33": "#e8c170", "34": "#82b1ff", "35": "#d9a0f0", "36": "#6fd3d8"}

var escaped = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// picture draws what is on the screen as SVG: text that can be selected, in whatever font of letters with one width
// there is, each run of it stretched to its columns.
func (s *screen) picture(title string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := s.cells
	for len(rows) > 0 && lineOf(rows[len(rows)-1]) == "" {
		rows = rows[:len(rows)-1]
	}
	wide, high := 2*margin+int(float64(s.cols)*letterWidth), 3*margin+len(rows)*rowHeight
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">`, wide, high, wide, high)
	fmt.Fprintf(&b, "\n<title>%s</title>\n", escaped.Replace(title))
	fmt.Fprintf(&b, `<style>text{font:14px ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;white-space:pre;fill:%s}`, ink)
	fmt.Fprintf(&b, `.n1{font-weight:bold}.n2{fill:%s}.n4{text-decoration:underline}`, pale)
	for _, number := range slices.Sorted(maps.Keys(inks)) {
		fmt.Fprintf(&b, ".n%s{fill:%s}", number, inks[number])
	}
	fmt.Fprintf(&b, ".n7{fill:%s}</style>\n", paper)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" rx="8" fill="%s"/>`+"\n", wide, high, paper)
	for i, number := range []string{"31", "33", "32"} {
		fmt.Fprintf(&b, `<circle cx="%d" cy="%d" r="5" fill="%s"/>`+"\n", margin+5+17*i, margin, inks[number])
	}
	for y, row := range rows {
		drawRow(&b, row, 2*margin+y*rowHeight)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// drawRow draws a row whose upper edge is at top.
func drawRow(b *strings.Builder, row []cell, top int) {
	var runs strings.Builder
	for x, end := 0, 0; x < len(row); x = end {
		var text string
		for end = x; end < len(row) && row[end].pen == row[x].pen && plainly(row[end]) == plainly(row[x]); end++ {
			text += row[end].text
		}
		left, width, class := margin+float64(x)*letterWidth, float64(end-x)*letterWidth, classOf(row[x].pen)
		if strings.Contains(class, "n7") {
			fmt.Fprintf(b, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`+"\n", left, top, width, rowHeight, ink)
		}
		if end == len(row) {
			text = strings.TrimRight(text, " ")
			width = float64(utf8.RuneCountInString(text)) * letterWidth
		}
		if text != "" {
			fmt.Fprintf(&runs, `<tspan x="%.1f" textLength="%.1f" lengthAdjust="spacingAndGlyphs"%s>%s</tspan>`, left, width, class, escaped.Replace(text))
		}
	}
	if runs.Len() > 0 {
		fmt.Fprintf(b, `<text xml:space="preserve" y="%d">%s</text>`+"\n", top+14, runs.String())
	}
}

// plainly says whether every font has a letter; others may come from a font of another width.
func plainly(c cell) bool { return c.text != "" && c.text[0] < utf8.RuneSelf }

// classOf is how a run with such attributes is marked.
func classOf(pen string) string {
	var classes []string
	for number := range strings.FieldsFuncSeq(pen, func(r rune) bool { return r == ';' }) {
		classes = append(classes, "n"+number)
	}
	if classes == nil {
		return ""
	}
	return ` class="` + strings.Join(classes, " ") + `"`
}

// TestPicture: each letter of the screen is in its picture, at its column and with its looks.
func TestPicture(t *testing.T) {
	t.Parallel()
	s := &screen{T: t, cols: 20, rows: 3, cells: blank(20, 3), goesOn: make([]bool, 3), modes: map[string]bool{}}
	s.write("a <b>\x1b[1;32m12\x1b[0m █ \x1b[7m \x1b[0m\r\n\x1b[2mfaint\x1b[0m")
	svg := s.picture("A & B")
	for _, want := range []string{
		"<title>A &amp; B</title>", `<tspan x="14.0" textLength="42.1" lengthAdjust="spacingAndGlyphs">a &lt;b&gt;</tspan>`,
		`class="n1 n32">12</tspan>`, `>█</tspan>`, `class="n7"> </tspan>`, `class="n2">faint</tspan>`,
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in\n%s", want, svg)
		}
	}
}
