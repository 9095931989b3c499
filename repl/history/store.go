// Package history keeps what was typed at the prompt: whole inputs, with their time and what became of them,
// in memory and in a file that all sessions of a user share.
//
// The file is NDJSON that is only ever appended to: a line for each input as it is entered (record.go), and one more
// for its count when that is there. It holds all lines of sessions that were killed; a last line that is torn, by a
// full disk say, is passed over, and the next one begins behind it. Who writes holds a lock (a file beside it), so
// that the file can be made smaller (rewrite.go): by one that takes its name, of which the first line differs. By that
// all who have read the former one notice.
//
// The tour: [Store] is what a session has. [Store.Add], [Store.End], [Store.Find], [Store.Entries] and
// [Store.Recall] touch memory alone; [Store.Sync] reads what other sessions have written and writes what is new here (file.go).
// index.go drops repetitions.
package history

import (
	"crypto/rand"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// Limit is how many inputs are kept.
	Limit = 10_000
	// longest is the size of texts that are kept in memory alone, in bytes: nobody types them.
	longest = 256 << 10
	// mostUnsaved bounds the records that wait for a file that cannot be written.
	mostUnsaved = 2_000
)

// Store is the history as a session has it. Its methods may be called from several goroutines.
type Store struct {
	file    string // "" for none
	session string
	limit   int

	io   sync.Mutex // held by who reads and writes the file; taken before mu
	seen progress   // guarded by io

	mu      sync.Mutex // guards what follows; never held while the file is waited for
	all     *index
	own     *index   // those of this session
	unsaved []record // what is not in the file yet
	number  int
	last    time.Time
}

// Open returns the history of a file, without touching it: [Store.Sync] does. Without a name it is kept in memory
// alone.
func Open(file string) *Store {
	return &Store{file: file, session: strings.ToLower(rand.Text()[:12]), limit: Limit, all: newIndex(), own: newIndex()}
}

// File returns the name of the file, "" for none.
func (s *Store) File() string { return s.file }

// Add takes an input, of which kind, text and data are given, and returns its id.
func (s *Store) Add(e Entry) string {
	e.Key, e.folded = KeyOf(e.Kind, e.Text), strings.ToLower(e.Text)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.number++
	e.ID = s.session + "-" + strconv.Itoa(s.number)
	e.Time = time.Now().UTC().Truncate(time.Microsecond)
	if !e.Time.After(s.last) { // each one is newer than the one before
		e.Time = s.last.Add(time.Microsecond)
	}
	s.last = e.Time
	s.all.add(&e)
	s.own.add(&e)
	if len(e.Text) <= longest {
		s.save(e.record())
	}
	return e.ID
}

// End notes what became of an input, and over which snapshot, if that is known.
func (s *Store) End(id, snapshot string, o Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all.byID[id] == nil && s.own.byID[id] == nil {
		return // it was entered again since
	}
	s.all.end(id, snapshot, o)
	s.own.end(id, snapshot, o)
	s.save(record{Of: id, Snapshot: snapshot}.ended(o))
}

// save keeps a record for the next Sync.
func (s *Store) save(r record) {
	if s.file != "" && len(s.unsaved) < mostUnsaved {
		s.unsaved = append(s.unsaved, r)
	}
}

// Find returns the id of the input of this session that has a key, "" for none.
func (s *Store) Find(kind Kind, key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.own.byPlace[(&Entry{Kind: kind, Key: key}).place()]; found != nil {
		return found.entry.ID
	}
	return ""
}

// Entries returns all entries, oldest first. The list is the caller's to read only.
func (s *Store) Entries() []*Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.entries(s.limit)
}

// Recall returns the entries of a kind in the order in which one goes back to them: those of this session, newest
// first, then those of the others.
func (s *Store) Recall(kind Kind) (back []*Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	own := s.own.entries(s.limit)
	for i := len(own) - 1; i >= 0; i-- {
		if own[i].Kind == kind {
			back = append(back, own[i])
		}
	}
	all := s.all.entries(s.limit)
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Kind == kind && s.own.byPlace[all[i].place()] == nil {
			back = append(back, all[i])
		}
	}
	return back
}
