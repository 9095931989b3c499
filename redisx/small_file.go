package redisx

import (
	"context"
	"fmt"
	"io"
	"os"
)

// maxSmallFile is what a password, a certificate or a list of tokens may have at most, in
// bytes.
const maxSmallFile = 16 << 20

// ReadSmallFile reads a file of configuration, at most 16 MiB of it, until ctx ends: a pipe
// may never be written to, and a device has no end.
func ReadSmallFile(ctx context.Context, name string) ([]byte, error) {
	type content struct {
		text []byte
		err  error
	}
	read := make(chan content, 1)
	go func() {
		text, err := readSmallFile(name)
		read <- content{text, err}
	}()
	select {
	case c := <-read:
		return c.text, c.err
	case <-ctx.Done(): // who waits for a writer still does so, and holds nothing else
		return nil, context.Cause(ctx)
	}
}

func readSmallFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, maxSmallFile+1))
	if err == nil && len(text) > maxSmallFile {
		err = fmt.Errorf("%s has more than %d MiB", name, maxSmallFile>>20)
	}
	return text, err
}
