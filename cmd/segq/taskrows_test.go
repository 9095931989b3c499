//go:build linux

package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/columnwire"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// each runs the tasks of all parts, and gives the lines of their answers, one part after another.
func (table *taskTable) each(t *testing.T, queries []*check.Query, take executor.Take, line func(*executor.Line)) {
	t.Helper()
	first := 0
	for _, s := range table.splits(t) {
		take.Parts = map[int]executor.TakePart{s.Part: {First: first}}
		b, err := executor.NewTake(queries, table.snap.Schema, &take)
		if err != nil {
			t.Fatal(err)
		}
		b.Now = taskNow
		asked, digest := taskLine(t, s, b)
		out, status, said := tasked(t, table.dir, asked, "--cache ./cache")
		if status != 0 || said != "" {
			t.Fatalf("status %d: %s", status, said)
		}
		given := 0
		lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
		for i, text := range lines {
			l, err := executor.DecodeLine(strings.Split(text, "\t")[1], digest)
			if err != nil || l.Part != s.Part || l.Number != i || (l.End != nil) != (i == len(lines)-1) {
				t.Fatalf("line %d of %d: %+v %v", i, len(lines), l, err)
			}
			if given += l.Rows; l.End != nil {
				if l.End.Given != given || l.End.Error != "" {
					t.Errorf("%d rows were given, and %d have come: %s", l.End.Given, given, l.End.Error)
				}
				first += l.End.Rows
			}
			line(l)
		}
	}
}

// takenFrom returns what these lines have, and what they tell of it at their ends.
func (table *taskTable) takenFrom(t *testing.T, queries []*check.Query, take executor.Take) (columns []byte, rows []int, ends []*executor.Taken) {
	t.Helper()
	table.each(t, queries, take, func(l *executor.Line) {
		if l.End == nil {
			columns, rows = append(columns, l.Columns...), append(rows, l.Rows)
		} else {
			ends = append(ends, l.End)
		}
	})
	return columns, rows, ends
}

// jsonOf returns rows of columns as lines.
func jsonOf(t *testing.T, bytes []byte, rows []int, types []*check.Type) (all []string) {
	t.Helper()
	for _, n := range rows {
		columns := make([]column.Column, len(types))
		for i, typ := range types {
			b := columnwire.NewBuilder(typ)
			var err error
			if bytes, err = b.Add(bytes, n); err != nil {
				t.Fatal(err)
			}
			columns[i] = b.Column()
		}
		all = append(all, jsonLines(columns, n, types)...)
	}
	return all
}

func jsonLines(columns []column.Column, n int, types []*check.Type) (all []string) {
	for row := range n {
		var text []byte
		for i, c := range columns {
			text = append(column.AppendJSON(text, c, row, types[i]), '\t')
		}
		all = append(all, string(text))
	}
	return all
}

// rowLines takes rows as lines of JSON.
type rowLines struct {
	types []*check.Type
	all   *[]string
	own   []string
}

func (r *rowLines) Add(n int, columns []column.Column) error {
	r.own = append(r.own, jsonLines(columns, n, r.types)...)
	return nil
}
func (r *rowLines) End() error  { return nil }
func (r *rowLines) Emit() error { *r.all = append(*r.all, r.own...); return nil }

