package printer

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// ndjsonWriter prints a JSON object a line, each as soon as it is known.
type ndjsonWriter struct {
	w *json.Encoder
}

func newNDJSONWriter(w io.Writer, l Layout) Writer {
	e := json.NewEncoder(screened(w, l))
	e.SetEscapeHTML(false)
	return &ndjsonWriter{e}
}

func (n *ndjsonWriter) Write(r *record.Record) error {
	r.V = record.Version
	return n.w.Encode(r)
}
func (n *ndjsonWriter) Flush() error { return nil }

// jsonWriter prints one array of objects.
type jsonWriter struct {
	w     io.Writer
	wrote bool
}

func newJSONWriter(w io.Writer, l Layout) Writer { return &jsonWriter{w: screened(w, l)} }

func (j *jsonWriter) Write(r *record.Record) error {
	r.V = record.Version
	open := ",\n  "
	if !j.wrote {
		open = "[\n  "
	}
	j.wrote = true
	if _, err := io.WriteString(j.w, open); err != nil {
		return err
	}
	e := json.NewEncoder(trimNewline{j.w})
	e.SetEscapeHTML(false)
	e.SetIndent("  ", "  ")
	return e.Encode(r)
}

func (j *jsonWriter) Flush() error {
	end := "\n]\n"
	if !j.wrote {
		end = "[]\n"
	}
	_, err := io.WriteString(j.w, end)
	return err
}

// screened returns w, where it is a screen behind a filter: JSON escapes some of the characters that
// control a terminal, and not all.
func screened(w io.Writer, l Layout) io.Writer {
	if l.Look.Width == 0 {
		return w
	}
	return screen{w}
}

// screen makes whole lines clean.
type screen struct{ w io.Writer }

func (s screen) Write(p []byte) (int, error) {
	lines := strings.Split(string(p), "\n")
	for i, line := range lines {
		lines[i] = show.Clean(line)
	}
	if _, err := io.WriteString(s.w, strings.Join(lines, "\n")); err != nil {
		return 0, err
	}
	return len(p), nil
}

// trimNewline leaves out the newline that a json.Encoder ends a value with. The
// encoder hands over each value in one Write.
type trimNewline struct{ w io.Writer }

func (t trimNewline) Write(p []byte) (int, error) {
	n := len(p)
	if n > 0 && p[n-1] == '\n' {
		p = p[:n-1]
	}
	if _, err := t.w.Write(p); err != nil {
		return 0, err
	}
	return n, nil
}
