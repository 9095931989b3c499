package history

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/segq/segq/repl/lockfile"
)

const (
	// most is how many lines of a file there are for one entry, at most, before it is made smaller: an entry takes
	// two, and repetitions some more. mostBytes is its size then.
	most      = 3
	mostBytes = 32 << 20
	// headSize is how much of the first line tells one file from another.
	headSize = 256
)

// progress is how far a file was read.
type progress struct {
	head   string // of the first line, "" before it was read
	offset int64
	lines  int
	newer  bool // it has lines of a newer program
}

// Sync reads what others have written since the last time, and writes what is new here. What cannot be written is
// kept for the next time.
func (s *Store) Sync() error {
	if s.file == "" {
		return nil
	}
	s.io.Lock()
	defer s.io.Unlock()
	s.mu.Lock()
	fresh := s.unsaved
	s.mu.Unlock()
	if len(fresh) == 0 {
		return s.look()
	}
	if err := s.write(fresh); err != nil {
		return errors.Join(err, s.look())
	}
	return nil
}

// look reads what others have written. It needs no lock: a line that is being written is read the next time.
func (s *Store) look() error {
	f, err := open(s.file, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		if s.seen != (progress{}) {
			s.forget()
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("the history cannot be read: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	return s.read(f)
}

// open opens the file if it is one. Of others, such as pipes, opening may never end.
func open(name string, how int) (*os.File, error) {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("this is no file")}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return os.OpenFile(name, how, 0o600)
}

// read takes what a file has since the last time, or all of one that is another.
func (s *Store) read(f *os.File) error {
	head, err := headOf(f)
	if err != nil {
		return fmt.Errorf("the history cannot be read: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("the history cannot be read: %w", err)
	}
	anew := head == "" || head != s.seen.head || info.Size() < s.seen.offset
	if anew {
		s.seen = progress{head: head}
	}
	text, err := io.ReadAll(io.NewSectionReader(f, s.seen.offset, info.Size()-s.seen.offset))
	if err != nil {
		return fmt.Errorf("the history cannot be read: %w", err)
	}
	var found []record
	s.seen.offset += split(text, func(line []byte) {
		s.seen.lines++
		if r := parse(line); r != nil {
			s.seen.newer = s.seen.newer || r.V > version
			found = append(found, *r)
		}
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if anew { // in one step: who asks meanwhile finds all that there was
		s.all, s.own = newIndex(), newIndex()
	}
	for _, r := range found {
		s.all.take(r)
		if strings.HasPrefix(r.ID+r.Of, s.session+"-") {
			s.own.take(r)
		}
	}
	if anew {
		s.takeUnsaved()
	}
	return nil
}

// headOf returns the beginning of the first line, "" as long as that is not complete.
func headOf(f *os.File) (string, error) {
	b := make([]byte, headSize)
	n, err := f.ReadAt(b, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if line, _, ok := bytes.Cut(b[:n], []byte("\n")); ok || n == headSize {
		return string(line), nil
	}
	return "", nil
}

// split gives the lines of a text, and returns how many bytes they have. A last one without an end is given if it is
// whole: of JSON that begins with {, no part is.
func split(text []byte, give func([]byte)) (size int64) {
	for len(text) > 0 {
		line, rest, ended := bytes.Cut(text, []byte("\n"))
		if !ended && !json.Valid(line) {
			break
		}
		give(line)
		size += int64(len(text) - len(rest))
		text = rest
	}
	return size
}

// parse returns the record of a line, nil for one that is torn, or that somebody else has written.
func parse(line []byte) *record {
	r := &record{}
	if len(line) == 0 || json.Unmarshal(line, r) != nil || r.V < 1 {
		return nil
	}
	return r
}

// forget drops what was read. What is not in the file yet is kept.
func (s *Store) forget() {
	s.seen = progress{}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all, s.own = newIndex(), newIndex()
	s.takeUnsaved()
}

// takeUnsaved takes what is not in the file yet. mu is held.
func (s *Store) takeUnsaved() {
	for _, r := range s.unsaved {
		s.all.take(r)
		s.own.take(r)
	}
}

// write appends records, in one write, after it has read what is before them.
func (s *Store) write(fresh []record) error {
	name := target(s.file)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return fmt.Errorf("the history cannot be kept: %w", err)
	}
	unlock, err := lockfile.Take(name)
	if err != nil {
		return fmt.Errorf("the history cannot be kept: %w", err)
	}
	defer unlock()
	f, err := open(name, os.O_RDWR|os.O_APPEND|os.O_CREATE)
	if err != nil {
		return fmt.Errorf("the history cannot be kept: %w", err)
	}
	err = s.append(f, fresh)
	if closed := f.Close(); err == nil && closed != nil {
		err = fmt.Errorf("the history cannot be kept: %w", closed)
	}
	if err != nil {
		return err
	}
	if !s.seen.newer && (s.seen.lines > most*s.limit || s.seen.offset > mostBytes) {
		_, _ = rewrite(name, s.limit, func(*Entry) bool { return true }) // if it cannot be done now, then later
	}
	return nil
}

// append writes records behind what a file has.
func (s *Store) append(f *os.File, fresh []record) error {
	if err := s.read(f); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("the history cannot be kept: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		_ = f.Chmod(0o600) // a system without such modes refuses
	}
	text, err := beginning(f, info.Size())
	if err != nil {
		return fmt.Errorf("the history cannot be kept: %w", err)
	}
	for _, r := range fresh {
		text = append(text, r.line()...)
	}
	if _, err := f.Write(text); err != nil {
		_ = f.Truncate(info.Size()) // else a torn line stays, which is passed over
		return fmt.Errorf("the history cannot be kept: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unsaved = s.unsaved[len(fresh):]
	return nil
}

// beginning returns what has to be before a new line: the first one of a file that is empty, the end of one that
// is torn.
func beginning(f *os.File, size int64) ([]byte, error) {
	if size == 0 {
		return firstLine(), nil
	}
	last := make([]byte, 1)
	if _, err := f.ReadAt(last, size-1); err != nil {
		return nil, err
	}
	if last[0] != '\n' {
		return []byte("\n"), nil
	}
	return nil, nil
}

// firstLine returns the first line of a new file, which no other has.
func firstLine() []byte { return record{File: rand.Text()}.line() }

// target returns the name of a file that may be a link.
func target(name string) string {
	if to, err := filepath.EvalSymlinks(name); err == nil {
		return to
	}
	return name
}
