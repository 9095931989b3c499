package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/segq/segq/repl/lockfile"
)

// errNewer is for files with records that an older program would lose.
var errNewer = errors.New("a newer version of segq has written to the history, so this one leaves it alone")

// Clear takes the entries that remove names out of a file, and says how many there were. Sessions that are open
// forget them too, when they next look.
func Clear(file string, remove func(*Entry) bool) (removed int, err error) {
	name := target(file)
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	unlock, err := lockfile.Take(name)
	if err != nil {
		return 0, fmt.Errorf("the history cannot be cleared: %w", err)
	}
	defer unlock()
	if removed, err = rewrite(name, Limit, func(e *Entry) bool { return !remove(e) }); err != nil {
		return 0, fmt.Errorf("the history cannot be cleared: %w", err)
	}
	return removed, nil
}

// rewrite puts a file in the place of another that has its entries without repetitions, outcomes in their records:
// the newest of those that are kept. The lock is the caller's. It returns how many were not kept.
func rewrite(name string, limit int, keep func(*Entry) bool) (dropped int, err error) {
	text, err := whole(name)
	if err != nil {
		return 0, err
	}
	x, newer := newIndex(), false
	split(text, func(line []byte) {
		if r := parse(line); r != nil {
			newer = newer || r.V > version
			x.take(*r)
		}
	})
	var lines [][]byte
	size := 0
	for _, e := range slices.Backward(x.entries(limit)) {
		if !keep(e) {
			dropped++
			continue
		}
		line := e.Line()
		if size += len(line); size <= mostBytes/2 {
			lines = append(lines, line)
		}
	}
	if newer && len(lines) > 0 {
		return 0, errNewer
	}
	lines = append(lines, firstLine())
	slices.Reverse(lines)
	return dropped, replace(name, bytes.Join(lines, nil))
}

// whole reads a file.
func whole(name string) ([]byte, error) {
	f, err := open(name, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return io.ReadAll(f)
}

// replace puts a file with a text in the place of another. A run that is killed leaves either.
func replace(name string, text []byte) error {
	fresh := name + ".new" // one at a time: who has the lock
	f, err := os.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(fresh, name)
	}
	if err != nil {
		_ = os.Remove(fresh)
	}
	return err
}
