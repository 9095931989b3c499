package gen

import (
	"io"

	"github.com/segq/segq/cmd/segq/internal/parquetfile"
	"github.com/segq/segq/samples"
)

// columns writes a row group a chunk.
type columns struct {
	w *parquetfile.Writer[samples.Profile]
}

func newParquet(w io.Writer) (encoder, error) {
	return &columns{parquetfile.NewWriter[samples.Profile](w)}, nil
}

func (c *columns) begin() part { return &rowGroup{c.w.Begin()} }

func (c *columns) close() error { return c.w.Close() }

// rowGroup holds the columns of a chunk.
type rowGroup struct {
	group *parquetfile.RowGroup[samples.Profile]
}

func (r *rowGroup) encode(profiles []samples.Profile) error {
	r.group.Add(profiles)
	return nil
}

func (r *rowGroup) end() { r.group.End() }

func (r *rowGroup) commit() error { return r.group.Commit() }
