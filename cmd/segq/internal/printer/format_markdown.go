package printer

import (
	"fmt"
	"io"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// markdownWriter prints tables as GitHub has them: one of counts, a line a record, each as soon as
// it is known, and one for each part of a record. What belongs to a line of the first follows it.
type markdownWriter struct {
	w      io.Writer
	look   show.Look
	headed bool             // there is a table of counts
	blocks bool             // or some record was printed as a block
	first  []*record.Record // those that have failed before the others are known
	after  strings.Builder
}

func newMarkdownWriter(w io.Writer, l Layout) Writer {
	return &markdownWriter{w: w, look: show.Look{Top: l.Look.Top, More: l.Look.More}, blocks: l.Kind == Values || l.Kind == Why}
}

func (m *markdownWriter) Write(r *record.Record) error {
	switch {
	case m.blocks || !m.headed && tabular(r):
		m.blocks = true
		first := append(m.first, r)
		m.first = nil
		for _, r := range first {
			if err := m.block(r); err != nil {
				return err
			}
		}
		return nil
	case !m.headed && r.Status != record.OK && len(m.first) < sampled:
		m.first = append(m.first, r)
		return nil
	}
	return m.rows(append(m.first, r))
}

// rows prints lines of the table of counts.
func (m *markdownWriter) rows(records []*record.Record) error {
	m.first = nil
	var b strings.Builder
	if !m.headed {
		m.headed = true
		b.WriteString("| query | count | total | share | ms |\n| --- | ---: | ---: | ---: | ---: |\n")
	}
	for _, r := range records {
		cells := countRow(r)
		cells[0] = strings.ReplaceAll(code(cells[0]), "|", `\|`)
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
		details := m.details(r)
		if r.Error != nil {
			details = "\n- " + rows.EscapeMarkdown(show.OneLine(r.Error.Message)) + "\n" + details
		}
		if details != "" {
			m.after.WriteString("\n" + code(show.Title(r)) + "\n" + details)
		}
	}
	_, err := io.WriteString(m.w, b.String())
	return err
}

// block prints one record with its tables.
func (m *markdownWriter) block(r *record.Record) error {
	var b strings.Builder
	if title := show.Title(r); title != "" {
		b.WriteString(code(title) + ": ")
	}
	b.WriteString(show.Outcome(r, show.Look{}) + "\n" + m.details(r) + "\n")
	_, err := io.WriteString(m.w, b.String())
	return err
}

// code marks a text as code.
func code(text string) string { return "`` " + text + " ``" }

// details is what a record holds beside its count.
func (m *markdownWriter) details(r *record.Record) string {
	var b strings.Builder
	list := func(lines []string) {
		for i, line := range lines {
			if i == 0 {
				b.WriteByte('\n')
			}
			b.WriteString("- " + rows.EscapeMarkdown(strings.TrimSpace(line)) + "\n")
		}
	}
	list(show.Remarks(r, m.look))
	for _, p := range show.Parts(r, m.look) {
		var facts []string
		for _, f := range p.Facts {
			facts = append(facts, strings.TrimSpace(f.Name+" "+f.Value))
		}
		list(facts)
		if len(p.Rows) > 0 {
			b.WriteByte('\n')
			markdownTable(&b, p)
		}
		list(p.Below)
	}
	list(show.Sample(r.Sample, 0))
	return b.String()
}

func markdownTable(b *strings.Builder, p show.Part) {
	b.WriteByte('|')
	for _, c := range p.Columns {
		b.WriteString(" " + rows.EscapeMarkdown(c.Head) + " |")
	}
	b.WriteString("\n|")
	for _, c := range p.Columns {
		if c.Right {
			b.WriteString(" ---: |")
		} else {
			b.WriteString(" --- |")
		}
	}
	b.WriteByte('\n')
	for _, row := range p.Rows {
		b.WriteByte('|')
		for _, cell := range row {
			b.WriteString(" " + rows.EscapeMarkdown(cell) + " |")
		}
		b.WriteByte('\n')
	}
}

// Flush prints the header where there is none yet, and what belongs to the lines of the table.
func (m *markdownWriter) Flush() error {
	if !m.blocks {
		if err := m.rows(m.first); err != nil {
			return err
		}
	}
	_, err := io.WriteString(m.w, m.after.String())
	return err
}
