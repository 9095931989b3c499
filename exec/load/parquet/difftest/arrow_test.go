package difftest_test

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// arrow is a file that arrow-go has open.
type arrow struct{ file *file.Reader }

// openArrow opens a file whose pages have at most so many bytes.
func openArrow(data []byte, most int64) (*arrow, error) {
	p := parquet.NewReaderProperties(memory.DefaultAllocator)
	p.MaxCompressedPageSize, p.MaxUncompressedPageSize = most, most
	f, err := file.NewParquetReader(bytes.NewReader(data), file.WithReadProps(p))
	if err != nil {
		return nil, err
	}
	return &arrow{f}, nil
}

func (a *arrow) groups() int            { return a.file.NumRowGroups() }
func (a *arrow) columns() int           { return a.file.MetaData().Schema.NumColumns() }
func (a *arrow) name(column int) string { return a.file.MetaData().Schema.Column(column).Path() }

// typed is a column chunk reader of one physical type.
type typed[T any] interface {
	file.ColumnChunkReader
	ReadBatch(n int64, values []T, defs, reps []int16) (levels int64, read int, err error)
}

func (a *arrow) read(group, i int) (*column, error) {
	g := a.file.RowGroup(group)
	m, err := g.MetaData().ColumnChunk(i)
	if err != nil {
		return nil, err
	}
	r, err := g.Column(i)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	n := m.NumValues()
	switch r := r.(type) {
	case *file.BooleanColumnChunkReader:
		return drain(r, n, ofBool)
	case *file.Int32ColumnChunkReader:
		return drain(r, n, func(v int32) string { return ofInt(int64(v)) })
	case *file.Int64ColumnChunkReader:
		return drain(r, n, ofInt)
	case *file.Int96ColumnChunkReader:
		return drain(r, n, func(v parquet.Int96) string { return string(v[:]) })
	case *file.Float32ColumnChunkReader:
		return drain(r, n, func(v float32) string { return ofFloat(float64(v)) })
	case *file.Float64ColumnChunkReader:
		return drain(r, n, ofFloat)
	case *file.ByteArrayColumnChunkReader:
		return drain(r, n, func(v parquet.ByteArray) string { return string(v) })
	case *file.FixedLenByteArrayColumnChunkReader:
		return drain(r, n, func(v parquet.FixedLenByteArray) string { return string(v) })
	}
	return nil, fmt.Errorf("a reader of the type %T", r)
}

// drain reads a column chunk to its end, which is after n values.
func drain[T any](r typed[T], n int64, text func(T) string) (*column, error) {
	const batch = 1024
	values, defs, reps := make([]T, batch), make([]int16, batch), make([]int16, batch)
	c, all := &column{}, int64(0)
	for empty := 0; all < n && empty < 100; {
		// HasNext is false at a page without values, as pyarrow writes them, too.
		if !r.HasNext() {
			if err := r.Err(); err != nil {
				return nil, err
			}
			empty++
			continue
		}
		levels, read, err := r.ReadBatch(batch, values, defs, reps)
		if err != nil {
			return nil, err
		}
		if levels == 0 {
			break
		}
		all += levels
		if r.Descriptor().MaxDefinitionLevel() > 0 {
			c.defs = append(c.defs, defs[:levels]...)
		}
		if r.Descriptor().MaxRepetitionLevel() > 0 {
			c.reps = append(c.reps, reps[:levels]...)
		}
		for _, v := range values[:read] {
			c.values = append(c.values, text(v))
		}
	}
	if all != n {
		return nil, errors.New("another number of values than the footer says")
	}
	return c, nil
}

// bitPacked says whether a page of a column chunk has levels in the encoding of
// old. arrow-go reads the lowest bit first, where Encodings.md wants the highest.
func (a *arrow) bitPacked(group, i int) bool {
	pages, err := a.file.RowGroup(group).GetColumnPageReader(i)
	if err != nil {
		return false
	}
	defer pages.Close()
	for pages.Next() {
		p, ok := pages.Page().(*file.DataPageV1)
		if ok && (p.DefinitionLevelEncoding() == parquet.Encodings.BitPacked || p.RepetitionLevelEncoding() == parquet.Encodings.BitPacked) {
			return true
		}
	}
	return false
}
