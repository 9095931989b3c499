package difference

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"os"
	"sync"
)

// parts is in how many parts rows wait, by a hash of their ids: as many are in memory at a time as there are cores at work.
const parts = 256

// waiting are rows of a side that wait for what is theirs on the other: in memory and, beyond a limit, in a file that
// nobody else sees.
type waiting struct {
	limit int64
	seed  maphash.Seed // the same for both sides

	mu    sync.Mutex // guards what follows
	parts [parts]part
	held  int64
	file  *os.File
	size  int64
	gone  bool
}

// part are the rows of a part: those in the file, and those that are not yet. Each is its id and its set, each of
// these with its length before it.
type part struct {
	there []extent
	rows  []byte
}

type extent struct {
	at   int64
	size int
}

// add adds the rows of a batch. Those of one id that follow each other are one.
func (w *waiting) add(b *Batch) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var codes []uint32
	var together []byte
	for i := 0; i < b.Len(); {
		id, set := b.row(i)
		same := 1
		for ; i+same < b.Len(); same++ {
			next, more := b.row(i + same)
			if string(next) != string(id) {
				break
			}
			if same == 1 {
				codes = appendCodes(codes[:0], set)
			}
			codes = appendCodes(codes, more)
		}
		if same > 1 {
			together = appendSet(together[:0], codes)
			set = together
		}
		w.put(id, set)
		i += same
		if err := w.makeRoom(); err != nil {
			return err
		}
	}
	return nil
}

// put adds a row.
func (w *waiting) put(id, set []byte) {
	p := &w.parts[maphash.Bytes(w.seed, id)%parts]
	before := len(p.rows)
	p.rows = append(binary.AppendUvarint(p.rows, uint64(len(id))), id...)
	p.rows = append(binary.AppendUvarint(p.rows, uint64(len(set))), set...)
	w.held += int64(len(p.rows) - before)
}

// makeRoom writes what is in memory to the file if it is too much.
func (w *waiting) makeRoom() error {
	switch {
	case w.gone:
		return errClosed
	case w.held <= w.limit:
		return nil
	}
	if w.file == nil {
		f, err := os.CreateTemp("", "segq-compare-*")
		if err != nil {
			return noRoom(err)
		}
		w.file = f
		_ = os.Remove(f.Name()) // else, where a file that is open cannot be removed, remove does
	}
	for i := range w.parts {
		p := &w.parts[i]
		if len(p.rows) == 0 {
			continue
		}
		if _, err := w.file.WriteAt(p.rows, w.size); err != nil {
			return noRoom(err)
		}
		p.there = append(p.there, extent{w.size, len(p.rows)})
		w.size += int64(len(p.rows))
		p.rows = p.rows[:0]
	}
	w.held = 0
	return nil
}

// ErrNoRoom says that rows which do not fit into memory cannot be put aside.
var ErrNoRoom = errors.New("cannot compare what does not fit into memory")

func noRoom(err error) error {
	return fmt.Errorf("%w: %w: TMPDIR names a folder with more room", ErrNoRoom, err)
}

// each calls f with the rows of a part, which are valid until it returns.
func (w *waiting) each(i int, f func(id, set []byte)) error {
	p := &w.parts[i]
	var text []byte
	for _, e := range p.there {
		if cap(text) < e.size {
			text = make([]byte, e.size)
		}
		text = text[:e.size]
		if _, err := w.file.ReadAt(text, e.at); err != nil {
			return fmt.Errorf("cannot read again what was put aside to be compared: %w", err)
		}
		eachRow(text, f)
	}
	eachRow(p.rows, f)
	return nil
}

func eachRow(text []byte, f func(id, set []byte)) {
	field := func() []byte {
		size, n := binary.Uvarint(text)
		value := text[n : n+int(size)]
		text = text[n+int(size):]
		return value
	}
	for len(text) > 0 {
		id := field()
		f(id, field())
	}
}

// remove gives back what they take up. Who adds more has an error.
func (w *waiting) remove() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gone, w.parts = true, [parts]part{}
	if w.file == nil {
		return nil
	}
	name := w.file.Name()
	err := w.file.Close()
	if gone := os.Remove(name); gone != nil && !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	w.file = nil
	return err
}
