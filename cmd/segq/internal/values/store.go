package values

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

const (
	// patience is how long an answer waits for a field that is being counted: what is resident is
	// counted by then, as a rule, and who types does not notice.
	patience = 30 * time.Millisecond
	// atOnce is how many fields are counted at a time.
	atOnce = 2
	// mostStored is what all fields may take up that are kept.
	mostStored = 32 << 20
	// triedAgain is after how long a field is tried again that could not be loaded.
	triedAgain = 10 * time.Second
)

// Store knows the values of the fields of a dataset, as far as somebody has asked for them. It is safe for
// concurrent use.
type Store struct {
	data   *dataset.Dataset
	ctx    context.Context
	cancel context.CancelFunc
	places chan struct{} // taken by counts that are under way
	flying sync.WaitGroup

	mu     sync.Mutex
	kept   map[string]*stored
	size   int
	clock  int64 // counts the uses
	closed bool
}

// stored is a field that was counted, or is being so.
type stored struct {
	found Found
	ok    bool
	done  chan struct{} // closed when it was counted, or could not be
	at    time.Time     // of that
	size  int
	used  int64
}

// NewStore returns the store of a dataset, which is to be closed before that.
func NewStore(d *dataset.Dataset) *Store {
	s := &Store{data: d, kept: map[string]*stored{}, places: make(chan struct{}, atOnce)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// Close ends what is under way.
func (s *Store) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cancel()
	s.flying.Wait()
}

// Answer answers a question at once, or a moment later: of a field that has to be loaded first it says
// that it is pending.
func (s *Store) Answer(ctx context.Context, q Question) Answer {
	a := Answer{All: -1, Snapshot: s.data.Snapshot.Fingerprint, Values: []Value{}}
	if q.Personal(s.data.Personal) {
		a.Personal = true
		return a
	}
	found, pending := s.of(ctx, q.Field)
	a.Pending, a.All, a.Places, a.Filled = pending, found.All, found.Places, found.Filled
	a.Values, a.More = Ranked(found.Values, q.Typed, q.Limit)
	return a
}

// Known returns what is known of a field already, nil where that is nothing.
func (s *Store) Known(f Field) *Found {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kept[f.ID()]
	if k == nil || !k.ok {
		return nil
	}
	return &k.found
}

// of returns what is known of a field, and whether there will be more.
func (s *Store) of(ctx context.Context, f Field) (found Found, pending bool) {
	k := s.counted(f)
	if k == nil {
		return Found{All: -1}, false
	}
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-k.done:
	case <-t.C:
		return Found{All: -1}, true
	case <-ctx.Done():
		return Found{All: -1}, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return k.found, false
}

// counted returns a field as it is kept, and has it counted where it is not; nil for one that the data
// does not have.
func (s *Store) counted(f Field) *stored {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kept[f.ID()]
	if k != nil && !k.ok && !k.at.IsZero() && time.Since(k.at) > triedAgain {
		k = nil
	}
	if k == nil {
		if s.closed || !f.in(s.data.Snapshot.Schema) {
			return nil
		}
		k = &stored{done: make(chan struct{}), found: Found{All: -1}}
		s.kept[f.ID()] = k
		s.flying.Go(func() { s.count(f, k) })
	}
	s.clock++
	k.used = s.clock
	return k
}

// count counts a field. Where it is not resident it is loaded first, if there is room: no other column
// goes for it.
func (s *Store) count(f Field, k *stored) {
	defer close(k.done)
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	case <-s.ctx.Done():
		return
	}
	var found Found
	var err error
	look := func(_ *resident.Engine, snap *column.Snapshot) {
		found, err = Count(s.ctx, snap, f, true, s.data.Personal)
	}
	reads := f.Reads(s.data.Snapshot.Schema)
	ok := s.load(reads) && s.data.Look(s.ctx, reads, 0, look)
	s.mu.Lock()
	defer s.mu.Unlock()
	k.at = time.Now()
	if !ok || err != nil {
		return
	}
	k.found, k.ok = found, true
	for _, v := range found.Values {
		k.size += len(v.Text) + 32
	}
	s.size += k.size
	s.makeRoom()
}

// load makes resident what is read, when nobody waits for anything else and if there is room.
func (s *Store) load(reads *check.Reads) bool {
	for !s.data.Resides(reads) {
		if !s.data.HasRoom(reads) || s.data.Engine.Idle(s.ctx) != nil {
			return false
		}
		if err := s.data.LoadSpare(s.ctx, reads); err != nil && !errors.Is(err, load.ErrPutOff) {
			return false
		}
	}
	return true
}

// makeRoom forgets the fields that nobody has asked for lately. The caller holds mu.
func (s *Store) makeRoom() {
	for s.size > mostStored {
		oldest := ""
		for key, k := range s.kept {
			if k.size > 0 && (oldest == "" || k.used < s.kept[oldest].used) {
				oldest = key
			}
		}
		s.size -= s.kept[oldest].size
		delete(s.kept, oldest)
	}
}
