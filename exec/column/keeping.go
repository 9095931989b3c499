package column

import "sync"

// Residency says what a table holds.
type Residency struct {
	// Columns is how many there are, of which Loaded are resident and hold so many Bytes.
	Columns, Loaded int
	Bytes           int64
	// Loads counts how often columns were read or made, Evictions those that were given up since.
	Loads, Evictions int
}

// Keepers are those who only keep what is resident, as [Keeper] has it. They are safe for concurrent use.
type Keepers struct {
	mu     sync.Mutex
	yields map[int]func()
	next   int
}

// Add takes what one of them is told when memory is wanted; leave takes it back.
func (k *Keepers) Add(yield func()) (leave func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	number := k.next
	k.next++
	if k.yields == nil {
		k.yields = map[int]func(){}
	}
	k.yields[number] = yield
	return func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		delete(k.yields, number)
	}
}

// Yield tells them all that memory is wanted.
func (k *Keepers) Yield() {
	k.mu.Lock()
	var all []func()
	for _, yield := range k.yields {
		all = append(all, yield)
	}
	k.mu.Unlock()
	for _, yield := range all {
		yield()
	}
}
