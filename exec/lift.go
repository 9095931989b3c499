package exec

import (
	"cmp"
	"context"
	"slices"

	"github.com/segq/segq/lang/check"
)

// LiftValues is how many different values a field may have for a lift.
const LiftValues = 1000

// Lift is how much more or less frequent a value of a field is in an audience than
// among all profiles.
type Lift struct {
	// Field is the path to the field, and Value one of its values; Null says that it is about
	// the profiles that have none.
	Field []string
	Value string
	Null  bool
	// Count is the number of profiles of the audience with the value, of all that of all
	// profiles.
	Count, All int
	// Share is the part of the audience that has the value, Base that of all profiles;
	// Index is Share as a percentage of Base. Low and High are the ends of its 95 %
	// interval, see [Lifts].
	Share, Base, Index, Low, High float64
	// P is the probability that a random set of profiles of the audience's size has a
	// share that differs as much: two-sided. Corrected is the same for the largest of so many
	// differences as were compared.
	P, Corrected float64
	// Small says that a random set of the audience's size would be expected to have the value
	// fewer than five times: the interval is wide, and little can be said.
	Small bool
}

// Lifts compares an audience with all profiles, by the values of fields. Values are ranked by
// the lower end of the interval of their index, so that what is certainly more frequent comes
// first, and what is certainly rarer last.
//
// The interval is exact, as that of Clopper and Pearson (The use of confidence or fiducial limits,
// Biometrika 26, 1934) is: its ends are the shares of which a count as large as that of the audience, or as
// small, has a probability of 2.5 %. The count is distributed as in an audience without replacement, where
// a profile with the value is so many times as likely to be in it as one without: Fisher's
// noncentral hypergeometric distribution (Cornfield, A statistical problem arising from
// retrospective studies, 3rd Berkeley Symposium, 1956). So the interval takes into account how many
// profiles there are and have the value: it reaches only to shares that are possible, is that of
// Clopper and Pearson for a small part of the profiles, and narrower for a large one. It leaves out 100
// just where one tail of the hypergeometric distribution, in which all are as likely, has less than 2.5 %.
//
// P is the probability of all outcomes that are no more probable, by that distribution: Fisher's
// exact test. Corrected is Holm's (A simple sequentially rejective
// multiple test procedure, Scandinavian Journal of Statistics 6, 1979): the probability that any
// one of the values compared is under a level by chance is at most that level, however they
// depend on each other.
type Lifts struct {
	Values []Lift
	// Count is the size of the audience, of Total profiles.
	Count, Total int
	// Compared is how many values P is corrected for: those that some profiles have and others
	// have not.
	Compared int
	// LeftOut are the fields with more than [LiftValues] different values.
	LeftOut [][]string
}

// LiftOf compares an audience with all profiles by the values of fields, in one scan. The error
// is that of the run.
func LiftOf(ctx context.Context, r Runner, o Operation, q *check.Query, fields [][]string) (*Lifts, error) {
	// What has the same condition has it evaluated once.
	everyone := joined(check.And, 1, nil)
	queries := []Query{{Typed: q}}
	for _, by := range fields {
		queries = append(queries, Query{Typed: q, By: by, ByMost: LiftValues}, Query{Typed: everyone, By: by, ByMost: LiftValues})
	}
	results, err := o.run(ctx, r, queries, 0)
	if err != nil {
		return nil, err
	}
	l := &Lifts{Count: results[0].Count, Total: results[0].Total}
	for i, by := range fields {
		if inside, all := &results[1+2*i], &results[2+2*i]; all.ManyValues {
			l.LeftOut = append(l.LeftOut, by)
		} else {
			l.compare(by, inside, all)
		}
	}
	l.correct()
	slices.SortStableFunc(l.Values, func(a, b Lift) int {
		return cmp.Or(cmp.Compare(b.Low, a.Low), cmp.Compare(b.High, a.High), cmp.Compare(b.Index, a.Index))
	})
	return l, nil
}

// LiftFields returns the paths to the fields of a profile that have one value, through objects:
// all by which an audience can be compared, but id, which is nil for none.
func LiftFields(profile *check.Type, id *check.Field) [][]string {
	var out [][]string
	var walk func(t *check.Type, path []string)
	walk = func(t *check.Type, path []string) {
		for _, f := range t.Fields {
			at := append(slices.Clip(path), f.Name)
			switch f.Type.Kind {
			case check.Object:
				walk(f.Type, at)
			case check.Bool, check.Int, check.Float, check.String, check.Timestamp:
				if f != id {
					out = append(out, at)
				}
			}
		}
	}
	walk(profile, nil)
	return out
}

// compare compares the values of a field.
func (l *Lifts) compare(by []string, inside, all *Result) {
	counts := make(map[string]int, len(inside.Groups))
	for _, g := range inside.Groups {
		counts[g.Value] = g.Count
	}
	for _, g := range all.Groups {
		l.add(Lift{Field: by, Value: g.Value, Count: counts[g.Value], All: g.Count})
	}
	if all.Without > 0 {
		l.add(Lift{Field: by, Null: true, Count: inside.Without, All: all.Without})
	}
}

// add adds a value of which the counts are known.
func (l *Lifts) add(v Lift) {
	f := fourfold{v.Count, hypergeometric{size: l.Count, with: v.All, all: l.Total}}
	v.Base = float64(f.with) / float64(f.all)
	if f.size > 0 {
		v.Share = float64(f.in) / float64(f.size)
		v.Index = 100 * v.Share / v.Base
	}
	low, high := f.interval()
	v.Low, v.High = 100*low/v.Base, 100*high/v.Base
	v.P, v.Small = f.p(), f.expected() < few
	if f.compares() {
		l.Compared++
	}
	l.Values = append(l.Values, v)
}

// correct corrects P for the number of values compared. Those that compare nothing have 1.
func (l *Lifts) correct() {
	order := make([]*Lift, len(l.Values))
	for i := range l.Values {
		order[i] = &l.Values[i]
	}
	slices.SortFunc(order, func(a, b *Lift) int { return cmp.Compare(a.P, b.P) })
	least := 0.0
	for i, v := range order {
		least = max(least, min(1, v.P*float64(max(1, l.Compared-i))))
		v.Corrected = least
	}
}
