package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/segq/segq/repl/lockfile"
)

// file is a store in a file of JSON, which holds all but bodies: these are files of their own in a folder beside it
// (body.go). A file is replaced as a whole, by who holds its lock; who reads it needs none.
type file struct {
	name string

	mu    sync.Mutex // guards what follows
	index *index     // as it was read last
	seen  os.FileInfo
}

// index is what the file holds.
type index struct {
	// Store is the version of the format.
	Store   int     `json:"segq_store"`
	Entries []entry `json:"entries"`
	// Last are the numbers of the last versions, by kind and name.
	Last map[string]map[string]int `json:"last"`
}

// entry is a version of something in the file.
type entry struct {
	Kind    string          `json:"kind"`
	Name    string          `json:"name"`
	Version int             `json:"version"`
	At      time.Time       `json:"at"`
	Digest  string          `json:"digest,omitempty"`
	About   json.RawMessage `json:"about"`
	Body    string          `json:"body,omitempty"` // the name of its file
	Chunks  int             `json:"chunks,omitempty"`
}

// format is the version of the format, and maxIndex the most bytes of the file.
const (
	format   = 1
	maxIndex = 256 << 20
)

// File returns the store of a file, which need not be there.
func File(name string) Store { return &file{name: name} }

// Place says where the store is.
func (f *file) Place() string { return f.name }

// Close does nothing.
func (*file) Close() error { return nil }

// read returns what the file holds: nothing where there is none.
func (f *file) read() (*index, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &index{Store: format}, nil
	case err != nil:
		return nil, fmt.Errorf("the store cannot be read: %w", err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("the store cannot be read: %s is no file", f.name)
	case info.Size() > maxIndex:
		return nil, fmt.Errorf("the store cannot be read: %s has %d MB, and the limit is %d", f.name, info.Size()>>20, maxIndex>>20)
	}
	if f.seen != nil && os.SameFile(f.seen, info) && f.seen.ModTime().Equal(info.ModTime()) && f.seen.Size() == info.Size() {
		return f.index, nil
	}
	text, err := os.ReadFile(f.name)
	if err != nil {
		return nil, fmt.Errorf("the store cannot be read: %w", err)
	}
	x, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read as a store: %w; nothing in it was changed: mend it, or move it away", f.name, err)
	}
	f.index, f.seen = x, info
	return x, nil
}

// parse reads the text of a store.
func parse(text []byte) (*index, error) {
	x := &index{}
	if err := json.Unmarshal(text, x); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, fmt.Errorf("line %d: %w", 1+bytes.Count(text[:min(int(syntax.Offset), len(text))], []byte("\n")), err)
		}
		return nil, err
	}
	switch {
	case x.Store == 0:
		return nil, errors.New(`it is JSON of something else: there is no "segq_store"`)
	case x.Store > format:
		return nil, fmt.Errorf("it is of a newer segq: its format is %d, and this is %d", x.Store, format)
	}
	seen := map[string]bool{}
	for i, e := range x.Entries {
		key := fmt.Sprint(e.Kind, "\x00", e.Name, "\x00", e.Version)
		switch {
		case e.Kind == "" || e.Name == "" || e.Version < 1 || len(e.About) == 0:
			return nil, fmt.Errorf("entry %d has no kind, name, version or about", i+1)
		case seen[key]:
			return nil, fmt.Errorf("entry %d: version %d of %s is there twice", i+1, e.Version, e.Name)
		case e.Body != filepath.Base(e.Body) && e.Body != "" || strings.ContainsAny(e.Body, `/\:`):
			return nil, fmt.Errorf("entry %d: the body %q is no name of a file", i+1, e.Body)
		}
		seen[key] = true
	}
	return x, nil
}

// change changes what the file holds, in one step. It returns an error of change as it is, and then changes nothing.
func (f *file) change(change func(*index) error) error {
	name := target(f.name)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return fmt.Errorf("the store cannot be written: %w", err)
	}
	unlock, err := lockfile.Take(name)
	if err != nil {
		return fmt.Errorf("the store %s cannot be written: %w", f.name, err)
	}
	defer unlock()
	before, err := f.read()
	if err != nil {
		return err
	}
	x := &index{Store: format, Entries: slices.Clone(before.Entries), Last: map[string]map[string]int{}}
	for kind, names := range before.Last {
		x.Last[kind] = map[string]int{}
		for name, n := range names {
			x.Last[kind][name] = n
		}
	}
	if err := change(x); err != nil {
		return err
	}
	text, err := json.MarshalIndent(x, "", "  ")
	if err == nil {
		err = replace(name, append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("the store cannot be written: %w", err)
	}
	f.sweep(x)
	return nil
}

// replace puts a text in the place of a file, which is whole at any time.
func replace(name string, text []byte) error {
	t, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".segq-*") // of mode 0600
	if err != nil {
		return err
	}
	_, err = t.Write(text)
	err = errors.Join(err, t.Sync(), t.Close())
	if err == nil {
		err = os.Rename(t.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(t.Name()))
	}
	return nil
}

