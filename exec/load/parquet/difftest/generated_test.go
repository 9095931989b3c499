package difftest_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// generated is a file that arrow-go writes: the values of one type in one encoding, under
// one codec, in each of the shapes.
type generated struct {
	physical parquet.Type
	encoding parquet.Encoding // RLE_DICTIONARY, or the like, for a dictionary
	codec    compress.Compression
	pages    parquet.DataPageVersion
	rows     int // of each row group
}

func (g generated) name() string {
	return fmt.Sprintf("generated/%s-%s-%s-v%d", g.physical, g.encoding, g.codec, 1+g.pages)
}

func (g generated) dictionary() bool {
	return g.encoding == parquet.Encodings.PlainDict || g.encoding == parquet.Encodings.RLEDict
}

// generatedFiles lists what arrow-go can write.
func generatedFiles() (all []generated) {
	e := parquet.Encodings
	encodings := map[parquet.Type][]parquet.Encoding{
		parquet.Types.Boolean:           {e.Plain, e.RLE},
		parquet.Types.Int32:             {e.Plain, e.PlainDict, e.RLEDict, e.DeltaBinaryPacked, e.ByteStreamSplit},
		parquet.Types.Int64:             {e.Plain, e.PlainDict, e.RLEDict, e.DeltaBinaryPacked, e.ByteStreamSplit},
		parquet.Types.Int96:             {e.Plain, e.PlainDict, e.RLEDict},
		parquet.Types.Float:             {e.Plain, e.PlainDict, e.RLEDict, e.ByteStreamSplit},
		parquet.Types.Double:            {e.Plain, e.PlainDict, e.RLEDict, e.ByteStreamSplit},
		parquet.Types.ByteArray:         {e.Plain, e.PlainDict, e.RLEDict, e.DeltaLengthByteArray, e.DeltaByteArray},
		parquet.Types.FixedLenByteArray: {e.Plain, e.PlainDict, e.RLEDict, e.ByteStreamSplit},
	}
	c := compress.Codecs
	for physical, of := range encodings {
		for _, encoding := range of {
			for _, codec := range []compress.Compression{c.Uncompressed, c.Snappy, c.Gzip, c.Brotli, c.Zstd, c.Lz4Raw} {
				for _, pages := range []parquet.DataPageVersion{parquet.DataPageV1, parquet.DataPageV2} {
					all = append(all, generated{physical, encoding, codec, pages, 150})
				}
			}
		}
	}
	return all
}

// shapes are what values may be in, from the root down.
var shapes = [][]parquet.Repetition{
	{parquet.Repetitions.Required},
	{parquet.Repetitions.Optional},
	{parquet.Repetitions.Optional, parquet.Repetitions.Optional, parquet.Repetitions.Required},
	{parquet.Repetitions.Repeated},
	{parquet.Repetitions.Optional, parquet.Repetitions.Repeated, parquet.Repetitions.Optional},
	{parquet.Repetitions.Repeated, parquet.Repetitions.Optional, parquet.Repetitions.Repeated, parquet.Repetitions.Repeated, parquet.Repetitions.Optional},
}

// fixedLength is the number of bytes of values of fixed length.
const fixedLength = 5

// write writes the file. As arrow-go writes no dictionaries of INT96, they are written as
// those of 12 bytes, and renamed.
func (g generated) write() ([]byte, error) {
	if g.physical != parquet.Types.Int96 || !g.dictionary() {
		return g.writeAs(fixedLength)
	}
	g.physical = parquet.Types.FixedLenByteArray
	data, err := g.writeAs(12)
	data = bytes.ReplaceAll(data, []byte("\x15\x0e\x15\x18"), []byte("\x15\x06\x15\x18")) // in the schema: the type, before the length
	data = bytes.ReplaceAll(data, []byte("\x15\x0e\x19"), []byte("\x15\x06\x19"))         // of a column: the type, before a list
	return data, err
}

