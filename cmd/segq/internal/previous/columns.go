package previous

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/identity"
	"github.com/segq/segq/cmd/segq/internal/memberships"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// InCells says whether a format is one of cells, which may be safe.
func InCells(format string) bool { return format == "csv" || format == "tsv" }

// FormatOf is the format of a file by its name, "" for none that has a name.
func FormatOf(file string) string {
	for _, compressed := range []string{".gz", ".zst", ".lz4", ".bz2", ".xz"} {
		file = strings.TrimSuffix(file, compressed)
	}
	format, _ := printer.FormatOf("", file, true)
	return format
}

// asked is how messages call the file.
func (o *Options) asked() string { return o.Flag + " " + o.Called }

// open opens the file of an earlier run. One without a single row has no columns in some formats, for which types
// could be given.
func (o *Options) open(ctx context.Context, id *check.Field) (*dataset.Dataset, error) {
	paths := []string{o.Path}
	d, err := o.Open(ctx, paths, o.reading(id), o.Threads, o.Notes)
	if err == nil {
		return d, nil
	}
	err = exit.Data(fmt.Errorf("%s: %w", o.asked(), err))
	d, other := o.Open(ctx, paths, dataset.Usual(), o.Threads, io.Discard)
	if other != nil {
		return nil, err
	}
	if d.Snapshot.Rows() == 0 {
		return d, nil
	}
	if f := d.Snapshot.Schema.Field(memberships.ColumnNames()[0]); f != nil && f.Type.Kind == check.String {
		err = exit.Usage(o.errTextOfLists())
	}
	d.Close()
	return nil, err
}

func (o *Options) errTextOfLists() error {
	return fmt.Errorf("%s: audiences is a text there, and no list: a text is that of one audience, in a column audience with a row for each pair", o.asked())
}

// reading says how the file is read: of formats without types, what looks like a number or a time there is
// text where it is here.
func (o *Options) reading(id *check.Field) dataset.Options {
	d := dataset.Usual()
	d.Called, d.SharedIDs = o.Called, true
	types := map[string][]string{"csv": {memberships.Single, id.Name}, "tsv": {memberships.Single, id.Name}, "ndjson": {id.Name}, "json": {id.Name}}[FormatOf(o.Path)]
	for _, name := range types {
		if name != id.Name || id.Type.Kind == check.String || id.Type.Kind == check.Any {
			d.ReadAs(name, "text")
		}
	}
	return d
}

// columns finds the columns of the file: the ids, and the audiences; now is what the data is called, and id its ids.
func (f *File) columns(ctx context.Context, now string, id *check.Field) (own, audiences *check.Field, err error) {
	if f.data.Snapshot.Rows() == 0 {
		return id, &check.Field{Name: memberships.Single, Type: check.StringType}, nil
	}
	own = f.data.Snapshot.Schema.Field(id.Name)
	if own == nil {
		return nil, nil, fmt.Errorf("%s has no column %s, which has the ids here", f.o.asked(), id.Name)
	}
	before := identity.IDs{Of: f.o.Called, Field: own.Name, Kind: kindOf(own)}
	if err := identity.Apart(before, identity.IDs{Of: now, Field: id.Name, Kind: kindOf(id)}); err != nil {
		return nil, nil, fmt.Errorf("%s: %w%s", f.o.Flag, err, f.otherKind(ctx, own, id))
	}
	for _, name := range memberships.ColumnNames() {
		one := f.data.Snapshot.Schema.Field(name)
		if one == nil || one == own {
			continue
		}
		list := one.Type.Kind == check.List && slices.Contains([]check.Kind{check.String, check.Any}, one.Type.Elem.Kind)
		if one.Type.Kind == check.String && name == memberships.ColumnNames()[0] {
			return nil, nil, f.o.errTextOfLists()
		}
		if list || one.Type.Kind == check.String {
			audiences = one
			break
		}
	}
	if audiences == nil {
		return nil, nil, fmt.Errorf("%s has no column audiences, a list of texts, or audience, a text", f.o.asked())
	}
	slot := &check.Slot{Info: check.Info{T: f.data.Snapshot.Schema}}
	for _, one := range []*check.Field{own, audiences} {
		f.asked.Select = append(f.asked.Select, &check.Query{Root: &check.Member{Info: check.Info{T: one.Type}, X: slot, F: one}, Slots: 1})
	}
	all := &check.Const{Info: check.Info{T: check.BoolType}, V: true}
	f.asked.Where = &check.Query{Root: all, Cond: all, Slots: 1}
	return own, audiences, nil
}

// otherKind says where the ids of the file are of another kind than those of the data, and what to do.
func (f *File) otherKind(ctx context.Context, own, id *check.Field) string {
	number := id.Type.Kind == check.Int || id.Type.Kind == check.Float
	if own.Type.Kind != check.String || !number {
		return fmt.Sprintf(": write the file again from data whose %s is %s", id.Name, id.Type)
	}
	reads, where := &check.Reads{}, ""
	reads.Field(own.Name).All = true
	f.data.Look(ctx, reads, mostIDs, func(_ *resident.Engine, s *column.Snapshot) {
		values := s.Root.Fields[s.Schema.Field(own.Name).Index]
		for i := range values.Len() {
			if text := textAt(values, i); text != "" {
				if _, err := strconv.ParseFloat(text, 64); err != nil {
					where = fmt.Sprintf("; row %s of %s has %q", show.Count(i+1), f.o.Called, text)
					return
				}
			}
		}
	})
	return fmt.Sprintf("%s: mend the file, or take %s as a text here, too, with --type %[2]s=text", where, id.Name)
}

// textAt is a value of a column of texts, "" for none.
func textAt(c column.Column, i int) string {
	if c.Null(i) {
		return ""
	}
	switch c, i := column.At(c, i); c := c.(type) {
	case *column.Strings:
		return c.At(i)
	case *column.Texts:
		return c.At(i)
	}
	return ""
}

// kindOf is the kind of ids that are a field, "" where no profile has one.
func kindOf(id *check.Field) string {
	if id.Type.Kind == check.Any {
		return ""
	}
	return id.Type.Kind.String()
}
