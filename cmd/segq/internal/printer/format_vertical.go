package printer

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// verticalWriter prints a line a figure, each record as soon as it is known. Nothing is shortened.
type verticalWriter struct{ w io.Writer }

func newVerticalWriter(w io.Writer, _ Layout) Writer { return verticalWriter{w} }

func (v verticalWriter) Write(r *record.Record) error {
	facts := []show.Fact{{Name: "name", Value: show.Clean(r.Name)}, {Name: "query", Value: show.OneLine(r.Query)}, {Name: "status", Value: r.Status}}
	if r.Count != nil && r.Total != nil {
		facts = append(facts, show.Fact{Name: "count", Value: show.Count(*r.Count)}, show.Fact{Name: "total", Value: show.Count(*r.Total)}, show.Fact{Name: "share", Value: show.Share(*r.Count, *r.Total)})
	}
	facts = append(facts, remarks(r)...)
	for _, id := range r.Sample {
		facts = append(facts, show.Fact{Name: "sample", Value: show.Clean(id)})
	}
	facts = append(facts, show.Fact{Name: "ms", Value: fmt.Sprintf("%.1f", r.ElapsedMS)}, show.Fact{Name: "now", Value: r.Now.Format(time.RFC3339Nano)}, show.Fact{Name: "snapshot", Value: r.Snapshot})
	var b strings.Builder
	vertical(&b, show.Clean(r.ID), facts)
	n := 0
	for _, p := range show.Parts(r, show.Look{Top: math.MaxInt}) {
		facts := append([]show.Fact{}, p.Facts...)
		for _, line := range p.Below {
			facts = append(facts, show.Fact{Value: line})
		}
		if len(facts) > 0 && (len(p.Rows) == 0 || p.Drawn != nil) {
			n++
			vertical(&b, fmt.Sprintf("%s.%d", show.Clean(r.ID), n), facts)
		}
		for _, row := range p.Rows {
			n++
			vertical(&b, fmt.Sprintf("%s.%d", show.Clean(r.ID), n), cellsOf(p.Columns, row))
		}
		if len(p.Rows) > 0 {
			for _, line := range p.Below {
				b.WriteString(line + "\n")
			}
		}
	}
	_, err := io.WriteString(v.w, b.String())
	return err
}

// remarks are what is said of a record in sentences.
func remarks(r *record.Record) []show.Fact {
	var out []show.Fact
	if r.Error != nil {
		out = append(out, show.Fact{Name: "error", Value: show.OneLine(r.Error.Message)})
	}
	for _, line := range show.Remarks(r, show.Look{}) {
		name, text, said := strings.Cut(line, ": ")
		if !said {
			name, text = "", line
		}
		out = append(out, show.Fact{Name: name, Value: text})
	}
	return out
}

// cellsOf names the cells of a row by their heads.
func cellsOf(columns []show.Column, row []string) []show.Fact {
	var out []show.Fact
	for i, cell := range row {
		if name := columns[i].Head; name != "" || cell != "" {
			out = append(out, show.Fact{Name: name, Value: strings.TrimSpace(cell)})
		}
	}
	return out
}

// vertical prints a line a fact below a title.
func vertical(b *strings.Builder, title string, facts []show.Fact) {
	wide := 8
	for _, f := range facts {
		wide = max(wide, show.Cells(f.Name))
	}
	fmt.Fprintf(b, "-[ %s ]\n", title)
	for _, f := range facts {
		if (f.Name == "name" || f.Name == "query") && f.Value == "" {
			continue
		}
		b.WriteString(strings.TrimRight(f.Name+strings.Repeat(" ", wide-show.Cells(f.Name)+2)+f.Value, " ") + "\n")
	}
}

func (v verticalWriter) Flush() error { return nil }
