package load

import (
	"context"
	"io"
	"os"
)

// stdinName is what standard input is called in errors and notes.
const stdinName = "standard input"

// newInput returns standard input: a file from its first byte on, if it is one, or a stream.
func newInput(r io.Reader) source {
	if f, ok := r.(*os.File); ok {
		if at, err := f.Seek(0, io.SeekCurrent); err == nil && at == 0 {
			return newGiven(f, stdinName)
		}
	}
	return piped{newGiven(struct{ io.Reader }{r}, stdinName)}
}

// piped is what comes once, perhaps late.
type piped struct{ *given }

func (p piped) open(ctx context.Context) (io.ReadCloser, error) {
	return newStream(ctx, func() (io.ReadCloser, error) { return io.NopCloser(p.r), nil })
}
