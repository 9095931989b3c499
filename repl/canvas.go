package repl

import "github.com/segq/segq/repl/show"

// canvas is what answers are drawn on: the screen, and the words and colours for it. A copy of it is enough to draw
// elsewhere.
type canvas struct {
	palette palette
	words   words
	// accessible sessions tell the progress in words, now and then.
	accessible    bool
	width, height int
	// snapshot is the one that the banner names.
	snapshot string
	// mode is the form in which answers are shown, "" for that of the session; untimed leaves out how long they took.
	mode    string
	untimed bool
	// reads says that the session reads the data itself, so that .open takes flags.
	reads bool
	// whole shortens nothing, as for a pager, in which one can go to the right.
	whole bool
}

// wholly returns the canvas on which nothing is shortened.
func (m canvas) wholly() canvas {
	m.whole = true
	return m
}

// taken is how many rows of the screen lines take.
func (m *canvas) taken(lines []string) (n int) {
	for _, l := range lines {
		n++
		if w := show.Cells(l); w > m.width {
			n += (w - 1) / m.width
		}
	}
	return n
}
