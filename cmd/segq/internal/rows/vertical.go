package rows

import (
	"fmt"
	"io"
	"strings"

	"github.com/segq/segq/repl/show"
)

// Vertical writes a line a value, below the number of its row.
func Vertical(w io.Writer, o Options) Writer {
	p := newPeople(w, o)
	width, n := 0, 0
	names := make([]string, len(o.Fields))
	for i, f := range o.Fields {
		names[i] = show.OneLine(f.Name)
		width = max(width, show.Cells(names[i]))
	}
	p.row = func(cells []string) {
		n++
		p.line(fmt.Sprintf("-[ %d ]", n))
		for i, cell := range cells {
			p.line(names[i] + strings.Repeat(" ", width-show.Cells(names[i])+2) + cell)
		}
	}
	p.close = func() {}
	return p
}
