package rows

import (
	"io"

	"github.com/segq/segq/cmd/segq/internal/parquetfile"
)

// Parquet writes a Parquet file.
func Parquet(w io.Writer, o Options) Writer {
	return parquetWriter{parquetfile.NewColumns(w, o.Fields)}
}

type parquetWriter struct{ *parquetfile.Columns }

func (p parquetWriter) Begin() Part { return p.Columns.Begin() }
