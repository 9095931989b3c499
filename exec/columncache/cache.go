// Package columncache keeps columns of tables in a folder, packed, a file for each column and table, so that
// another process that opens the same table maps what somebody has read before it.
//
// The tour: a [Cache] is the folder. It has one below it for each table, named by what the table is made
// of ([Cache.Open]): in it the packed files (package pack) of its schema, and of each column that
// somebody has asked for (volume.go). A [Table] (table.go) opens what it is made of only for columns that are
// not there yet. What it shows is put together from these files (join.go), each of which has, beside its
// column, what the column is in: whether the objects are there, and where the lists end (place.go).
//
// The folder may be shared by processes that know nothing of each other: a file appears under its name
// when it is whole, and what is in it is decided by its name. Nothing is trusted: package pack refuses
// other versions, files that were cut short, and bytes that are not what they were, and then the column is read
// anew. That a folder cannot be written to, or is full, makes things slower, and nothing wrong.
package columncache

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/pack"
)

// Cache is a folder of packed columns.
type Cache struct {
	// Folder is made when something is written.
	Folder string
	// Limit is about how many bytes may lie in it, 0 for any number: tables that nobody has opened for
	// longest are removed.
	Limit int64
	// Note hears what could not be kept, or had to be read anew; nil for nobody.
	Note func(string)
}

// formatVersion is part of the names of all tables: another version may keep them in another way.
const formatVersion = 1

// Open returns the table that is made of what key says: two tables of one key have the same rows in the same order.
// open opens what it is made of, when a column is asked for that is not in the cache.
func (c *Cache) Open(ctx context.Context, key string, open func(context.Context) (column.Table, error)) (*Table, error) {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %s\x00%s", formatVersion, pack.Version, load.ReaderVersion, key))
	t := &Table{cache: c, key: key, folder: filepath.Join(c.Folder, hex.EncodeToString(sum[:16])), open: open, parts: map[string]*part{}}
	if err := t.begin(ctx); err != nil {
		return nil, err
	}
	now := time.Now()
	_ = os.Chtimes(t.folder, now, now) // for who makes room
	return t, nil
}

// note tells of what went wrong and does no harm.
func (c *Cache) note(format string, args ...any) {
	if c.Note != nil {
		c.Note(fmt.Sprintf(format, args...))
	}
}

// unfinished is how the names of files begin that are being written, and abandoned how old one is whose writer
// is gone.
const (
	unfinished = "new-"
	abandoned  = time.Hour
)

// kept is a table in the cache.
type kept struct {
	folder string
	size   int64
	used   time.Time
}

// trim removes tables until the others are within the limit, and what writers have left that were killed. The table
// that is in use stays. That somebody else has mapped what is removed does no harm.
func (c *Cache) trim(inUse string) {
	if c.Limit <= 0 {
		return
	}
	all, total := c.tables()
	slices.SortFunc(all, func(a, b kept) int { return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.folder, b.folder)) })
	for _, t := range all {
		if total <= c.Limit {
			return
		}
		if t.folder == inUse {
			continue
		}
		if err := os.RemoveAll(t.folder); err != nil {
			c.note("%s: %v", t.folder, err)
			continue
		}
		total -= t.size
	}
}

// tables returns the tables in the cache, and what they take together.
func (c *Cache) tables() (all []kept, total int64) {
	folders, _ := os.ReadDir(c.Folder) // of one that cannot be read, nothing is removed
	for _, d := range folders {
		info, err := d.Info()
		if err != nil || !d.IsDir() || !isName(d.Name()) {
			continue // somebody else's, or gone meanwhile
		}
		t := kept{folder: filepath.Join(c.Folder, d.Name()), used: info.ModTime()}
		files, _ := os.ReadDir(t.folder)
		for _, f := range files {
			if info, err := f.Info(); err == nil && !left(t.folder, info) {
				t.size += info.Size()
			}
		}
		all, total = append(all, t), total+t.size
	}
	return all, total
}

// isName says whether a folder has a name as the cache gives them.
func isName(name string) bool {
	b, err := hex.DecodeString(name)
	return err == nil && len(b) == 16
}

// left removes what a writer has left that was killed long ago.
func left(folder string, info fs.FileInfo) bool {
	if len(info.Name()) < len(unfinished) || info.Name()[:len(unfinished)] != unfinished || time.Since(info.ModTime()) < abandoned {
		return false
	}
	return os.Remove(filepath.Join(folder, info.Name())) == nil
}