// target returns the name of a file that may be a link.
func target(name string) string {
	if to, err := filepath.EvalSymlinks(name); err == nil {
		return to
	}
	return name
}

// of returns where the versions of a name are among the entries, the oldest first.
func (x *index) of(kind, name string) (at []int) {
	for i, e := range x.Entries {
		if e.Kind == kind && e.Name == name {
			at = append(at, i)
		}
	}
	slices.SortFunc(at, func(a, b int) int { return x.Entries[a].Version - x.Entries[b].Version })
	return at
}

func (e entry) entry() Entry {
	return Entry{Kind: e.Kind, Name: e.Name, Version: e.Version, Digest: e.Digest, About: e.About, Chunks: e.Chunks, At: e.At, place: e.Body}
}

// Put keeps a body as the newest version.
func (f *file) Put(_ context.Context, e Entry, body [][]byte) (kept Entry, fresh bool, err error) {
	own := entry{Kind: e.Kind, Name: e.Name, Digest: e.Digest, About: e.About, At: time.Now().UTC().Truncate(time.Millisecond), Chunks: len(body)}
	if len(body) > 0 {
		own.Body = strings.ToLower(rand.Text())
		if err := f.writeBody(own.Body, body); err != nil {
			return e, false, fmt.Errorf("the store cannot be written: %w", err)
		}
	}
	mended := false
	err = f.change(func(x *index) error {
		if at := x.of(e.Kind, e.Name); len(at) > 0 {
			latest := &x.Entries[at[len(at)-1]]
			if e.Digest != "" && latest.Digest == e.Digest {
				latest.About, latest.At = own.About, own.At
				if own.Body != "" && !f.same(latest.Body, body) {
					latest.Body, latest.Chunks, mended = own.Body, own.Chunks, true
				}
				kept = latest.entry()
				return nil
			}
			if len(at) >= stays(e.Kind) {
				x.remove(at[:len(at)-stays(e.Kind)+1])
			}
		}
		own.Version = x.next(e.Kind, e.Name)
		x.Entries, fresh, kept = append(x.Entries, own), true, own.entry()
		return nil
	})
	if !fresh && !mended && own.Body != "" {
		f.removeBody(own.Body)
	}
	return kept, fresh, err
}

// next returns the number of a new version, which none had before.
func (x *index) next(kind, name string) int {
	if x.Last[kind] == nil {
		x.Last[kind] = map[string]int{}
	}
	n := x.Last[kind][name]
	for _, at := range x.of(kind, name) { // of a file that was edited
		n = max(n, x.Entries[at].Version)
	}
	x.Last[kind][name] = n + 1
	return n + 1
}

// remove removes entries.
func (x *index) remove(at []int) {
	i := -1
	x.Entries = slices.DeleteFunc(x.Entries, func(entry) bool {
		i++
		return slices.Contains(at, i)
	})
}

// Get returns a version.
func (f *file) Get(_ context.Context, kind, name string, version int) (Entry, error) {
	x, err := f.read()
	if err != nil {
		return Entry{}, err
	}
	for _, at := range slices.Backward(x.of(kind, name)) {
		if version == 0 || x.Entries[at].Version == version {
			return x.Entries[at].entry(), nil
		}
	}
	return Entry{}, ErrNone
}

// List returns the latest versions of a kind.
func (f *file) List(_ context.Context, kind string) ([]Entry, error) {
	x, err := f.read()
	if err != nil {
		return nil, err
	}
	latest := map[string]entry{}
	for _, e := range x.Entries {
		if e.Kind == kind && e.Version > latest[e.Name].Version {
			latest[e.Name] = e
		}
	}
	all := make([]Entry, 0, len(latest))
	for _, e := range latest {
		all = append(all, e.entry())
	}
	slices.SortFunc(all, func(a, b Entry) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

// Versions returns the versions of a name.
func (f *file) Versions(_ context.Context, kind, name string) ([]Entry, error) {
	x, err := f.read()
	if err != nil {
		return nil, err
	}
	var all []Entry
	for _, at := range x.of(kind, name) {
		all = append(all, x.Entries[at].entry())
	}
	return all, nil
}

// DropVersions drops versions of a name.
func (f *file) DropVersions(_ context.Context, kind, name string, versions []int) error {
	return f.change(func(x *index) error {
		x.remove(slices.DeleteFunc(x.of(kind, name), func(at int) bool { return !slices.Contains(versions, x.Entries[at].Version) }))
		return nil
	})
}

// Drop drops all versions of a name.
func (f *file) Drop(_ context.Context, kind, name string) error {
	return f.change(func(x *index) error {
		at := x.of(kind, name)
		if len(at) == 0 {
			return ErrNone
		}
		x.remove(at)
		return nil
	})
}
