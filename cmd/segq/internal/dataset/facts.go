package dataset

import (
	"time"

	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// Columns returns how many fields hold values, those in objects and lists among them, and how many of
// them are in memory, below 0 where that is not known.
func (d *Dataset) Columns() (all, loaded int) {
	all = Leaves(d.Snapshot.Schema)
	switch r := d.table.Residency(); {
	case r.Columns > 0 && r.Loaded == r.Columns:
		return all, all
	case r.Columns == all:
		return all, r.Loaded
	}
	return all, -1 // what is loaded one by one is not what has a name
}

// Leaves returns how many fields of t hold values, those in objects and lists among them.
func Leaves(t *check.Type) (n int) {
	Walk("", t, func(_ string, t *check.Type) {
		for t.Kind == check.List || t.Kind == check.Map {
			t = t.Elem
		}
		if t.Kind != check.Object {
			n++
		}
	})
	return n
}

// Written is when the newest of the files was last written to, zero where that is not known.
func (d *Dataset) Written() (newest time.Time) {
	for _, f := range d.table.Report().Files {
		if f.Written.After(newest) {
			newest = f.Written
		}
	}
	return newest
}

// LeftOut says in a few words each what was left out of the data, as far as it was read; the notes that it
// was opened with have the rest.
func (d *Dataset) LeftOut() []string {
	if d.notes.ours {
		return nil
	}
	r := d.table.Report()
	facts := unread(r)
	if n := len(r.Notes); n > 0 {
		facts = append(facts, show.Plural(n, "remark", "remarks"))
	}
	return facts
}

// Unread is LeftOut without remarks, but for those about fields that were not read.
func (d *Dataset) Unread() []string {
	r := d.table.Report()
	return append(unread(r), r.Omissions()...)
}

// unread says which rows and values were left out.
func unread(r *load.Report) (facts []string) {
	if r.Rejected > 0 {
		facts = append(facts, show.Plural(r.Rejected, "row", "rows")+" skipped")
	}
	values := 0
	for _, m := range r.Misfits {
		values += m.Count
	}
	if values > 0 {
		facts = append(facts, show.Plural(values, "value does", "values do")+" not fit")
	}
	return facts
}
