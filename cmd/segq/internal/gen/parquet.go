package gen

import (
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/segq/segq/samples"
)

// columns writes a row group a chunk.
type columns struct {
	w      *parquet.GenericWriter[samples.Profile]
	schema *parquet.Schema
}

func newParquet(w io.Writer) (encoder, error) {
	schema := parquet.SchemaOf(samples.Profile{})
	return &columns{parquet.NewGenericWriter[samples.Profile](w, schema,
		parquet.Compression(&parquet.Snappy), parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.RLEDictionary),
		parquet.CreatedBy("segq", "", "")), schema}, nil
}

func (c *columns) begin() part { return &rowGroup{c.w.BeginRowGroup(), c.schema, nil} }

func (c *columns) close() error { return c.w.Close() }

// rowGroup holds the columns of a chunk.
type rowGroup struct {
	group  *parquet.ConcurrentRowGroupWriter
	schema *parquet.Schema
	rows   []parquet.Row
}

func (r *rowGroup) encode(profiles []samples.Profile) error {
	for len(r.rows) < len(profiles) {
		r.rows = append(r.rows, nil)
	}
	for i := range profiles {
		r.rows[i] = r.schema.Deconstruct(r.rows[i][:0], &profiles[i])
	}
	_, err := r.group.WriteRows(r.rows[:len(profiles)])
	return err
}

func (r *rowGroup) commit() error {
	_, err := r.group.Commit()
	return err
}
