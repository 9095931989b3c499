package rows

import (
	"io"

	"github.com/segq/segq/cmd/segq/internal/arrowfile"
)

// Arrow writes an Arrow IPC file.
func Arrow(w io.Writer, o Options) Writer { return arrowWriter{arrowfile.NewWriter(w, o.Fields)} }

type arrowWriter struct{ *arrowfile.Writer }

func (a arrowWriter) Begin() Part { return a.Writer.Begin() }
