package lookup

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// joined is a lookup of a table: its rows, as columns beside the keys.
type joined struct {
	Lookup
	extended
	before *check.Type // of a profile, without the object
	turn   chan struct{}
	units  []*unit // by field

	// What follows is guarded by the mutex of the table. known says that it is known which keys
	// have rows: valid has their bits. outer are the lists and maps of keys, if these are in such.
	known bool
	stays bool // its columns are not given up
	rows  int
	valid column.Bitmap
	outer []column.Column
	// found are the rows of the keys' dictionary, given up before any column; nil for none.
	found *matches
}

// unit is a field of a lookup: what is loaded together.
type unit struct {
	of    *joined
	field *check.Field
	// Guarded by the mutex of the table: the column, nil where it is not resident, what it held last,
	// when it was asked for last, and how many snapshots keep it.
	column column.Column
	bytes  int64
	used   int64
	pins   int
}

// needs is what of the lookups is read.
type needs struct {
	units  []*unit
	joined map[*joined]bool
}

// missing returns the fields of a lookup that are read and not resident, and whether anything is not.
// The mutex of the table is held.
func (n *needs) missing(j *joined) (units []*unit, some bool) {
	for _, u := range n.units {
		if u.of == j && u.column == nil {
			units = append(units, u)
		}
	}
	return units, n.joined[j] && (!j.known || len(units) > 0)
}

// split divides what is read: into that of the lookups, and that of the table below, which has the keys of
// what is not resident. The mutex is held.
func (t *Table) split(r *check.Reads) (*needs, *check.Reads) {
	n, inner := &needs{joined: map[*joined]bool{}}, clone(r)
	for k := len(t.joined) - 1; k >= 0; k-- { // the keys of later ones may be in what earlier ones have
		j := t.joined[k]
		beside, all := j.beside(inner)
		if !all && (beside == nil || beside.Fields[j.Name] == nil) {
			continue
		}
		n.joined[j] = true
		if all {
			n.units = append(n.units, j.units...)
			continue // the keys are read too
		}
		n.units = append(n.units, j.named(beside.Fields[j.Name])...)
		delete(beside.Fields, j.Name)
		if _, some := n.missing(j); some {
			beside.Field(j.Path[j.depth]).All = true
		}
	}
	return n, inner
}

// beside returns what is read of the object that has the key; all says that it is everything.
func (j *joined) beside(r *check.Reads) (beside *check.Reads, all bool) {
	t := j.before
	for _, name := range j.Path[:j.depth] {
		if r, t, all = inside(r, t); all || r == nil {
			return r, all
		}
		if name == Values {
			continue // it was passed
		}
		if r = r.Fields[name]; r == nil {
			return nil, false
		}
		t = t.Field(name).Type
	}
	r, _, all = inside(r, t)
	return r, all
}

// inside goes through lists and maps.
func inside(r *check.Reads, t *check.Type) (*check.Reads, *check.Type, bool) {
	for r != nil && !r.All && (t.Kind == check.List || t.Kind == check.Map) {
		r, t = r.Elem, t.Elem
	}
	return r, t, r != nil && r.All
}

// named returns the fields of the object that are read.
func (j *joined) named(r *check.Reads) []*unit {
	r, _, all := inside(r, j.field.Type)
	if all {
		return j.units
	}
	var units []*unit
	if r != nil {
		for _, u := range j.units {
			if r.Fields[u.field.Name] != nil {
				units = append(units, u)
			}
		}
	}
	return units
}

// readsOf returns what is read to have a field of the lookup.
func (j *joined) readsOf(field string) *check.Reads {
	top := &check.Reads{}
	r, t := top, j.before
	through := func() {
		for t.Kind == check.List || t.Kind == check.Map {
			r, t = r.Element(), t.Elem
		}
	}
	for _, name := range j.Path[:j.depth] {
		if through(); name != Values {
			r, t = r.Field(name), t.Field(name).Type
		}
	}
	through()
	r, t = r.Field(j.Name), j.field.Type
	through()
	r.Field(field).All = true
	return top
}

func clone(r *check.Reads) *check.Reads {
	if r == nil {
		return nil
	}
	own := &check.Reads{All: r.All, Elem: clone(r.Elem)}
	for name, f := range r.Fields {
		if own.Fields == nil {
			own.Fields = make(map[string]*check.Reads, len(r.Fields))
		}
		own.Fields[name] = clone(f)
	}
	return own
}

// digest names texts in 16 digits.
func digest(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:8])
}
