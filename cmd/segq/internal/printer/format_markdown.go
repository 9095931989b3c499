package printer

import (
	"fmt"
	"io"
	"strings"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// markdownWriter prints a table as GitHub has them, a line a record, each as soon as it is known.
type markdownWriter struct {
	w      io.Writer
	headed bool
}

func newMarkdownWriter(w io.Writer) Writer { return &markdownWriter{w: w} }

func (m *markdownWriter) Write(r *record.Record) error {
	if err := m.Flush(); err != nil {
		return err
	}
	label := r.Query
	if r.Name != "" {
		label = r.Name + ": " + label
	}
	cells := []string{"`` " + strings.ReplaceAll(show.OneLine(label), "|", `\|`) + " ``", r.Status, "", "", ""}
	if r.Count != nil {
		cells = append(cells[:1], show.Count(*r.Count), show.Count(*r.Total), show.Share(*r.Count, *r.Total), fmt.Sprintf("%.1f", r.ElapsedMS))
	}
	_, err := fmt.Fprintf(m.w, "| %s |\n", strings.Join(cells, " | "))
	return err
}

// Flush prints the header where there is none yet.
func (m *markdownWriter) Flush() error {
	if m.headed {
		return nil
	}
	m.headed = true
	_, err := io.WriteString(m.w, "| query | count | total | share | ms |\n| --- | ---: | ---: | ---: | ---: |\n")
	return err
}
