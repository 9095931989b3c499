package resident_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB, snap *column.Snapshot, threads int) *resident.Engine {
	e := resident.New(snap, resident.Options{Threads: threads})
	t.Cleanup(e.Close)
	return e
}

func batch(queries ...*check.Query) exec.Batch {
	b := exec.Batch{Now: now}
	for i, q := range queries {
		b.Queries = append(b.Queries, exec.Query{ID: fmt.Sprint("q", i), Typed: q})
	}
	return b
}

// matching returns the ids for which the reference evaluator says yes.
func matching(t *testing.T, snap *column.Snapshot, q *check.Query) []string {
	t.Helper()
	var ids []string
	e := eval.New(q, snap, now).Evaluator()
	for row := range snap.Rows() {
		is, err := e.Cond(row)
		if err != nil {
			t.Fatal(err)
		}
		if is {
			ids = append(ids, fmt.Sprintf("p%07d", row))
		}
	}
	return ids
}

func TestAnswers(t *testing.T) {
	for _, rows := range []int{1, 63, 64, 1000, 20000} {
		snap := table(rows, 4)
		b := batch(rules()...)
		for i := range b.Queries {
			b.Queries[i].Sample = rows
		}
		results, err := open(t, snap, 2).Run(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range results {
			want := matching(t, snap, b.Queries[i].Typed)
			if r.Err != nil || r.ID != b.Queries[i].ID || r.Count != len(want) || r.Total != rows || r.Values != nil {
				t.Errorf("%d rows, query %d: got %d of %d, %v; want %d", rows, i, r.Count, r.Total, r.Err, len(want))
			}
			if !slices.Equal(r.Sample, want) {
				t.Errorf("%d rows, query %d: a sample of all is not all", rows, i)
			}
		}
	}
}

// The sample depends on the seed and on nothing else.
func TestSampleIsTheSameEverywhere(t *testing.T) {
	snap := table(30000, 1)
	q := query(test(check.Truth, field("vip")))
	var first []string
	for threads := 1; threads <= 4; threads++ {
		b := batch(q, q)
		b.Queries[0].Sample, b.Queries[0].Seed = 50, 7
		b.Queries[1].Sample, b.Queries[1].Seed = 50, 8
		results, err := open(t, snap, threads).Run(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		a, other := results[0].Sample, results[1].Sample
		if first == nil {
			first = a
		}
		if len(a) != 50 || !slices.Equal(a, first) || !slices.IsSorted(a) {
			t.Fatalf("%d threads: got %v, want %v", threads, a, first)
		}
		if slices.Equal(a, other) {
			t.Error("two seeds gave one sample")
		}
	}
}

// Over many seeds every matching profile is sampled about equally often. With
// 400 samples of 10 of about 100, a profile is expected 40 times, with a standard
// deviation of 6; the bounds are more than five of them away.
func TestSampleIsUniform(t *testing.T) {
	snap := table(400, 0)
	q := query(test(check.Truth, field("vip")))
	all := matching(t, snap, q)
	e := open(t, snap, 2)
	times := map[string]int{}
	const seeds = 400
	for seed := range uint64(seeds) {
		b := batch(q)
		b.Queries[0].Sample, b.Queries[0].Seed = 10, seed
		results, err := e.Run(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range results[0].Sample {
			times[id]++
		}
	}
	expected := seeds * 10 / float64(len(all))
	for _, id := range all {
		if n := float64(times[id]); n < expected/8 || n > expected*2 {
			t.Errorf("%s was sampled %v times, %.0f expected", id, n, expected)
		}
	}
}

func TestValues(t *testing.T) {
	snap := table(20000, 2)
	b := batch(query(field("age")), query(field("state")), query(field("xEvent")), query(purchases(100)))
	for i := range b.Queries {
		b.Queries[i].Values = true
	}
	results, err := open(t, snap, 2).Run(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	ages := snap.Root.Fields[2].(*column.Ints)
	n, sum := 0, 0
	for i := range snap.Rows() {
		if !ages.Null(i) {
			n++
			sum += int(ages.At(i))
		}
	}
	age := results[0].Values
	if results[0].Count != n || age.Present != n || age.Sum != float64(sum) || age.Min != 0 || age.Max != 99 || age.Average != float64(sum)/float64(n) {
		t.Errorf("age: %+v, want %d values that sum to %d", age, n, sum)
	}
	state := results[1].Values
	counted := 0
	for _, v := range state.Top {
		counted += v.Count
	}
	if state.Numeric || state.Distinct != len(states) || len(state.Top) != len(states) || counted != snap.Rows() || state.Top[0].Count < state.Top[6].Count {
		t.Errorf("state: %+v", state)
	}
	list := snap.Root.Fields[5].(*column.List)
	filled := 0
	for i := range snap.Rows() {
		if list.Offsets[i+1] > list.Offsets[i] {
			filled++
		}
	}
	v := results[2].Values
	if !v.Sizes || v.Sum != float64(list.Elem.Len()) || v.Present != filled || results[2].Count != filled || v.Min != 1 || len(v.Examples) != 3 {
		t.Errorf("xEvent: %+v, want %d lists with elements", v, filled)
	}
	if v := results[3].Values; !v.Numeric || v.Present != snap.Rows() {
		t.Errorf("purchases: %+v", v)
	}
}

// TestCountsWithoutValues sees that a query of any type is counted the same whether its
// values are asked for or not, and that they are not made unless they are.
func TestCountsWithoutValues(t *testing.T) {
	snap := table(20000, 2)
	b := batch(query(field("age")), query(field("xEvent")), query(purchases(100)))
	for _, q := range b.Queries {
		q.ID, q.Values = q.ID+" values", true
		b.Queries = append(b.Queries, q)
	}
	results, err := open(t, snap, 2).Run(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results[:3] {
		with := results[3+i]
		if r.Values != nil || with.Values == nil || r.Count != with.Count || with.Values.Present != with.Count {
			t.Errorf("%s: %d, values %+v; with values %d, %+v", r.ID, r.Count, r.Values, with.Count, with.Values)
		}
	}
}

func TestNoProfiles(t *testing.T) {
	results, err := open(t, table(0, 1), 2).Run(t.Context(), batch(append(rules(), query(field("age")))...))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if r.Err != nil || r.Count != 0 || r.Total != 0 {
			t.Errorf("%+v", r)
		}
	}
}

func TestBatchesThatMakeNoSense(t *testing.T) {
	e := open(t, table(10, 1), 1)
	q := query(field("age"))
	twice := batch(q, q)
	twice.Queries[1].ID = "q0"
	negative := batch(q)
	negative.Queries[0].Sample = -1
	timeless := batch(q)
	timeless.Now = time.Time{}
	for want, b := range map[string]exec.Batch{
		"no queries":                   {Now: now},
		`two queries with the id "q0"`: twice,
		"a sample of -1":               negative,
		"what now is":                  timeless,
		"has not been checked":         batch(nil),
	} {
		if _, err := e.Run(t.Context(), b); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// recorder is a sink that checks the contract of [exec.Sink].
type recorder struct {
	mu      sync.Mutex
	sizes   map[string][]int
	last    map[string]map[int]exec.Progress
	illegal []string
}

func (r *recorder) Start(query string, partitions []int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sizes == nil {
		r.sizes, r.last = map[string][]int{}, map[string]map[int]exec.Progress{}
	}
	r.sizes[query], r.last[query] = partitions, map[int]exec.Progress{}
}

func (*recorder) Load(string, exec.Loading) {}

func (r *recorder) Progress(query string, partition int, p exec.Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old, size := r.last[query][partition], r.sizes[query]
	if size == nil || old.Done || p.Rows < old.Rows || p.Matched < old.Matched || p.Matched > p.Rows || p.Done != (p.Rows == size[partition]) {
		r.illegal = append(r.illegal, fmt.Sprint(query, partition, old, p))
	}
	r.last[query][partition] = p
}

func TestProgressAddsUp(t *testing.T) {
	sink := &recorder{}
	b := batch(rules()...)
	b.Sink = sink
	results, err := open(t, table(50000, 2), 2).Run(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if len(sink.illegal) > 0 {
		t.Errorf("illegal reports: %v", sink.illegal)
	}
	for _, r := range results {
		rows, matched := 0, 0
		for _, p := range sink.last[r.ID] {
			rows += p.Rows
			matched += p.Matched
		}
		if rows != r.Total || matched != r.Count {
			t.Errorf("%s: the last reports add up to %d of %d, the answer is %d of %d", r.ID, matched, rows, r.Count, r.Total)
		}
	}
}

// A fault in one query is that query's. An operation that does not exist brings
// one about.
func TestPanicIsContained(t *testing.T) {
	broken := query(test(check.Op(250), summed(1)))
	b := batch(rules()[0], broken, rules()[3])
	snap := table(3000, 2)
	results, err := open(t, snap, 2).Run(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	var fault *exec.InternalError
	if !errors.As(results[1].Err, &fault) || !strings.Contains(fault.Report(), "check.Op.") {
		t.Errorf("the broken query: %v", results[1].Err)
	}
	for _, i := range []int{0, 2} {
		if want := len(matching(t, snap, b.Queries[i].Typed)); results[i].Err != nil || results[i].Count != want {
			t.Errorf("query %d: %d, %v; want %d", i, results[i].Count, results[i].Err, want)
		}
	}
}

func TestClosedEngine(t *testing.T) {
	e := resident.New(table(100, 1), resident.Options{})
	e.Close()
	e.Close()
	if _, err := e.Run(context.Background(), batch(rules()...)); !errors.Is(err, exec.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

// Three times an age of up to 99 fits, a million million million times it does
// not.
func TestOverflowIsReported(t *testing.T) {
	times := func(n int64) *check.Query {
		return query(test(check.Ge, call(check.IntType, check.Mul, field("age"), constant(n)), constant(int64(0))))
	}
	results, err := open(t, table(1000, 1), 2).Run(t.Context(), batch(times(3), times(1e18), rules()[0]))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{false, true, false} {
		if results[i].Err != nil || results[i].Overflowed != want {
			t.Errorf("query %d: overflowed %v, want %v; %v", i, results[i].Overflowed, want, results[i].Err)
		}
	}
}
