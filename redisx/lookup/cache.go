package lookup

import (
	"encoding/binary"
	"sync"
)

const (
	// segments is how many parts a cache has, by the last byte of hashes.
	segments = 256
	// indexBytes is about what an entry takes in the index.
	indexBytes = 32
)

// cache keeps rows of keys in bounded memory: those of keys whose hash ends in a byte below a bound, which falls
// when the memory is full. A fixed part of the keys stays, therefore, while all are asked for
// again and again, as for column after column; of which a cache that replaces what was not used for the longest time would
// have none. (Part of the keys by hash: C. Waldspurger et al., Efficient MRC Construction with SHARDS,
// FAST 2015.) It has no pointers for the garbage collector to follow.
type cache struct {
	mu    sync.RWMutex // held to read by who uses a segment below the bound
	bound int
	limit int
	parts [segments]segment
	total sync.Mutex
	bytes int
}

// segment holds the keys whose hash ends in one byte.
type segment struct {
	mu    sync.RWMutex
	index map[uint64]uint32 // from hash to the place of its entry
	data  []byte            // for each: lengths of key and row, key, row
}

func newCache(limit int) *cache {
	c := &cache{limit: limit, bound: segments}
	if limit <= 0 {
		c.bound = 0
	}
	return c
}

// get returns what is kept of a key, "" for a key that has no row.
func (c *cache) get(hash uint64, key string) (row string, ok bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if int(hash%segments) >= c.bound {
		return "", false
	}
	s := &c.parts[hash%segments]
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, ok := s.index[hash]
	if !ok {
		return "", false
	}
	data := s.data[at:]
	k, n := binary.Uvarint(data)
	data = data[n:]
	r, n := binary.Uvarint(data)
	data = data[n:]
	if string(data[:k]) != key {
		return "", false
	}
	return string(data[k : k+r]), true
}

// put keeps the row of a key, "" for none. Of two keys with the same hash it keeps the first.
func (c *cache) put(hash uint64, key, row string) {
	if len(key)+len(row) > c.limit/segments {
		return
	}
	if more := c.insert(hash, key, row); more > 0 {
		c.grow(more)
	}
}

// insert puts an entry into its segment and returns by how much the cache has grown.
func (c *cache) insert(hash uint64, key, row string) (more int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if int(hash%segments) >= c.bound {
		return 0
	}
	s := &c.parts[hash%segments]
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.index[hash]; ok || len(s.data) > 1<<31 {
		return 0
	}
	if s.index == nil {
		s.index = map[uint64]uint32{}
	}
	before := cap(s.data)
	s.index[hash] = uint32(len(s.data))
	s.data = binary.AppendUvarint(s.data, uint64(len(key)))
	s.data = binary.AppendUvarint(s.data, uint64(len(row)))
	s.data = append(append(s.data, key...), row...)
	return cap(s.data) - before + indexBytes
}

// grow counts memory, and gives up segments while there is too much of it.
func (c *cache) grow(more int) {
	c.total.Lock()
	c.bytes += more
	full := c.bytes > c.limit
	c.total.Unlock()
	if !full {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.total.Lock(); c.bytes > c.limit && c.bound > 0; {
		c.bound--
		s := &c.parts[c.bound]
		c.bytes -= cap(s.data) + indexBytes*len(s.index)
		s.index, s.data = nil, nil
	}
	c.total.Unlock()
}
