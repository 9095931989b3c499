package values

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
)

const (
	// mostDistinct is how many different values of a field are counted: where there are more, none
	// is worth offering, and it takes a while to find out which may be told.
	mostDistinct = 200_000
	// mostKept and mostBytes are what is kept of the values of a field.
	mostKept  = 20_000
	mostBytes = 4 << 20
)

// Found is what is known of a field.
type Found struct {
	// Values are those that may be told, with how many profiles have each, the most frequent first; those of
	// fields that are personal are none.
	Values []lang.Value
	// All is how many different values there are, told or not; -1 where nobody has counted.
	All int
	// Of so many places for a value so many have one. Places are profiles, or elements of the list that the field is in: a list is
	// one value itself.
	Places, Filled int
	// Partly says that the first rows alone were looked at.
	Partly bool
}

// Count counts what a snapshot has of a field. all says that it has all rows of the data; else who has a
// value is not known. It fails with its context alone.
func Count(ctx context.Context, s *column.Snapshot, f Field, all bool, rules *personal.Rules) (Found, error) {
	found := Found{All: -1, Partly: !all}
	leaf := column.LeafOf(s, f.Path, f.Keys)
	if leaf == nil {
		return found, nil
	}
	found.Places, found.Filled = leaf.Slots(), leaf.Filled()
	if f.Personal(rules) {
		return found, nil
	}
	counted, ok, err := leaf.Count(ctx, mostDistinct)
	if err != nil || !ok || counted == nil {
		return found, err
	}
	found.All = len(counted)
	profiles := s.Rows()
	if !all {
		profiles = math.MaxInt // who knows?
	}
	told := rules.Tellable(f.String(), counted, profiles)
	if leaf.Listed() {
		if told, err = held(ctx, leaf, told, profiles); err != nil {
			return found, err
		}
	}
	size := 0
	for _, v := range told {
		if size += len(v.Text); size > mostBytes || len(found.Values) == mostKept {
			break
		}
		found.Values = append(found.Values, lang.Value{Text: strings.Clone(v.Text), Count: v.Count})
	}
	return found, nil
}

// Told returns the values of a field that may be told, the most frequent first, as far as its column is in memory: after a query
// that reads it. Nil where that is not known.
func Told(ctx context.Context, d *dataset.Dataset, f Field, rules *personal.Rules) (all []string) {
	if d.OnCluster() || !f.in(d.Snapshot.Schema) {
		return nil
	}
	d.Look(ctx, f.Reads(d.Snapshot.Schema), 0, func(_ *resident.Engine, s *column.Snapshot) {
		found, err := Count(ctx, s, f, true, rules)
		if err != nil {
			return
		}
		for _, v := range found.Values {
			all = append(all, v.Text)
		}
	})
	return all
}

// held returns how many profiles have each of some values, of which one may have many, without those that few
// have: it is profiles that a rule counts.
func held(ctx context.Context, leaf *column.Leaf, values []column.ValueCount, profiles int) (told []column.ValueCount, err error) {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = v.Text
	}
	counts, err := leaf.Holders(ctx, texts)
	if err != nil {
		return nil, err
	}
	for i, v := range values {
		if !personal.Few(counts[i], profiles) {
			told = append(told, column.ValueCount{Text: v.Text, Count: int64(counts[i])})
		}
	}
	slices.SortStableFunc(told, func(a, b column.ValueCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
	})
	return told, nil
}
