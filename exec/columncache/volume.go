package columncache

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/pack"
	"github.com/segq/segq/lang/check"
)

// The folder of a table has a file of its schema, in which all columns are null, and one of each column.
const (
	schemaFile = "schema.segq"
	extension  = ".segq"
)

func (t *Table) fileOf(p place) string {
	sum := sha256.Sum256([]byte(p.key()))
	return filepath.Join(t.folder, hex.EncodeToString(sum[:12])+extension)
}

// wholeSchema is what the file of the schema has, in place of a place.
const wholeSchema = "\x00"

// label is what a file says of itself, beside what package pack keeps: of which table it is, and what of it.
func (t *Table) label(what string) string { return t.key + "\x00" + what }

// mapFile opens a file of that table and place.
func (t *Table) mapFile(name, what string) (*pack.Table, error) {
	p, err := pack.Open(name)
	if err != nil {
		return nil, err
	}
	if notes := p.Report().Notes; len(notes) != 1 || notes[0] != t.label(what) {
		return nil, errors.Join(fmt.Errorf("%s: it is another file under this name", name), p.Close())
	}
	return p, nil
}

// mapSchema returns the table without a column as the cache has it, nil where it has not.
func (t *Table) mapSchema() *column.Snapshot {
	name := filepath.Join(t.folder, schemaFile)
	p, err := t.mapFile(name, wholeSchema)
	if err != nil {
		t.refuse(name, err)
		return nil
	}
	defer func() { _ = p.Close() }()
	s := *p.Snapshot()
	s.Lost, s.Partial = nil, false
	return &s
}

// mapColumn maps a column that is in the cache, and says whether it is.
func (t *Table) mapColumn(ctx context.Context, at place) bool {
	name := t.fileOf(at)
	p, err := t.mapFile(name, at.key())
	if err != nil {
		t.refuse(name, err)
		return false
	}
	seen := trusted(p, name)
	snap, release, err := p.Load(ctx, &check.Reads{All: true}, nil)
	if err == nil && (snap.Rows() != t.bare.Rows() || snap.Fingerprint != t.bare.Fingerprint || !snap.Schema.Equal(bare(t.bare.Schema, at))) {
		err = errors.New("it is of another table")
		release()
	}
	if err != nil {
		if ctx.Err() == nil {
			t.refuse(name, err)
		}
		_ = p.Close()
		return false
	}
	if !seen {
		t.trust(p, name)
	}
	t.releases = append(t.releases, func() { release(); _ = p.Close() })
	t.add(at, &part{piece{snap.Root, snap.Schema}, snap.Lost})
	return true
}

// seenExtension is that of a file which has the stamp of another one that somebody has verified: as long as it is the same, nobody needs to do so again.
const seenExtension = ".seen"

// trusted has a file mapped without being verified, if somebody has verified it as it is, and says whether that is so.
func trusted(p *pack.Table, name string) bool {
	stamp := p.Stamp()
	if stamp == "" {
		return false
	}
	text, err := os.ReadFile(name + seenExtension)
	if err != nil || string(text) != stamp {
		return false
	}
	p.Trust()
	return true
}

// trust notes that a file was verified.
func (t *Table) trust(p *pack.Table, name string) {
	stamp := p.Stamp()
	if stamp == "" {
		return
	}
	f, err := os.CreateTemp(t.folder, unfinished+"*")
	if err != nil {
		return // then the next one verifies it as well
	}
	_, err = f.WriteString(stamp)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name+seenExtension)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
}

// refuse removes a file that is not as it was written, unless it is only not there.
func (t *Table) refuse(name string, err error) {
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	t.cache.note("%v: it is read from the data again", err)
	_ = os.Remove(name) // or written over
}

// keepSchema puts the table without a column in the cache.
func (t *Table) keepSchema(ctx context.Context, snap *column.Snapshot) {
	t.bareKept = t.keep(ctx, filepath.Join(t.folder, schemaFile), wholeSchema, snap)
}

// keepColumn puts a column of a snapshot in the cache, and says whether it is there.
func (t *Table) keepColumn(ctx context.Context, of *column.Snapshot, c piece, at place) bool {
	root, ok := c.c.(*column.Struct)
	return ok && t.keep(ctx, t.fileOf(at), at.key(), &column.Snapshot{Fingerprint: of.Fingerprint, Schema: c.t, Root: root, Lost: of.Lost})
}

// keep writes a file that appears under its name when it is whole.
func (t *Table) keep(ctx context.Context, name, what string, snap *column.Snapshot) bool {
	err := t.write(ctx, name, what, snap)
	if err != nil && ctx.Err() == nil {
		t.cache.note("%s cannot be kept for others: %v", filepath.Base(name), err)
	}
	return err == nil
}

func (t *Table) write(ctx context.Context, name, what string, snap *column.Snapshot) (err error) {
	if err := os.MkdirAll(t.folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(t.folder, unfinished+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	if _, err := pack.Write(ctx, f, snap, &load.Report{Notes: []string{t.label(what)}}, nil); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return os.Rename(f.Name(), name)
}