// writeAs writes the file: a row group whose values are few and one where most differ, so
// that a dictionary outgrows its page; and of each some nulls, none, or nothing else.
func (g generated) writeAs(length int32) ([]byte, error) {
	options := []parquet.WriterProperty{
		parquet.WithCompression(g.codec), parquet.WithDataPageVersion(g.pages), parquet.WithDictionaryDefault(g.dictionary()),
		parquet.WithDataPageSize(400), parquet.WithBatchSize(50), parquet.WithDictionaryPageSizeLimit(600), parquet.WithVersion(parquet.V2_LATEST),
	}
	switch g.encoding {
	case parquet.Encodings.PlainDict:
		options = append(options, parquet.WithVersion(parquet.V1_0))
	case parquet.Encodings.RLEDict:
	default:
		options = append(options, parquet.WithEncoding(g.encoding))
	}
	var fields schema.FieldList
	for i, shape := range shapes {
		name := fmt.Sprint("shape", i)
		fields = append(fields, g.node(name, shape, length))
		options = append(options, parquet.WithDictionaryCostFallbackFor(name+strings.Repeat(".in", len(shape)-1), false))
	}
	root, err := schema.NewGroupNode("root", parquet.Repetitions.Required, fields, -1)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := file.NewParquetWriter(&b, root, file.WithWriterProps(parquet.NewWriterProperties(options...)))
	r := rand.New(rand.NewPCG(uint64(g.physical), uint64(g.encoding)))
	for _, part := range []struct{ distinct, nulls int }{{5, 30}, {1 << 40, 0}, {5, 100}} {
		group, err := w.AppendRowGroupChecked()
		if err != nil {
			return nil, err
		}
		for _, shape := range shapes {
			l := &levels{Rand: r, shape: shape, nulls: part.nulls}
			for range g.rows {
				l.add(0, 0, 0, 0)
			}
			if err := g.writeColumn(group, l, part.distinct, int(length)); err != nil {
				return nil, err
			}
		}
		if err := group.Close(); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return b.Bytes(), err
}

func (g generated) node(name string, shape []parquet.Repetition, length int32) schema.Node {
	if len(shape) > 1 {
		return schema.MustGroup(schema.NewGroupNode(name, shape[0], schema.FieldList{g.node("in", shape[1:], length)}, -1))
	}
	if g.physical != parquet.Types.FixedLenByteArray {
		length = -1
	}
	return schema.MustPrimitive(schema.NewPrimitiveNode(name, shape[0], g.physical, -1, length))
}

func (g generated) writeColumn(group file.SerialRowGroupWriter, l *levels, distinct, length int) error {
	c, err := group.NextColumn()
	if err != nil {
		return err
	}
	// The method is that of the type of the column.
	out := reflect.ValueOf(c).MethodByName("WriteBatch").Call([]reflect.Value{
		reflect.ValueOf(valuesOf(l.Rand, g.physical, l.values, distinct, length)), reflect.ValueOf(l.defs), reflect.ValueOf(l.reps),
	})
	if err, failed := out[1].Interface().(error); failed {
		return err
	}
	return c.Close()
}

// levels makes levels of a shape.
type levels struct {
	*rand.Rand
	shape      []parquet.Repetition
	nulls      int // of a hundred
	defs, reps []int16
	values     int
}

// add adds what is below the element i of the shape. depth counts the lists that it is in.
func (l *levels) add(i int, rep, def, depth int16) {
	if i == len(l.shape) {
		l.defs, l.reps = append(l.defs, def), append(l.reps, rep)
		l.values++
		return
	}
	n := 1
	switch l.shape[i] {
	case parquet.Repetitions.Required:
		l.add(i+1, rep, def, depth)
		return
	case parquet.Repetitions.Repeated:
		n = l.IntN(4)
		depth++
	}
	if n == 0 || l.IntN(100) < l.nulls {
		l.defs, l.reps = append(l.defs, def), append(l.reps, rep)
		return
	}
	for range n {
		l.add(i+1, rep, def+1, depth)
		rep = depth
	}
}

// valuesOf makes n values, of which so many differ; length is that of byte arrays of fixed length.
func valuesOf(r *rand.Rand, t parquet.Type, n, distinct, length int) any {
	switch t {
	case parquet.Types.Boolean:
		run := false
		return fill(n, func() bool { run = run != (r.IntN(9) == 0); return run })
	case parquet.Types.Int32:
		return fill(n, func() int32 { return int32(r.IntN(distinct)*7919) - 20_000 })
	case parquet.Types.Int64:
		return fill(n, func() int64 { return int64(r.IntN(distinct))*7919_000_001 - 1<<40 })
	case parquet.Types.Int96:
		return fill(n, func() (v parquet.Int96) { copy(v[:], text(r, distinct)+"            "); return v })
	case parquet.Types.Float:
		return fill(n, func() float32 { return float32(r.IntN(distinct)) / 8 })
	case parquet.Types.Double:
		return fill(n, func() float64 { return float64(r.IntN(distinct)) / -8 })
	case parquet.Types.ByteArray:
		return fill(n, func() parquet.ByteArray { return parquet.ByteArray(text(r, distinct)) })
	}
	return fill(n, func() parquet.FixedLenByteArray {
		return parquet.FixedLenByteArray((text(r, distinct) + "            ")[:length])
	})
}

func fill[T any](n int, value func() T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = value()
	}
	return out
}

func text(r *rand.Rand, distinct int) string {
	return [...]string{"", "a", "common ", "ü"}[r.IntN(4)] + fmt.Sprint(r.IntN(distinct))
}