// The rows that tasks give about the parts of a table are those that the engine gives about all of it.
func TestTaskRows(t *testing.T) {
	t.Parallel()
	table := newTaskTable(t)
	engine := resident.New(table.snap, resident.Options{})
	defer engine.Close()
	compiled := func(text string) *check.Query {
		q, problems := lang.Compile(text, column.Catalog{Snapshot: table.snap}, check.Options{})
		if problems.Failed() {
			t.Fatalf("%s: %v", text, problems)
		}
		return q
	}
	where := compiled("xEvent.count() > 2")
	for name, q := range map[string]resident.Rows{
		"ids":       {IDs: true},
		"values":    {Select: []*check.Query{compiled("homeAddress.city"), compiled("xEvent"), compiled("xEvent.count() / 3"), compiled("loyalty")}},
		"limited":   {IDs: true, Limit: 7},
		"nobody":    {IDs: true, Where: compiled("false")},
		"all of it": {Where: compiled("true"), Select: []*check.Query{compiled("homeAddress"), compiled("xEvent.timestamp")}},
	} {
		if q.Operation = (exec.Operation{ID: "q", Now: taskNow}); q.Where == nil {
			q.Where = where
		}
		var types []*check.Type
		if q.IDs {
			_, id := resident.IDColumn(table.snap)
			types = append(types, id)
		}
		for _, s := range q.Select {
			types = append(types, s.Root.Type())
		}
		var want []string
		q.Begin = func() resident.Stretch { return &rowLines{types: types, all: &want} }
		if _, err := engine.Rows(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		columns, rows, ends := table.takenFrom(t, append([]*check.Query{q.Where}, q.Select...), executor.Take{IDs: q.IDs, Limit: q.Limit})
		got := jsonOf(t, columns, rows, types)
		if q.Limit > 0 {
			got = got[:q.Limit] // a part does not know what others have given
			if !ends[0].Limited {
				t.Errorf("%s: nothing says that there are others", name)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d rows, and not %d", name, len(got), len(want))
		}
	}
}

// Profiles come as they are, with what was asked of them, and a share of them is drawn alike each time.
func TestTaskProfiles(t *testing.T) {
	t.Parallel()
	table := newTaskTable(t)
	snap := table.snap
	object := []*check.Type{snap.Schema}
	columns, rows, _ := table.takenFrom(t, nil, executor.Take{Columns: &check.Reads{All: true}})
	got := jsonOf(t, columns, rows, object)
	for i, want := range jsonLines([]column.Column{snap.Root}, snap.Rows(), object) {
		if i >= len(got) || got[i] != want {
			t.Fatalf("profile %d is not %s", i, want)
		}
	}
	reads := &check.Reads{}
	reads.Field("loyalty").All = true
	share := executor.Take{Columns: reads, Share: 0.3, Seed: 7}
	columns, rows, _ = table.takenFrom(t, nil, share)
	again, _, _ := table.takenFrom(t, nil, share)
	if !bytes.Equal(columns, again) {
		t.Error("another sample was drawn with the same seed")
	}
	b, n := columnwire.NewBuilder(snap.Schema), 0
	for _, some := range rows {
		n += some
		var err error
		if columns, err = b.Add(columns, some); err != nil {
			t.Fatal(err)
		}
	}
	if n < snap.Rows()/5 || n > snap.Rows()*2/5 {
		t.Errorf("%d of %d profiles were drawn", n, snap.Rows())
	}
	root := b.Column().(*column.Struct)
	for i, f := range snap.Schema.Fields {
		if _, not := root.Fields[i].(*column.Unloaded); not != (f.Name != "loyalty") {
			t.Errorf("%s: %T", f.Name, root.Fields[i])
		}
	}
}

// The memberships that tasks give are those of the engine, with the counts of the rules.
func TestTaskMemberships(t *testing.T) {
	t.Parallel()
	table := newTaskTable(t)
	engine := resident.New(table.snap, resident.Options{})
	defer engine.Close()
	_, id := resident.IDColumn(table.snap)
	q := resident.Memberships{Operation: exec.Operation{ID: "q", Now: taskNow}}
	for i, one := range table.queries(t, 5, 40).Queries {
		q.Rules, q.Names = append(q.Rules, one.Typed), append(q.Names, fmt.Sprintf("rule %d", 40-i))
	}
	var want []string
	q.Begin = func() resident.Stretch {
		return &rowLines{types: []*check.Type{id, check.ListOf(check.StringType)}, all: &want}
	}
	result, err := engine.Memberships(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	columns, rows, ends := table.takenFrom(t, q.Rules, executor.Take{Names: q.Names})
	sorted := slices.Sorted(slices.Values(q.Names))
	var got []string
	for _, line := range jsonOf(t, columns, rows, []*check.Type{id, check.ListOf(check.IntType)}) {
		name, list, _ := strings.Cut(line, "\t")
		places := strings.Split(strings.Trim(list, "[]\t"), ",")
		for i, p := range places {
			var place int
			if _, err := fmt.Sscan(p, &place); err != nil {
				t.Fatal(err)
			}
			places[i] = `"` + sorted[place] + `"`
		}
		got = append(got, name+"\t["+strings.Join(places, ",")+"]\t")
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d profiles are in rules, and not %d", len(got), len(want))
	}
	for i, n := range result.Counts {
		if sum := ends[0].Counts[i] + ends[1].Counts[i]; sum != n {
			t.Errorf("%s has %d, and not %d", q.Names[i], sum, n)
		}
	}
}

// What tasks gather of the values of queries adds up to what the engine describes.
func TestTaskValues(t *testing.T) {
	t.Parallel()
	table := newTaskTable(t)
	engine := resident.New(table.snap, resident.Options{})
	defer engine.Close()
	asked := table.queries(t, 6, 120)
	asked.Queries = slices.DeleteFunc(asked.Queries, func(q exec.Query) bool { return q.Typed.Root.Type().Kind == check.Bool })
	want, err := engine.Run(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	var queries []*check.Query
	var sums []*resident.Tallies
	for _, q := range asked.Queries {
		queries, sums = append(queries, q.Typed), append(sums, resident.NewTallies(q.Typed.Root.Type(), 0))
	}
	table.each(t, queries, executor.Take{Values: true}, func(l *executor.Line) {
		if l.End == nil {
			if err := sums[l.Query].Add(l.Columns); err != nil { // each is so small that it has one piece
				t.Error(err)
			}
		}
	})
	for i, sum := range sums {
		got, err := sum.Describe()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[i].Values, got); diff != "" {
			t.Errorf("%s: %s", asked.Queries[i].Typed.Canonical, diff)
		}
	}
}
