package exec

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/segq/segq/lang/check"
)

// Operation is a question that takes several queries to answer, such as a funnel. It has
// its share of the processors and its progress as one query would.
type Operation struct {
	// ID is how the Sink knows it.
	ID string
	// Now, Class, Tenant and Sink are those of its [Batch].
	Now    time.Time
	Class  Class
	Tenant string
	Sink   Sink
}

// run runs queries as one batch, of which each must have an answer. main is the index of
// the one whose matches are those of the operation, -1 for none.
func (o Operation) run(ctx context.Context, r Runner, queries []Query, main int) ([]Result, error) {
	b := Batch{Queries: queries, Now: o.Now, Class: o.Class, Tenant: o.Tenant}
	matched := ""
	for i := range b.Queries {
		b.Queries[i].ID = strconv.Itoa(i)
		if i == main {
			matched = b.Queries[i].ID
		}
	}
	if o.Sink != nil {
		b.Sink = AsOne(o.Sink, o.ID, len(queries), matched)
	}
	results, err := r.Run(ctx, b)
	if err != nil {
		return nil, err
	}
	for _, one := range results {
		if one.Err != nil {
			return nil, one.Err
		}
	}
	return results, nil
}

// AsOne returns a sink for n queries that tells to of them as of one query with the given
// id: it has seen of a partition what each of them has, and is done with it when all are. Most go
// through it together, but some may wait for columns, or for their turn, when others are through.
// What matched is what matches the query matched, as a share of what it has seen where it is ahead;
// with "" it is told as 0.
func AsOne(to Sink, id string, n int, matched string) Sink {
	return &asOne{to: to, id: id, queries: n, matched: matched}
}

type asOne struct {
	to      Sink
	id      string
	queries int
	matched string

	mu    sync.Mutex // guards what follows
	parts []together // by partition; nil before the start
}

// together is how far the queries are in a partition.
type together struct {
	rows  map[string]int // that each has seen
	least int            // of these
	last  int            // queries that have seen no more than that
	left  int            // queries that are not through it
	count int            // what the query matched has matched
}

// Start tells the partitions once for all.
func (s *asOne) Start(_ string, partitions []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.parts) == len(partitions) && s.parts != nil { // others mean that it begins again, cut in another way
		return
	}
	s.parts = make([]together, len(partitions))
	for i := range s.parts {
		s.parts[i] = together{rows: make(map[string]int, s.queries), last: s.queries, left: s.queries}
	}
	s.to.Start(s.id, partitions)
}

// Load passes on how far the loading is.
func (s *asOne) Load(_ string, l Loading) { s.to.Load(s.id, l) }

// Progress passes on how far the queries are.
func (s *asOne) Progress(query string, partition int, p Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &s.parts[partition]
	if p.Done {
		t.left--
	}
	if query == s.matched {
		t.count = p.Matched
	}
	t.see(query, p.Rows)
	s.to.Progress(s.id, partition, Progress{Rows: t.least, Matched: t.found(s.matched), Done: t.left == 0})
}

// see takes in how many rows a query has seen. Of many queries only the last one of each step is looked for among all.
func (t *together) see(query string, rows int) {
	before := t.rows[query]
	if t.rows[query] = rows; before == t.least {
		t.last--
	}
	switch {
	case rows < t.least: // it has begun again
		t.least, t.last = rows, 1
	case rows == t.least:
		t.last++
	}
	if t.last > 0 {
		return
	}
	t.least = slices.Min(slices.Collect(maps.Values(t.rows)))
	for _, n := range t.rows {
		if n == t.least {
			t.last++
		}
	}
}

// found is how many of the rows that all have seen match a query.
func (t *together) found(query string) int {
	if rows := t.rows[query]; rows > t.least {
		return int(int64(t.count) * int64(t.least) / int64(rows))
	}
	return t.count
}

// joined returns the query that joins conditions, which have slots in common.
func joined(op check.Op, slots int, conds []check.Node) *check.Query {
	cond := check.Node(&check.Call{Info: check.Info{T: check.BoolType}, Op: op, Args: conds})
	switch len(conds) {
	case 0:
		cond = &check.Const{Info: check.Info{T: check.BoolType}, V: op == check.And}
	case 1:
		cond = conds[0]
	}
	return &check.Query{Root: cond, Cond: cond, Slots: slots}
}
