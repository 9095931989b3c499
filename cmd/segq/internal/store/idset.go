package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// IDs collects ids by hash, in memory and, where they are many, in a file that nobody else sees. It is for one goroutine.
type IDs struct {
	n     int
	parts []part
	bytes int // in memory
	spill *os.File
	size  int64
}

// part are the ids of a bucket: those in the file, and those that are not yet.
type part struct {
	there []extent
	ids   []byte // each with its length before it
}

type extent struct {
	at   int64
	size int
}

// inMemory is how many bytes of ids are held before they go to the file.
const inMemory = 64 << 20

// NewIDs returns what collects about so many ids, in so many buckets. It is to be closed.
func NewIDs(buckets int) *IDs { return &IDs{n: buckets, parts: make([]part, buckets)} }

// Buckets is how many buckets there are.
func (s *IDs) Buckets() int { return s.n }

// Add takes ids in.
func (s *IDs) Add(ids []string) error {
	for _, id := range ids {
		p := &s.parts[BucketOf(id, s.n)]
		p.ids = append(binary.AppendUvarint(p.ids, uint64(len(id))), id...)
		s.bytes += len(id) + 1
	}
	if s.bytes < inMemory {
		return nil
	}
	return s.flush()
}

// flush writes what is in memory to the file.
func (s *IDs) flush() error {
	if s.spill == nil {
		f, err := os.CreateTemp("", "segq-ids-*")
		if err != nil {
			return fmt.Errorf("there are many ids, and no room to put them aside: %w", err)
		}
		s.spill = f
		_ = os.Remove(f.Name()) // else, where a file that is open cannot be removed, Close does
	}
	for i := range s.parts {
		p := &s.parts[i]
		if len(p.ids) == 0 {
			continue
		}
		if _, err := s.spill.WriteAt(p.ids, s.size); err != nil {
			return fmt.Errorf("there are many ids, and no room to put them aside: %w", err)
		}
		p.there = append(p.there, extent{s.size, len(p.ids)})
		s.size += int64(len(p.ids))
		p.ids = p.ids[:0]
	}
	s.bytes = 0
	return nil
}

// Bucket returns the ids of a bucket, in the order in which they came.
func (s *IDs) Bucket(i int) ([]string, error) {
	var ids []string
	p := &s.parts[i]
	for _, e := range p.there {
		text := make([]byte, e.size)
		if _, err := s.spill.ReadAt(text, e.at); err != nil {
			return nil, err
		}
		ids = appendIDs(ids, text)
	}
	return appendIDs(ids, p.ids), nil
}

func appendIDs(ids []string, text []byte) []string {
	for len(text) > 0 {
		size, n := binary.Uvarint(text)
		ids = append(ids, string(text[n:n+int(size)]))
		text = text[n+int(size):]
	}
	return ids
}

// Close gives back what the ids take up.
func (s *IDs) Close() error {
	s.parts = nil
	if s.spill == nil {
		return nil
	}
	name := s.spill.Name()
	err := s.spill.Close()
	if gone := os.Remove(name); gone != nil && !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}
