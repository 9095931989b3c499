package executor

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
)

// pressed packs bytes into characters that no shell, query or line minds.
func pressed(plain []byte, level int) string {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, level) // which there is
	_, _ = z.Write(plain)                  // to memory
	_ = z.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// mostPlain bounds what a text may claim to hold.
const mostPlain = 1 << 30

// unpressed reads what pressed has made, with the checksum that is in it.
func unpressed(text string) ([]byte, error) {
	packed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, mostPlain))
}
