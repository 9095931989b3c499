// Package turnover compares an audience of before with one of now by the ids of the profiles.
//
// The tour: [Compare] takes both sides by buckets of ids, and tells of each that entered or left (this file). A [Sample]
// chooses some of them (sample.go), and [Rows] writes all (rows.go).
package turnover

import (
	"context"
	"slices"
)

// Side gives the ids of one side of a comparison, by their buckets, in any order and some of them twice.
type Side func(bucket int) ([]string, error)

// Turnover is how many ids there were before and are now, and how many of them entered, left and stayed.
type Turnover struct{ Before, Now, Entered, Left, Stayed int }

// Compare compares two sides by so many buckets, and tells of each id that entered or left.
func Compare(ctx context.Context, buckets int, before, now Side, changed func(id string, entered bool) error) (t Turnover, err error) {
	for i := range buckets {
		if ctx.Err() != nil {
			return t, context.Cause(ctx)
		}
		was, err := before(i)
		if err != nil {
			return t, err
		}
		is, err := now(i)
		if err != nil {
			return t, err
		}
		if err := t.add(was, is, changed); err != nil {
			return t, err
		}
	}
	return t, nil
}

// add takes the ids of a bucket into account.
func (t *Turnover) add(was, is []string, changed func(id string, entered bool) error) (err error) {
	slices.Sort(was)
	slices.Sort(is)
	was, is = slices.Compact(was), slices.Compact(is)
	t.Before, t.Now = t.Before+len(was), t.Now+len(is)
	for err == nil && (len(was) > 0 || len(is) > 0) {
		switch {
		case len(is) == 0 || len(was) > 0 && was[0] < is[0]:
			err = changed(was[0], false)
			t.Left, was = t.Left+1, was[1:]
		case len(was) == 0 || is[0] < was[0]:
			err = changed(is[0], true)
			t.Entered, is = t.Entered+1, is[1:]
		default:
			t.Stayed, was, is = t.Stayed+1, was[1:], is[1:]
		}
	}
	return err
}
