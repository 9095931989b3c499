package difftest_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	theirs "github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/segq/segq/exec/load/parquet"
)

// combination is a way to write the values of a page.
type combination struct {
	physical parquet.Type
	encoding parquet.Encoding
	codec    parquet.Codec
	version  int
}

func (c combination) String() string {
	return fmt.Sprintf("%s, %s, %s, version %d", theirs.Type(c.physical), c.encoding, c.codec, c.version)
}

// beyond says whether arrow-go reads none of c. Its values come from elsewhere then:
// from pyarrow and DuckDB, in the matrix and in testdata/parquet/others.
func (c combination) beyond() bool {
	dictionary := c.encoding == parquet.PlainDictionary || c.encoding == parquet.RLEDictionary
	return c.codec == parquet.LZ4 || c.physical == parquet.FixedLenByteArray && c.encoding == parquet.DeltaByteArray ||
		c.physical == parquet.Boolean && dictionary
}

// numbers of the format beyond those that there are.
const someNumbers = 24

// TestVerified holds what our reader says that it reads to what was compared: of each
// combination values that both readers read alike.
func TestVerified(t *testing.T) {
	compared := map[combination]int{}
	add := func(name string, data []byte) {
		t.Run(name, func(t *testing.T) {
			n := tally{pages: compared}
			n.compare(t, name, data)
		})
	}
	for _, g := range generatedFiles() {
		data, err := g.write()
		if err != nil {
			t.Fatal(g.name(), err)
		}
		add(g.name(), data)
	}
	unseen(t, true)
	values := 0
	for c, n := range compared {
		if values += n; !c.physical.Reads(c.encoding) || !c.codec.Known() {
			t.Errorf("%s: it is read, and not said to be", c)
		}
	}
	t.Logf("%d combinations with %d values", len(compared), values)
	for physical := range parquet.FixedLenByteArray + 1 {
		for encoding := range parquet.Encoding(someNumbers) {
			for codec := range parquet.Codec(someNumbers) {
				for version := 1; version <= 2; version++ {
					c := combination{physical, encoding, codec, version}
					if physical.Reads(encoding) && codec.Known() && !c.beyond() && compared[c] < 100 {
						t.Errorf("%s: only %d values were compared", c, compared[c])
					}
				}
			}
		}
	}
}

// note counts the values of the pages of a column chunk.
func (n *tally) note(a *arrow, group, i int) error {
	m, err := a.file.RowGroup(group).MetaData().ColumnChunk(i)
	if err != nil {
		return err
	}
	pages, err := a.file.RowGroup(group).GetColumnPageReader(i)
	if err != nil {
		return err
	}
	defer pages.Close()
	for pages.Next() {
		version := 1
		switch pages.Page().(type) {
		case *file.DictionaryPage:
			continue
		case *file.DataPageV2:
			version = 2
		}
		c := combination{parquet.Type(m.Type()), parquet.Encoding(pages.Page().Encoding()), parquet.Codec(m.Compression()), version}
		n.pages[c] += int(pages.Page().NumValues())
	}
	return pages.Err()
}

// TestArrowReadsNoMore looks for what arrow-go reads and our reader does not. Were there
// anything, such columns could be read by it.
func TestArrowReadsNoMore(t *testing.T) {
	for number := range someNumbers {
		if _, err := guarded(func() (compress.Codec, error) { return compress.GetCodec(compress.Compression(number)) }); err == nil && !parquet.Codec(number).Known() {
			t.Errorf("arrow-go reads the codec %s", parquet.Codec(number))
		}
	}
	for physical := range parquet.FixedLenByteArray + 1 {
		g := generated{theirs.Type(physical), theirs.Encodings.Plain, compress.Codecs.Uncompressed, theirs.DataPageV1, 150}
		data, err := g.write()
		if err != nil {
			t.Fatal(err)
		}
		for number := range someNumbers {
			encoding := parquet.Encoding(number)
			err := readAs(t, data, encoding)
			refuses := err != nil && slices.ContainsFunc([]string{"unimplemented", "unknown encoding", "only boolean supports RLE"}, func(says string) bool {
				return strings.Contains(err.Error(), says)
			})
			if !physical.Reads(encoding) && !refuses {
				t.Errorf("arrow-go reads values of %s in the encoding %s: %v", theirs.Type(physical), encoding, err)
			}
		}
	}
}

// readAs reads the first column of a file whose plain pages say that they have another
// encoding, with arrow-go.
func readAs(t *testing.T, data []byte, e parquet.Encoding) error {
	t.Helper()
	// In the header of a page: its encoding, and that of its levels.
	const plain = "\x15\x00\x15\x06\x15\x06"
	if !bytes.Contains(data, []byte(plain)) {
		t.Fatal("there is no plain page")
	}
	data = bytes.ReplaceAll(data, []byte(plain), []byte{0x15, byte(2 * e), 0x15, 6, 0x15, 6})
	a, err := openArrow(data, 1<<20)
	if err != nil {
		return err
	}
	_, err = guarded(func() (*column, error) { return a.read(0, 0) })
	return err
}
