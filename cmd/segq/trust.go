package main

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// skipped is what of the data is in no answer.
type skipped struct {
	rows int
	// values are those that were not of the type of their field, by field.
	values map[string]int
}

func skippedOf(r *load.Report) skipped {
	s := skipped{rows: r.Rejected, values: map[string]int{}}
	for _, m := range r.Misfits {
		s.values[m.Field] += m.Count
	}
	return s
}

// newRecord gives a record of an answer over the dataset.
func (d *dataset) newRecord() *record {
	return &record{Snapshot: d.snapshot.Fingerprint, RowsSkipped: &d.skipped.rows}
}

// describe makes a record say what its numbers are made of beside the data: what was
// skipped of the fields that its queries name, and of the fields at other paths; and which
// segments they ask about.
func (d *dataset) describe(r *record, queries []*check.Query, paths ...string) {
	var segments []string
	for _, q := range queries {
		if len(d.skipped.values) > 0 {
			paths = append(paths, check.Fields(q.Root)...)
		}
		segments = append(segments, definitions(q.Root, map[*check.Query]bool{})...)
	}
	for _, path := range paths {
		if n := d.skipped.values[path]; n > 0 {
			if r.ValuesSkipped == nil {
				r.ValuesSkipped = map[string]int{}
			}
			r.ValuesSkipped[path] = n
		}
	}
	if len(segments) > 0 {
		r.Segments = digestOf(segments)
	}
}

// definitions lists the segments below a node, each with its definition.
func definitions(n check.Node, seen map[*check.Query]bool) (all []string) {
	if s, ok := n.(*check.Segment); ok {
		if seen[s.Query] {
			return nil
		}
		seen[s.Query] = true
		all = append(all, s.ID+"\x00"+s.Query.Canonical)
	}
	for c := range check.Children(n) {
		all = append(all, definitions(c, seen)...)
	}
	return all
}

// digestOf names a set of texts in 16 digits.
func digestOf(texts []string) string {
	slices.Sort(texts)
	sum := sha256.Sum256([]byte(strings.Join(slices.Compact(texts), "\x00\x00")))
	return hex.EncodeToString(sum[:8])
}

// prefixes gives the paths through which a path goes, itself included.
func prefixes(path string) (all []string) {
	for i, c := range path {
		if c == '.' {
			all = append(all, path[:i])
		}
	}
	return append(all, path)
}
