package executor

import (
	"compress/gzip"
	"context"
	"errors"
	"strings"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/columnwire"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/wire"
)

// Take asks for profiles and not for their number: the answer has several lines then (lines.go). Of the queries of the batch the first one is whose
// profiles these are, and the others are what is asked of them.
type Take struct {
	// IDs, Limit, Sample and Seed are those of resident.Rows.
	IDs    bool   `json:"ids,omitempty"`
	Limit  int    `json:"limit,omitempty"`
	Sample int    `json:"sample,omitempty"`
	Seed   uint64 `json:"seed,omitempty"`
	// Columns asks for the profiles as they are, as far as it names what is read of them; Share is which part of them, drawn by Seed, 0
	// for all.
	Columns *check.Reads `json:"columns,omitempty"`
	Share   float64      `json:"share,omitempty"`
	// Names asks in which of the queries each profile is, which are called so, and All also for those that are in none: see
	// resident.Memberships.
	Names []string `json:"names,omitempty"`
	All   bool     `json:"all,omitempty"`
	// Values asks for what was gathered of the values of all queries.
	Values bool `json:"values,omitempty"`
	// Parts is what is different for each part, by its number.
	Parts map[int]TakePart `json:"parts,omitempty"`
}

// TakePart is what is different for a part: how many rows the parts before it have, and which of its sample are wanted, from 0 on.
type TakePart struct {
	First  int   `json:"first,omitempty"`
	Chosen []int `json:"chosen"`
}

// NewTake returns a batch that asks for profiles. The queries were checked against the schema.
func NewTake(queries []*check.Query, schema *check.Type, take *Take) (*Batch, error) {
	var text strings.Builder
	if err := load.WriteSchema(&text, schema); err != nil {
		return nil, err
	}
	bytes, err := wire.Encode(queries, schema)
	return &Batch{Schema: text.String(), Queries: bytes, Take: take}, err
}

// Taken tells of the profiles of a part that were given. It is the proof that they are all.
type Taken struct {
	// Rows is how many profiles the part has, and Given how many lines' rows have come.
	Rows  int `json:"rows"`
	Given int `json:"given"`
	// Of rows and memberships: as in their results.
	Limited    bool   `json:"limited,omitempty"`
	Overflowed bool   `json:"overflowed,omitempty"`
	Nameless   int    `json:"nameless,omitempty"`
	Members    int    `json:"members,omitempty"`
	Counts     []int  `json:"counts,omitempty"`
	Overflows  []bool `json:"overflows,omitempty"`
	// Error is why they are not; of memberships, that of rule number Rule.
	Error string `json:"error,omitempty"`
	Rule  int    `json:"rule,omitempty"`
}

// take gives the profiles of a part, line by line.
func (t *task) take(ctx context.Context, o *opened, to *lines) (*Taken, error) {
	switch {
	case t.batch.Take.Columns != nil:
		return t.takeColumns(ctx, o, to)
	case t.batch.Take.Values:
		return &Taken{}, t.takeValues(ctx, o, to)
	}
	own := t.batch.Take.Parts[t.split.Part]
	begin := func() resident.Stretch { return &lineStretch{to: to} }
	asked := exec.Operation{ID: "0", Now: t.batch.Now}
	if names := t.batch.Take.Names; names != nil {
		if len(names) != len(o.queries) {
			return nil, wrong("%d rules have %d names", len(o.queries), len(names))
		}
		r, err := o.engine.Memberships(ctx, resident.Memberships{Operation: asked, Rules: o.queries, Names: names, All: t.batch.Take.All, First: own.First, Begin: begin})
		return &Taken{Members: r.Members, Counts: r.Counts, Overflows: r.Overflowed, Nameless: r.Nameless}, err
	}
	if len(o.queries) == 0 {
		return nil, wrong("profiles are asked for, and nothing says which")
	}
	r, err := o.engine.Rows(ctx, resident.Rows{
		Operation: asked, Where: o.queries[0], IDs: t.batch.Take.IDs, Select: o.queries[1:], Limit: t.batch.Take.Limit,
		Sample: t.batch.Take.Sample, Seed: partSeed(t.batch.Take.Seed, t.split.Part), Chosen: own.Chosen, First: own.First, Begin: begin,
	})
	return &Taken{Limited: r.Limited, Overflowed: r.Overflowed, Nameless: r.Nameless}, err
}

// types are those of the columns that are given.
func (t *task) types(o *opened) []*check.Type {
	snap := o.table.Snapshot()
	switch {
	case t.batch.Take.Columns != nil:
		return []*check.Type{snap.Schema}
	case t.batch.Take.Names != nil:
		_, id := resident.IDColumn(snap)
		return []*check.Type{id, check.ListOf(check.IntType)} // their places among the names
	}
	var types []*check.Type
	if t.batch.Take.IDs {
		_, id := resident.IDColumn(snap)
		types = append(types, id)
	}
	for _, q := range o.queries[min(1, len(o.queries)):] {
		types = append(types, q.Root.Type())
	}
	return types
}

// ended is what becomes of an error of the profiles: one that another attempt would meet as well is told in the last line.
func ended(ctx context.Context, taken *Taken, err error) (*Taken, error) {
	var data *exec.DataError
	var wrong *WrongError
	var rule *resident.RuleError
	var unread *writeError
	switch {
	case err == nil:
		return taken, nil
	case errors.As(err, &data), errors.As(err, &wrong), errors.As(err, &unread), errors.Is(err, context.Cause(ctx)):
		return nil, err
	case errors.As(err, &rule):
		return &Taken{Error: err.Error(), Rule: rule.Rule}, nil
	}
	return &Taken{Error: err.Error()}, nil
}

// takeColumns gives profiles as they are.
func (t *task) takeColumns(ctx context.Context, o *opened, to *lines) (*Taken, error) {
	matched, err := t.matched(ctx, o)
	if err != nil {
		return nil, err
	}
	snap, release, err := o.table.Load(ctx, t.batch.Take.Columns, nil)
	if err != nil {
		return nil, err
	}
	defer release()
	rows := t.drawn(matched, snap.Rows())
	return &Taken{}, guarded(snap, func() error {
		for size := firstLot; len(rows) > 0; {
			if err := context.Cause(ctx); err != nil {
				return err
			}
			lot := rows[:min(size, len(rows))]
			rows = rows[len(lot):]
			body := columnwire.Append(nil, snap.Root, snap.Schema, lot)
			if err := to.write(len(lot), pressed(body, gzip.BestSpeed)); err != nil {
				return err
			}
			size = max(mostInLine/(len(body)/len(lot)+1), 1) // as large as these were
		}
		return nil
	})
}
