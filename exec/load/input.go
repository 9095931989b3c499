package load

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrChanged is the error of a load whose file became another while it was read:
// what was read of it may never have been its contents.
var ErrChanged = errors.New("the file changed while it was read")

// input is a file to be read, or a pipe, as it was before anything was read.
type input struct {
	name                string
	info                fs.FileInfo
	format, compression string // of a pipe without an extension, format is ""
}

// inspect looks at what a name stands for, and refuses what cannot be read.
func inspect(name string) (*input, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	in := &input{name: name, info: info}
	switch mode := info.Mode(); {
	case mode.IsDir():
		return nil, fmt.Errorf("%s is a directory; name its files, as in %s", name, filepath.Join(name, "*.ndjson"))
	case mode&fs.ModeSocket != 0:
		return nil, fmt.Errorf("%s is a socket; data comes from files and pipes", name)
	case mode&fs.ModeDevice != 0:
		return nil, fmt.Errorf("%s is a device; data comes from files and pipes", name)
	}
	in.format, in.compression, err = formatOf(name)
	if err != nil && (in.pipe() || strings.HasPrefix(name, "/dev/")) && filepath.Ext(name) == "" {
		err = nil // as /dev/stdin and <(command) are: what is in it will tell
	}
	return in, err
}

// pipe says whether the input has no size, and no second look.
func (in *input) pipe() bool { return !in.info.Mode().IsRegular() }

// changed gives an error when the file is not what it was before it was read.
func (in *input) changed() error {
	if in.pipe() {
		return nil
	}
	now, err := os.Stat(in.name)
	switch was := in.info; {
	case errors.Is(err, fs.ErrNotExist):
		return in.became("it is gone")
	case err != nil:
		return err
	case !os.SameFile(was, now):
		return in.became("another file has its name")
	case now.Size() < was.Size():
		return in.became(fmt.Sprintf("it shrank from %d to %d bytes", was.Size(), now.Size()))
	case now.Size() > was.Size():
		return in.became(fmt.Sprintf("it grew from %d to %d bytes", was.Size(), now.Size()))
	case !now.ModTime().Equal(was.ModTime()):
		return in.became("it was written to")
	}
	return nil
}

func (in *input) became(what string) error {
	return fmt.Errorf("%s: %w: %s; load it again when nobody writes to it", in.name, ErrChanged, what)
}

// The first bytes of files that begin in a way of their own.
const (
	parquetMagic = "PAR1"
	gzipMagic    = "\x1f\x8b"
	zstdMagic    = "\x28\xb5\x2f\xfd"
)

// compressionOf says how what begins so is compressed, as an extension.
func compressionOf(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte(gzipMagic)):
		return ".gz"
	case bytes.HasPrefix(head, []byte(zstdMagic)):
		return ".zst"
	}
	return ""
}

// guessFormat says what format a text seems to have that nobody has named.
func guessFormat(r *bufio.Reader) (format string, err error) {
	head, err := r.Peek(r.Size())
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return "", err
	}
	if bytes.HasPrefix(head, []byte(parquetMagic)) {
		return "parquet", nil
	}
	head = bytes.TrimLeft(bytes.TrimPrefix(head, byteOrderMark), " \t\r\n")
	line, _, _ := bytes.Cut(head, []byte("\n"))
	switch {
	case len(head) == 0:
		return "ndjson", nil // nothing is nothing in any format
	case bytes.IndexByte(line, 0) >= 0:
		return "", errors.New("the format is not known, as the name has no extension and this is no text")
	case head[0] == '[':
		return "json", nil
	case head[0] == '{' && byLine(head):
		return "ndjson", nil
	case head[0] == '{':
		return "json", nil
	case bytes.Count(line, []byte("\t")) > bytes.Count(line, []byte(",")):
		return "tsv", nil
	}
	return "csv", nil
}
