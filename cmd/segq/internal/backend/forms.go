package backend

import (
	"bytes"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// Forms names the formats of the command line in which a screen can show an answer, but for the session's own.
func (b *backend) Forms() (names []string) {
	for _, f := range printer.Table() {
		if f.Answers && f.Name != "table" {
			names = append(names, f.Name)
		}
	}
	return names
}

// Form returns an answer in one of them.
func (b *backend) Form(name string, r *record.Record, look show.Look) ([]string, error) {
	var text bytes.Buffer
	look.Width = max(look.Width, 1) // as for a screen: nothing in the data may control it
	w := printer.To(name, &text, printer.Layout{Bare: true, Look: look})
	one := *r // which gets the version of what is written
	if err := w.Write(&one); err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	written := strings.TrimRight(text.String(), "\n")
	if written == "" {
		return nil, nil
	}
	return strings.Split(written, "\n"), nil
}
