package load

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"syscall"

	"github.com/segq/segq/exec/load/parquet"
)

// tableFile is a file of a table, which is kept open: that another file gets its name does
// not change it.
type tableFile struct {
	name   string
	at     readerAtCloser
	info   fs.FileInfo // as it was opened; nil where it cannot change
	size   int64
	file   *parquet.File
	schema *element // what of it can be read
	keys   []*folderKey
	rows   int
	footer [sha256.Size]byte
	share  *Share            // of the row groups; nil for all
	leaves map[int]*leafPlan // by column, of the outline
}

// openTableFile opens a file, and reads its footer. The file that it gives beside an error
// is to be closed.
func openTableFile(ctx context.Context, in *input, l *loader) (*tableFile, error) {
	at, err := in.openAt(context.WithoutCancel(ctx)) // it stays open
	if errors.Is(err, syscall.EMFILE) {
		return nil, errors.New("there are more files than a process may have open here: raise that number (ulimit -n), or have segq pack put them into one file where it is higher")
	}
	if err != nil {
		return nil, err
	}
	f := &tableFile{name: in.name(), at: at, size: in.size(), keys: in.keys}
	if s, ok := at.(*os.File); ok {
		if f.info, err = s.Stat(); err != nil {
			return f, err
		}
		f.size = f.info.Size()
	}
	if f.file, err = parquet.Open(bound(ctx, at, &l.meter), f.size); err != nil {
		return f, err
	}
	f.file = f.file.From(at)
	if f.schema, err = pickedSchema(f.file.Meta, l); err != nil {
		return f, err
	}
	f.withoutKeys(l)
	f.footer = sha256.Sum256(f.file.Footer())
	if err := f.cut(l.options.Shares); err != nil {
		return f, err
	}
	for _, g := range f.file.Meta.Groups {
		if g.Rows < 0 || g.Rows > 1<<32 || f.rows > 1<<40 {
			return f, errors.New("the footer is damaged: a row group cannot have so many rows")
		}
		f.rows += int(g.Rows)
	}
	l.report.Files = append(l.report.Files, File{Name: f.name, Rows: f.rows, Written: writtenAt(f.info)})
	if f.rows == 0 {
		l.noteEmpty(f.name, f.size)
	}
	return f, nil
}

// cut leaves out the row groups that are not in the share of the file.
func (f *tableFile) cut(shares map[string]Share) error {
	share, ok := shares[f.name]
	if !ok {
		return nil
	}
	from, to, err := share.Groups(len(f.file.Meta.Groups))
	if err != nil {
		return err
	}
	f.share, f.file.Meta.Groups = &share, f.file.Meta.Groups[from:to]
	return nil
}

func (f *tableFile) close() error { return f.at.Close() }

// unchanged returns an error when the file was written to since it was opened.
func (f *tableFile) unchanged() error {
	s, ok := f.at.(*os.File)
	if !ok {
		return nil
	}
	now, err := s.Stat()
	if err != nil {
		return err
	}
	if now.Size() != f.info.Size() || !now.ModTime().Equal(f.info.ModTime()) || ChangedAt(now) != ChangedAt(f.info) && !f.sameFooter() {
		return fmt.Errorf("%s: %w: it was overwritten since it was opened, and columns that were not loaded by then are lost; open it again, and write new data to another file that is renamed",
			f.name, ErrChanged)
	}
	return nil
}

// sameFooter says whether the footer is what it was. A file may have been written to although
// its time is the old one: somebody has set it, or copied it with the contents.
func (f *tableFile) sameFooter() bool {
	now, err := parquet.Open(f.at, f.size)
	return err == nil && sha256.Sum256(now.Footer()) == f.footer
}

// outline returns a plan as of all rows of the file, of which no value was read.
func (f *tableFile) outline(l *loader) *plan {
	p := f.schema.plan(l.want)
	p.chunk.rows, p.chunk.read = f.rows, f.rows
	p.clock(l, f.name)
	f.leaves = make(map[int]*leafPlan, len(p.leaves))
	for _, leaf := range p.leaves {
		f.leaves[leaf.element.column] = leaf
	}
	l.keys = f.keys
	l.addKeys(&chunk{root: p.chunk.root}) // without values
	p.keys = f.keys
	return p
}

// ReaderVersion is part of the identity of a table: another version may read other values.
const ReaderVersion = "1"

// identity names the table by what its files say of themselves, and by all that decides
// what is read of them; it does not depend on where they are. natural says that a schema decides nothing
// that the files do not say themselves.
func (t *Table) identity(natural bool) string {
	h := sha256.New()
	o := &t.options
	fmt.Fprintf(h, "segq %s\x00%s\x00%s", ReaderVersion, o.ID, o.Events)
	for _, path := range slices.Sorted(maps.Keys(o.Types)) {
		fmt.Fprintf(h, "\x00%s=%s", path, o.Types[path])
	}
	if o.Schema != nil && !natural {
		fmt.Fprint(h, "\x00schema\x00")
		_ = WriteSchema(h, o.Schema) // a hash fails nowhere
	}
	for _, f := range t.files {
		fmt.Fprintf(h, "\x00%d:", f.size)
		h.Write(f.footer[:])
		if f.share != nil {
			fmt.Fprintf(h, "\x00shares %d to %d of %d", f.share.From, f.share.To, f.share.Of)
		}
		for _, k := range f.keys {
			fmt.Fprintf(h, "\x00%q=%q,%t,%d", k.name, k.value, k.null, k.kind)
		}
	}
	return nameOf(h)
}

// Identity returns the name of contents in which the options have given fields a part of their
// own: that of the contents where they have not.
func (o *Options) Identity(contents string) string {
	if o.ID == "" && o.Events == "" {
		return contents
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%s", contents, o.ID, o.Events)
	return nameOf(h)
}

func nameOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:8]) }

// digestBlock is how much is read at once for a digest.
const digestBlock = 1 << 20

// Digest returns a name for everything that is in the files, which takes as long as to read
// them. With the fingerprint it tells tables apart whose files say the same of
// themselves. Of what was read at once it is the fingerprint.
func (t *Table) Digest(ctx context.Context) (string, error) {
	if t.files == nil {
		return t.Snapshot().Fingerprint, nil
	}
	h, block := sha256.New(), make([]byte, digestBlock)
	for _, f := range t.files {
		if d, ok := f.at.(distant); ok && d.Object().Version() != "" {
			fmt.Fprintf(h, "%d\x00%s\x00", f.size, d.Object().Version()) // which is not read for its name
			continue
		}
		all := io.NewSectionReader(bound(ctx, f.at, nil), 0, f.size)
		for {
			if err := ctx.Err(); err != nil {
				return "", err
			}
			n, err := all.Read(block)
			h.Write(block[:n])
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return "", fmt.Errorf("%s: %w", f.name, err)
			}
		}
		if err := f.unchanged(); err != nil {
			return "", err
		}
	}
	return nameOf(h), nil
}
