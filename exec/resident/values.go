package resident

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/statistic"
	"github.com/segq/segq/lang/check"
)

// What a summary shows at most.
const (
	topValues = 20
	examples  = 3
)

// tally gathers the values of one query over one partition, or, merged in the
// order of the partitions, over all. Only the examples depend on the order: the sum is exact,
// so that it is the same wherever the table is cut.
type tally struct {
	kind     check.Kind
	present  int
	min, max float64
	sum      statistic.Sum
	counts   map[string]int
	examples []string
	meter    *meter
}

// newTally returns an empty tally of values of a type.
func newTally(t *check.Type, m *meter) *tally {
	return &tally{meter: m, kind: t.Kind, min: math.Inf(1), max: math.Inf(-1), counts: map[string]int{}}
}

// add counts a value; null is none.
func (t *tally) add(v eval.Value) error {
	if v.IsNull() {
		return nil
	}
	t.present++
	switch t.kind {
	case check.Int, check.Float:
		t.number(v.Float())
		return nil
	case check.List, check.Map:
		t.number(float64(v.Len()))
	case check.Object:
	default:
		return t.count(v.Text(), 1)
	}
	if len(t.examples) < examples {
		t.examples = append(t.examples, string(v.AppendJSON(nil)))
	}
	return nil
}

// count adds to the number of a value.
func (t *tally) count(text string, n int) error {
	before, known := t.counts[text]
	if !known {
		if err := t.meter.charge(entryBytes + len(text)); err != nil {
			return err
		}
	}
	t.counts[text] = before + n
	return nil
}

func (t *tally) number(f float64) {
	t.min, t.max = min(t.min, f), max(t.max, f)
	t.sum.Add(f)
}

// merge adds what the next partition has gathered.
func (t *tally) merge(next *tally) error {
	t.present += next.present
	t.min, t.max = min(t.min, next.min), max(t.max, next.max)
	t.sum.Merge(&next.sum)
	for v, n := range next.counts {
		if err := t.count(v, n); err != nil {
			return err
		}
	}
	for _, x := range next.examples {
		if len(t.examples) < examples {
			t.examples = append(t.examples, x)
		}
	}
	return nil
}

// values returns the summary.
func (t *tally) values() *exec.Values {
	v := &exec.Values{Present: t.present, Examples: t.examples, Distinct: len(t.counts)}
	v.Sizes = t.kind == check.List || t.kind == check.Map
	v.Numeric = v.Sizes || t.kind == check.Int || t.kind == check.Float
	if v.Numeric && t.present > 0 {
		v.Min, v.Max, v.Sum = t.min, t.max, t.sum.Value()
		v.Average = v.Sum / float64(t.present)
	}
	top := slices.SortedFunc(maps.Keys(t.counts), func(a, b string) int {
		return cmp.Or(t.counts[b]-t.counts[a], strings.Compare(a, b))
	})
	for _, x := range top[:min(len(top), topValues)] {
		// The text may lie in the snapshot's memory, which the result outlives.
		v.Top = append(v.Top, exec.ValueCount{Value: strings.Clone(x), Count: t.counts[x]})
	}
	return v
}
