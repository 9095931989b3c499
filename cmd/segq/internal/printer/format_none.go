package printer

import (
	"io"

	"github.com/segq/segq/redisx/record"
)

// noneWriter prints nothing: what remains is the status, and the figures of --stats.
type noneWriter struct{}

func newNoneWriter(io.Writer, Layout) Writer { return noneWriter{} }

func (noneWriter) Write(*record.Record) error { return nil }
func (noneWriter) Flush() error               { return nil }
