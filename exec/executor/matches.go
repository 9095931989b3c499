package executor

import (
	"encoding/binary"
	"sync"

	"github.com/segq/segq/exec"
)

// mostMatches is how many bytes the bits of all queries may take of a part: they travel as one line.
const mostMatches = 64 << 20

// words is how many words of 64 bits so many rows have.
func words(rows int) int { return (rows + 63) / 64 }

// matches gathers which rows of a part match a query.
type matches struct {
	mu   sync.Mutex
	bits []byte
}

// take takes some words, as exec.Query says.
func (m *matches) take(start int, words []uint64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, w := range words {
		binary.LittleEndian.PutUint64(m.bits[8*(start/64+i):], w)
	}
	return nil
}

// gather has the queries of a batch that are asked for their matches tell them, and returns who gathers them, by query; nil
// for the others. It fails where they would be too many.
func (b *Batch) gather(own *exec.Batch, rows int) ([]*matches, error) {
	all, n := make([]*matches, len(own.Queries)), 0
	for i := range b.Asks {
		if !b.Asks[i].Matches {
			continue
		}
		if n++; n*8*words(rows) > mostMatches {
			return nil, wrong("a part of %d rows is too large to be compared by %d audiences or more: divide the table into more parts (--cluster-parts)", rows, n)
		}
		all[i] = &matches{bits: make([]byte, 8*words(rows))}
		own.Queries[i].Matches = all[i].take
	}
	return all, nil
}

// Words returns some of the words of an outcome, from number from on before number to.
func (o *Outcome) Words(from, to int) []uint64 {
	w := make([]uint64, to-from)
	for i := range w {
		w[i] = binary.LittleEndian.Uint64(o.Bits[8*(from+i):])
	}
	return w
}
