package printer

import (
	"encoding/json"
	"io"

	"github.com/segq/segq/redisx/record"
)

// ndjsonWriter prints a JSON object a line, each as soon as it is known.
type ndjsonWriter struct {
	w *json.Encoder
}

func newNDJSONWriter(w io.Writer, _ Layout) Writer {
	e := json.NewEncoder(w)
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

func newJSONWriter(w io.Writer, _ Layout) Writer { return &jsonWriter{w: w} }

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
