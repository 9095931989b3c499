package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/segq/segq/repl/lockfile"
)

// The body of an entry is a file: magic, the number of chunks, the end of each behind this table, and the chunks. Numbers
// have 64 bits, least significant byte first.
const (
	magic = "segqbody"
	// leftFor is how long the file of a body that nothing names stays: somebody may be about to name it.
	leftFor = time.Hour
)

// dir is where the bodies are.
func (f *file) dir() string { return target(f.name) + ".d" }

// writeBody writes the file of a body.
func (f *file) writeBody(name string, body [][]byte) error {
	if err := os.MkdirAll(f.dir(), 0o700); err != nil {
		return err
	}
	return replace(filepath.Join(f.dir(), name), encodeBody(body))
}

func encodeBody(body [][]byte) []byte {
	b := append([]byte(magic), binary.LittleEndian.AppendUint64(nil, uint64(len(body)))...)
	end := uint64(0)
	for _, chunk := range body {
		end += uint64(len(chunk))
		b = binary.LittleEndian.AppendUint64(b, end)
	}
	return append(b, bytes.Join(body, nil)...)
}

// same says whether a body is there as it should be.
func (f *file) same(name string, body [][]byte) bool {
	there, err := os.ReadFile(filepath.Join(f.dir(), name))
	return err == nil && bytes.Equal(there, encodeBody(body))
}

func (f *file) removeBody(name string) { _ = os.Remove(filepath.Join(f.dir(), name)) } // else sweep does

// sweep removes the files of bodies that no entry names any more, and of those that never were.
func (f *file) sweep(x *index) {
	names := map[string]bool{}
	for _, e := range x.Entries {
		names[e.Body] = true
	}
	there, _ := os.ReadDir(f.dir())
	for _, d := range there {
		info, err := d.Info()
		if err == nil && info.Mode().IsRegular() && !names[d.Name()] && (f.named(d.Name()) || time.Since(info.ModTime()) > leftFor) {
			f.removeBody(d.Name())
		}
	}
}

// named says whether the index as it was read before has a body of this name.
func (f *file) named(body string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.index == nil {
		return false
	}
	for _, e := range f.index.Entries {
		if e.Body == body {
			return true
		}
	}
	return false
}

// Chunks returns chunks of a body.
func (f *file) Chunks(_ context.Context, e Entry, from, n int) ([][]byte, error) {
	if n == 0 {
		return nil, nil
	}
	name, _ := e.place.(string)
	b, err := os.Open(filepath.Join(f.dir(), name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, fmt.Errorf("the store cannot be read: %w", err)
	}
	defer func() { _ = b.Close() }()
	chunks, err := readChunks(b, e.Chunks, from, n)
	if err != nil {
		return nil, fmt.Errorf("the store cannot be read: %s: %w", b.Name(), err)
	}
	return chunks, nil
}

// readChunks reads n chunks of a body of so many.
func readChunks(b *os.File, all, from, n int) ([][]byte, error) {
	info, err := b.Stat()
	if err != nil {
		return nil, err
	}
	table := len(magic) + 8 + 8*all
	head := make([]byte, table)
	if _, err := io.ReadFull(b, head); err != nil || string(head[:len(magic)]) != magic ||
		binary.LittleEndian.Uint64(head[len(magic):]) != uint64(all) {
		return nil, errors.New("it is damaged")
	}
	end := func(i int) int64 {
		if i < 0 {
			return int64(table)
		}
		return int64(table) + int64(binary.LittleEndian.Uint64(head[len(magic)+8+8*i:]))
	}
	var chunks [][]byte
	for i := from; i < from+n; i++ {
		if i >= all || end(i) < end(i-1) || end(i) > info.Size() {
			return nil, errors.New("it is damaged")
		}
		chunk := make([]byte, end(i)-end(i-1))
		if _, err := b.ReadAt(chunk, end(i-1)); err != nil {
			return nil, err
		}
		chunks = append(chunks, chunk)
	}
	return chunks, nil
}

// Replace puts a chunk in the place of another.
func (f *file) Replace(ctx context.Context, e Entry, chunk int, before, after []byte) (bool, error) {
	unlock, err := lockfile.Take(target(f.name))
	if err != nil {
		return false, fmt.Errorf("the store %s cannot be written: %w", f.name, err)
	}
	defer unlock()
	body, err := f.Chunks(ctx, e, 0, e.Chunks)
	if err != nil || !bytes.Equal(body[chunk], before) {
		return false, err
	}
	body[chunk] = after
	name, _ := e.place.(string)
	if err := replace(filepath.Join(f.dir(), name), encodeBody(body)); err != nil {
		return false, fmt.Errorf("the store cannot be written: %w", err)
	}
	return true, nil
}
