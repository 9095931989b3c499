package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/segq/segq/cmd/segq/internal/rules"
)

// RuleSet is a version of a set of rules.
type RuleSet struct {
	Name    string
	Version int
	Digest  string
	At      time.Time
	// Rules is how many rules it has, and Bytes how long their texts are.
	Rules, Bytes int
	// Sources are the texts, as they were put; nil in a list.
	Sources []rules.Source
	// Mended says of one that was put that it was there, and could not be read any more.
	Mended bool
}

// aboutRules is what lists show of a set.
type aboutRules struct {
	Rules int `json:"rules"`
	Bytes int `json:"bytes"`
}

const (
	// chunkSize is how many bytes of a set go in one chunk, and maxSet how many there are at most, unpacked.
	chunkSize = 512 << 10
	maxSet    = 64 << 20
)

// setName is what a set may be called: a command of the queue names it.
var setName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`) })

// CutVersion takes the name of a set or of a segment apart that may have a version: gold@3.
func CutVersion(text string) (name string, version int, err error) {
	name, number, ok := strings.Cut(text, "@")
	if !ok {
		return text, 0, nil
	}
	version, err = strconv.Atoi(number)
	if err != nil || version < 1 {
		return "", 0, fmt.Errorf("%s: write a version like %s@3", text, name)
	}
	return name, version, nil
}

// NewRules returns texts as a set that may be kept. Each rule has to have a form that can be read, else the error is
// [WrongRules], and a name of its own, if it has one.
func NewRules(name string, sources []rules.Source) (*RuleSet, error) {
	if !setName().MatchString(name) {
		return nil, fmt.Errorf("the name %q of a set: use 1 to 64 letters, digits, points, hyphens or underscores", name)
	}
	set := &RuleSet{Name: name, Sources: make([]rules.Source, len(sources))}
	hash := sha256.New()
	for i, source := range sources {
		set.Sources[i] = rules.Source{Name: path.Base(strings.ReplaceAll(source.Name, `\`, "/")), Text: source.Text}
		set.Bytes += len(source.Text)
		sum := sha256.Sum256([]byte(source.Text))
		hash.Write(sum[:])
	}
	if set.Bytes > maxSet {
		return nil, fmt.Errorf("the rules have %d MB, and the limit is %d", set.Bytes>>20, maxSet>>20)
	}
	written, err := rules.SplitAll(set.Sources)
	if err != nil {
		return nil, err
	}
	set.Rules, set.Digest = len(written), hex.EncodeToString(hash.Sum(nil)[:16])
	return set, sound(written)
}

// PutRules keeps a set as the newest version of its name, and says whether it is a new one: the same texts are the
// version before.
func PutRules(ctx context.Context, s Store, set *RuleSet) (fresh bool, err error) {
	body, err := pack(set.Sources)
	if err != nil {
		return false, err
	}
	about, err := json.Marshal(aboutRules{set.Rules, set.Bytes})
	if err != nil {
		return false, err
	}
	_, damaged := Rules(ctx, s, set.Name, 0)
	kept, fresh, err := s.Put(ctx, Entry{Kind: kindRules, Name: set.Name, Digest: set.Digest, About: about}, body)
	set.Version, set.At = kept.Version, kept.At
	set.Mended = !fresh && err == nil && damaged != nil
	return fresh, err
}

// WrongRules is the error of rules that cannot be kept, as they are written.
type WrongRules struct{ Rules []rules.Written }

// Error says how many there are.
func (w WrongRules) Error() string {
	return fmt.Sprintf("%d of the rules cannot be read", len(w.Rules))
}

// sound says what is wrong with rules whatever the data is.
func sound(written []rules.Written) error {
	if len(written) == 0 {
		return errors.New("there are no rules")
	}
	var wrong []rules.Written
	names := map[string]bool{}
	for _, w := range written {
		if len(w.Errors) > 0 {
			wrong = append(wrong, w)
		}
		for _, name := range namesOf(w) {
			if names[name] {
				return fmt.Errorf("two rules are called %q: give each a name of its own", name)
			}
			names[name] = true
		}
	}
	if len(wrong) > 0 {
		return WrongRules{wrong}
	}
	return nil
}

// namesOf are the names by which others ask about a rule.
func namesOf(w rules.Written) []string {
	switch {
	case w.ID == "" && w.Name == "":
		return nil
	case w.ID == "" || w.ID == w.Name:
		return []string{w.Name}
	case w.Name == "":
		return []string{w.ID}
	}
	return []string{w.ID, w.Name}
}

// pack returns texts as chunks.
func pack(sources []rules.Source) ([][]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(sources); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	var chunks [][]byte
	for rest := b.Bytes(); len(rest) > 0; {
		n := min(len(rest), chunkSize)
		chunks, rest = append(chunks, rest[:n]), rest[n:]
	}
	return chunks, nil
}

// unpack returns the texts of chunks.
func unpack(chunks [][]byte) (sources []rules.Source, err error) {
	z, err := gzip.NewReader(bytes.NewReader(bytes.Join(chunks, nil)))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(z, 2*maxSet))
	if err != nil {
		return nil, err
	}
	return sources, json.Unmarshal(text, &sources)
}

// ruleSetOf returns what lists show of a set.
func ruleSetOf(e Entry) (*RuleSet, error) {
	var about aboutRules
	if err := json.Unmarshal(e.About, &about); err != nil {
		return nil, fmt.Errorf("what is kept as the set %s cannot be read: %w", e.Name, err)
	}
	return &RuleSet{Name: e.Name, Version: e.Version, Digest: e.Digest, At: e.At, Rules: about.Rules, Bytes: about.Bytes}, nil
}

// FindRules returns a version of a set without its texts, the latest for 0. The error is [ErrNone] where there is none.
func FindRules(ctx context.Context, s Store, name string, version int) (*RuleSet, error) {
	e, err := s.Get(ctx, kindRules, name, version)
	if err != nil {
		return nil, missing(ctx, s, kindRules, "set of rules", name, version, err)
	}
	return ruleSetOf(e)
}

// Rules returns a version of a set with its texts, the latest for 0. The error is [ErrNone] where there is none.
func Rules(ctx context.Context, s Store, name string, version int) (*RuleSet, error) {
	for again := true; ; again = false {
		e, err := s.Get(ctx, kindRules, name, version)
		if err != nil {
			return nil, missing(ctx, s, kindRules, "set of rules", name, version, err)
		}
		set, err := ruleSetOf(e)
		if err != nil {
			return nil, err
		}
		chunks, err := s.Chunks(ctx, e, 0, e.Chunks)
		if errors.Is(err, ErrNone) && again {
			continue // another version has come between
		}
		if errors.Is(err, ErrNone) {
			return nil, noneError(fmt.Sprintf("the rules of %s, version %d, are gone from %s", name, set.Version, s.Place()))
		}
		if err != nil {
			return nil, err
		}
		if set.Sources, err = unpack(chunks); err != nil {
			return nil, fmt.Errorf("what is kept as the set %s cannot be read: %w", name, err)
		}
		return set, nil
	}
}

// ListRules returns the latest versions of all sets, and RuleVersions those of one, the oldest first.
func ListRules(ctx context.Context, s Store) ([]*RuleSet, error) {
	return readAll(ruleSetOf)(s.List(ctx, kindRules))
}

// RuleVersions returns the versions of a set, the oldest first.
func RuleVersions(ctx context.Context, s Store, name string) ([]*RuleSet, error) {
	all, err := readAll(ruleSetOf)(s.Versions(ctx, kindRules, name))
	if err == nil && len(all) == 0 {
		err = missing(ctx, s, kindRules, "set of rules", name, 0, ErrNone)
	}
	return all, err
}

// DropRules drops a set with all its versions.
func DropRules(ctx context.Context, s Store, name string) error {
	return missing(ctx, s, kindRules, "set of rules", name, 0, s.Drop(ctx, kindRules, name))
}
