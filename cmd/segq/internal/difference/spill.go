package difference

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"
	"strconv"
)

// parts is in how many parts rows wait on disk, of which one at a time is in memory again.
const parts = 64

// spill is rows on disk, in a folder of their own: a file for each side and part.
type spill struct {
	dir   string
	seed  maphash.Seed
	files [2][parts]*spillFile
}

type spillFile struct {
	*os.File
	out *bufio.Writer
}

func newSpill() (*spill, error) {
	dir, err := os.MkdirTemp("", "segq-compare-*")
	if err != nil {
		return nil, fmt.Errorf("cannot compare what does not fit into memory: %w", err)
	}
	return &spill{dir: dir, seed: maphash.MakeSeed()}, nil
}

// add adds a row.
func (s *spill) add(side Side, id, set string) error {
	part := maphash.String(s.seed, id) % parts
	f := s.files[side][part]
	if f == nil {
		file, err := os.OpenFile(filepath.Join(s.dir, strconv.Itoa(int(side))+"-"+strconv.Itoa(int(part))), os.O_CREATE|os.O_RDWR|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		f = &spillFile{file, bufio.NewWriterSize(file, 64<<10)}
		s.files[side][part] = f
	}
	var lengths [2 * binary.MaxVarintLen64]byte
	head := binary.AppendUvarint(binary.AppendUvarint(lengths[:0], uint64(len(id))), uint64(len(set)))
	_, err := f.out.Write(head)
	_, idErr := f.out.WriteString(id)
	_, setErr := f.out.WriteString(set)
	return errors.Join(err, idErr, setErr)
}

// read returns the rows of a part of a side, by id.
func (s *spill) read(side Side, part int) (map[string]string, error) {
	rows, f := map[string]string{}, s.files[side][part]
	if f == nil {
		return rows, nil
	}
	if err := f.out.Flush(); err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(f.File, 1<<20)
	for {
		length, err := binary.ReadUvarint(in)
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		size, sizeErr := binary.ReadUvarint(in)
		if err := errors.Join(err, sizeErr); err != nil {
			return nil, err
		}
		both := make([]byte, length+size)
		if _, err := io.ReadFull(in, both); err != nil {
			return nil, err
		}
		id, set := string(both[:length]), string(both[length:])
		if other, ok := rows[id]; ok {
			set = union(other, set)
		}
		rows[id] = set
	}
}

// remove takes everything away.
func (s *spill) remove() error {
	var errs []error
	for _, side := range s.files {
		for _, f := range side {
			if f != nil {
				errs = append(errs, f.Close())
			}
		}
	}
	return errors.Join(append(errs, os.RemoveAll(s.dir))...)
}
