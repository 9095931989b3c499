package gen

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/segq/segq/samples"
)

// ndjson writes a profile a line.
type ndjson struct {
	w          io.Writer
	compressor io.Closer // the compressor, or nil
}

func newNDJSON(w io.Writer, compression string) (encoder, error) {
	switch compression {
	case ".gz":
		z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
		return &ndjson{z, z}, err
	case ".zst":
		z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
		return &ndjson{z, z}, err
	}
	return &ndjson{w, nil}, nil
}

func (n *ndjson) begin() part { return &lines{to: n.w} }

func (n *ndjson) close() error {
	if n.compressor == nil {
		return nil
	}
	return n.compressor.Close()
}

// lines holds the text of a chunk.
type lines struct {
	bytes.Buffer
	to io.Writer
}

func (l *lines) encode(profiles []samples.Profile) error {
	e := json.NewEncoder(l)
	e.SetEscapeHTML(false)
	for i := range profiles {
		if err := e.Encode(&profiles[i]); err != nil {
			return err
		}
	}
	return nil
}

func (l *lines) end() {}

func (l *lines) commit() error {
	_, err := l.WriteTo(l.to)
	return err
}
