package rows

import (
	"bytes"
	"io"

	"github.com/segq/segq/repl/show"
)

// onScreen returns w, but for a terminal one that it does not obey: control characters are shown as
// escapes. It is given whole lines.
func (o Options) onScreen(w io.Writer) io.Writer {
	if o.Width > 0 {
		return screen{w}
	}
	return w
}

type screen struct{ to io.Writer }

// Write writes lines, whose tabs stay.
func (s screen) Write(b []byte) (int, error) {
	var clean []byte
	for line := range bytes.Lines(b) {
		text, ended := bytes.CutSuffix(line, []byte{'\n'})
		for k, part := range bytes.Split(text, []byte{'\t'}) {
			if k > 0 {
				clean = append(clean, '\t')
			}
			clean = append(clean, show.Clean(string(part))...)
		}
		if ended {
			clean = append(clean, '\n')
		}
	}
	if _, err := s.to.Write(clean); err != nil {
		return 0, err
	}
	return len(b), nil
}
