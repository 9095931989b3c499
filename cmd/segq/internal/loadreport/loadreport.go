// Package loadreport tells how data was read: how much it is, how long that took, and of each field what
// it is, in how many places it has a value, how many different ones, what was read as another type, and what
// did not fit, and where.
//
// The tour: [Of] counts, a field after another (fields.go), so that not more than one has to be in memory; a
// [Report] is what --json writes, and lines.go is what people see of it.
package loadreport

import (
	"context"
	"slices"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// Report is how data was read. Numbers that are not known are left out.
type Report struct {
	Data     string `json:"data"`
	Snapshot string `json:"snapshot"`
	Rows     int    `json:"rows"`
	// Rejected is how many rows were left out.
	Rejected int  `json:"rejected"`
	Events   *int `json:"events,omitempty"`
	// Columns is how many fields hold values, those in objects and lists among them; Bytes is how many the
	// files have, and Read how many of them were read, where that is not all.
	Columns int   `json:"columns"`
	Bytes   int64 `json:"bytes,omitempty"`
	Read    int64 `json:"bytes_read,omitempty"`
	// Elapsed is the time that reading took, in milliseconds, and the rates are of it; Counted is what counting
	// took, of how the fields are filled.
	Elapsed        float64    `json:"elapsed_ms,omitempty"`
	RowsPerSecond  int64      `json:"rows_per_second,omitempty"`
	BytesPerSecond int64      `json:"bytes_per_second,omitempty"`
	Counted        float64    `json:"counted_ms,omitempty"`
	Files          []File     `json:"files,omitempty"`
	IDs            *IDs       `json:"ids,omitempty"`
	Fields         []Field    `json:"fields"`
	Rejects        []Rejected `json:"rejects,omitempty"`
	Notes          []string   `json:"notes,omitempty"`
	// Left is how many more fields there are, which a worker elsewhere has no room to tell.
	Left int `json:"fields_left,omitempty"`
}

// File is a file that was read.
type File struct {
	Name string `json:"name"`
	Rows int    `json:"rows"`
}

// IDs are those that several profiles have.
type IDs struct {
	Field string `json:"field"`
	// Repeated is how many ids that are, Profiles how many profiles have them, FirstRow the first of these, from 1, that is
	// not the first with its id.
	Repeated int `json:"repeated"`
	Profiles int `json:"profiles"`
	FirstRow int `json:"first_row,omitempty"`
}

// Field is what is known of a field.
type Field struct {
	Field string `json:"field"`
	Type  string `json:"type"`
	// Values is how many of so many places have a value: of the profiles, or of the elements of the list that it is
	// in.
	Values *int `json:"values,omitempty"`
	Of     *int `json:"of,omitempty"`
	// Distinct is how many different values there are: of a list those of its elements, of a map its keys.
	Distinct *int `json:"distinct,omitempty"`
	// Coerced are the values that were read as another type than their own, Unfit those that are null.
	Coerced []Values    `json:"coerced,omitempty"`
	Unfit   []UnfitKind `json:"unfit,omitempty"`
}

// Values are some values of a field by what they were.
type Values struct {
	From   string `json:"from"`
	Values int    `json:"values"`
}

// UnfitKind are values that are null as they did not fit.
type UnfitKind struct {
	Values
	// Type is what they do not fit: that of the field, or of what is in it; First is where the first of them is.
	Type  string `json:"type"`
	First string `json:"first"`
}

// Rejected is a row that was left out.
type Rejected struct {
	Where   string `json:"where"`
	Message string `json:"message"`
}

// Of returns the report of data. all has everything loaded that is not, a field at a time; else of what
// is not in memory it has what the files say of themselves.
func Of(ctx context.Context, d *dataset.Dataset, all bool) (*Report, error) {
	f := &fields{ctx: ctx, data: d, all: all, paths: map[string]int{}}
	if !all {
		f.shares = d.Filled(ctx)
	}
	err := f.walk(place{t: d.Snapshot.Schema})
	if err != nil {
		return nil, err
	}
	loaded := d.Report()
	r := &Report{Data: d.Name, Snapshot: d.Snapshot.Fingerprint, Rows: d.Snapshot.Rows(), Rejected: loaded.Rejected, Bytes: loaded.Bytes, Columns: dataset.Leaves(d.Snapshot.Schema), IDs: f.ids, Events: f.events, Notes: loaded.Notes}
	r.Counted = milliseconds(f.counted)
	read := loaded.Bytes
	if loaded.Read < loaded.Bytes && !all {
		read, r.Read = loaded.Read, loaded.Read
	}
	if took := loaded.Elapsed; took > 0 && (read > 0 || loaded.Bytes == 0) {
		r.Elapsed = milliseconds(took)
		r.RowsPerSecond, r.BytesPerSecond = int64(float64(r.Rows)/took.Seconds()), int64(float64(read)/took.Seconds())
	}
	for _, file := range loaded.Files {
		r.Files = append(r.Files, File{Name: file.Name, Rows: file.Rows})
	}
	for _, reject := range loaded.Rejects {
		r.Rejects = append(r.Rejects, Rejected{Where: reject.Where(), Message: reject.Message})
	}
	r.Fields = f.with(loaded)
	if f.repeats != "" && !slices.Contains(r.Notes, f.repeats) {
		r.Notes = append(r.Notes, f.repeats)
	}
	return r, nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// fields goes through the fields.
type fields struct {
	ctx   context.Context
	data  *dataset.Dataset
	all   bool
	found []Field
	paths map[string]int // where a path of the report of the loading is in found

	shares map[string]float64 // of profiles with a value, where that is known without the column: the footers of files tell

	ids     *IDs
	repeats string // says what is wrong with them
	events  *int
	counted time.Duration // what counting took
}

// with returns the fields with what the report of the loading says of them.
func (f *fields) with(r *load.Report) []Field {
	for _, c := range r.Coerced {
		if i, ok := f.paths[c.Field]; ok {
			f.found[i].Coerced = append(f.found[i].Coerced, Values{From: c.Found, Values: c.Count})
		}
	}
	for _, m := range r.Misfits {
		if i, ok := f.paths[m.Field]; ok {
			first := load.Reject{File: m.File, Line: m.Line, Row: m.Row, Shared: m.Shared}.Where()
			f.found[i].Unfit = append(f.found[i].Unfit, UnfitKind{Values: Values{From: m.Found, Values: m.Count}, Type: m.Type, First: first})
		}
	}
	return f.found
}

// look has a look at a column, if it is in memory or all are to be loaded.
func (f *fields) look(reads *check.Reads, look func(*column.Snapshot)) error {
	timed := func(s *column.Snapshot) {
		began := time.Now()
		look(s)
		f.counted += time.Since(began)
	}
	if !f.all {
		f.data.Resident(f.ctx, reads, timed)
		return f.ctx.Err()
	}
	return f.data.Read(f.ctx, reads, timed)
}
