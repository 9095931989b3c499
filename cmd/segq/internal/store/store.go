// Package store keeps what a user has named: sets of rules (ruleset.go), and segments, with their members where that is
// asked for (segment.go, members.go). A [Store] is in Redis (shared.go), where workers read it too, or in a file of
// the user's (file.go).
//
// The tour: [PutRules] and [Rules], [Save] and [Saved] are what commands use. [Reach] finds the saved segments that
// queries ask about and that they do not define themselves.
package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/segq/segq/lang/spelling"
)

// The kinds of what is kept.
const (
	kindRules   = "rules"
	kindSegment = "segment"
	kindMembers = "members"
)

// Entry is a version of what is kept under a name.
type Entry struct {
	Kind, Name string
	Version    int
	// Digest names the contents; what is put with that of the version before is that version.
	Digest string
	// About is a JSON object that lists show.
	About []byte
	// Chunks is of how many pieces its body is.
	Chunks int
	At     time.Time

	place any // of the body, for the store
}

// Store keeps entries by kind and name, in versions of which the latest few stay. It is safe for concurrent use, also by
// several processes.
type Store interface {
	// Put keeps a body as the newest version, and says whether it is a new one. Of a version that has the same
	// digest, About is what is put.
	Put(ctx context.Context, e Entry, body [][]byte) (kept Entry, fresh bool, err error)
	// Get returns a version, the latest for 0. The error is [ErrNone] where there is none.
	Get(ctx context.Context, kind, name string, version int) (Entry, error)
	// List returns the latest versions of a kind, by name, and Versions those of a name, the oldest first.
	List(ctx context.Context, kind string) ([]Entry, error)
	Versions(ctx context.Context, kind, name string) ([]Entry, error)
	// Chunks returns n chunks of a body, from one on.
	Chunks(ctx context.Context, e Entry, from, n int) ([][]byte, error)
	// Replace puts a chunk in the place of another, and says whether that was there.
	Replace(ctx context.Context, e Entry, chunk int, before, after []byte) (bool, error)
	// DropVersions drops versions of a name, those that there are.
	DropVersions(ctx context.Context, kind, name string, versions []int) error
	// Drop drops all versions of a name. The error is [ErrNone] where there are none.
	Drop(ctx context.Context, kind, name string) error
	// Place says where the store is.
	Place() string
	Close() error
}

// ErrNone says that nothing is kept under a name, or not this version.
var ErrNone = errors.New("nothing is kept under this name")

// Opener opens a store, when something is first asked of it.
type Opener func(ctx context.Context) (Store, error)

// versions is how many versions of a name stay, and memberVersions of how many of a segment the members do.
const (
	versions       = 10
	memberVersions = 2
)

// stays is how many versions of a kind stay when another is put. Of members that is for [SaveMembers] to say.
func stays(kind string) int {
	if kind == kindMembers {
		return math.MaxInt32
	}
	return versions
}

// missing makes [ErrNone] say what there is not, and what may be meant.
func missing(ctx context.Context, s Store, kind, what, name string, version int, err error) error {
	if !errors.Is(err, ErrNone) {
		return err
	}
	if version != 0 {
		if latest, err := s.Get(ctx, kind, name, 0); err == nil {
			return noneError(fmt.Sprintf("%s has no version %d: the latest is %d, and the last %d are kept", name, version, latest.Version, stays(kind)))
		}
	}
	var names []string
	if all, err := s.List(ctx, kind); err == nil {
		for _, e := range all {
			names = append(names, e.Name)
		}
	}
	if len(names) == 0 {
		return noneError(fmt.Sprintf("there is no %s %q: none is kept in %s", what, name, s.Place()))
	}
	text := fmt.Sprintf("there is no %s %q in %s", what, name, s.Place())
	if near := spelling.Nearest(name, names); near != "" {
		return noneError(text + ": did you mean " + near + "?")
	}
	if len(names) > mostNamed {
		return noneError(fmt.Sprintf("%s, which has %d others", text, len(names)))
	}
	return noneError(text + ", which has " + strings.Join(names, ", "))
}

// mostNamed is how many names an error lists.
const mostNamed = 12

// noneError is an [ErrNone] that says of what.
type noneError string

// Error says what there is not.
func (e noneError) Error() string { return string(e) }

// Is makes it an [ErrNone].
func (noneError) Is(err error) bool { return err == ErrNone }

// readAll returns what reads entries, each by of.
func readAll[T any](of func(Entry) (T, error)) func([]Entry, error) ([]T, error) {
	return func(entries []Entry, err error) ([]T, error) {
		if err != nil {
			return nil, err
		}
		all := make([]T, len(entries))
		for i, e := range entries {
			if all[i], err = of(e); err != nil {
				return nil, err
			}
		}
		return all, nil
	}
}
