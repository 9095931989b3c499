//go:build !unix && !windows

package pack

import (
	"io"
	"os"
)

// mapFile reads the file where there are no maps.
func mapFile(f *os.File, size int) ([]byte, error) {
	b := view(make([]uint64, (size+7)/8))[:size]
	_, err := io.ReadFull(io.NewSectionReader(f, 0, int64(size)), b)
	return b, err
}

func unmap([]byte) error { return nil }
