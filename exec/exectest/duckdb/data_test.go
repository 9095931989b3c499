package duckdb_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"
)

// now is what now means to all queries.
var now = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// columns is the schema as DuckDB reads it. segq finds it by itself.
const columns = `{
	_id: 'VARCHAR', n: 'BIGINT', m: 'BIGINT', f: 'DOUBLE', s: 'VARCHAR', u: 'VARCHAR', b: 'BOOLEAN', t: 'TIMESTAMP',
	o: 'STRUCT(c VARCHAR, k BIGINT)', tags: 'VARCHAR[]', nums: 'BIGINT[]',
	xEvent: 'STRUCT("timestamp" TIMESTAMP, kind VARCHAR, v DOUBLE, q BIGINT, items STRUCT(sku VARCHAR, p BIGINT)[])[]'
}`

type object = map[string]any

// profile makes a row. Any field may be missing, any list empty or missing.
func profile(r *rand.Rand, i int) object {
	p := object{"_id": fmt.Sprintf("p%04d", i)}
	some := func(name string, make func() any) {
		if r.IntN(5) > 0 {
			p[name] = make()
		}
	}
	some("n", func() any { return r.IntN(11) - 3 })
	some("m", func() any { return r.IntN(6) })
	some("f", func() any { return float64(r.IntN(40)) / 4 })
	some("s", func() any { return word(r) })
	some("u", func() any { return word(r) })
	some("b", func() any { return r.IntN(2) == 0 })
	some("t", func() any { return moment(r) })
	some("o", func() any {
		o := object{}
		if r.IntN(4) > 0 {
			o["c"] = word(r)
		}
		if r.IntN(4) > 0 {
			o["k"] = r.IntN(5)
		}
		return o
	})
	some("tags", func() any { return list(r, 4, func() any { return word(r) }) })
	some("nums", func() any { return list(r, 4, func() any { return r.IntN(7) }) })
	some("xEvent", func() any { return list(r, 6, func() any { return event(r) }) })
	return p
}

func event(r *rand.Rand) any {
	e := object{"timestamp": moment(r)}
	if r.IntN(6) > 0 {
		e["kind"] = kinds[r.IntN(len(kinds))]
	}
	if r.IntN(4) > 0 {
		e["v"] = float64(r.IntN(60)) / 4
	}
	if r.IntN(4) > 0 {
		e["q"] = r.IntN(5)
	}
	if r.IntN(4) > 0 {
		e["items"] = list(r, 3, func() any {
			i := object{}
			if r.IntN(5) > 0 {
				i["sku"] = kinds[r.IntN(len(kinds))]
			}
			if r.IntN(5) > 0 {
				i["p"] = r.IntN(8)
			}
			return i
		})
	}
	return e
}

var kinds = []string{"buy", "view", "add"}

// words are short, alike, and differ in case.
var words = []string{"", "a", "A", "ab", "Ab", "abc", "b", "ba", "BA", "c%", "a_c", "ca"}

func word(r *rand.Rand) string { return words[r.IntN(len(words))] }

// moment returns a time around now: often close to it, sometimes on a midnight or on
// the last day of a month.
func moment(r *rand.Rand) string {
	at := now.Add(-time.Duration(r.IntN(24*60)) * time.Hour)
	switch r.IntN(5) {
	case 0:
		at = now.Add(time.Duration(r.IntN(240)-200) * time.Hour)
	case 1:
		at = at.Truncate(24 * time.Hour)
	case 2:
		at = time.Date(2026-r.IntN(3), time.Month(1+r.IntN(12)), 0, r.IntN(24), 0, 0, 0, time.UTC)
	}
	return at.Format("2006-01-02T15:04:05")
}

func list(r *rand.Rand, most int, item func() any) []any {
	out := make([]any, r.IntN(most+1))
	for i := range out {
		out[i] = item()
	}
	return out
}

// ndjson returns n profiles, a line each.
func ndjson(seed uint64, n int) ([]byte, error) {
	r := rand.New(rand.NewPCG(seed, 1))
	var out []byte
	for i := range n {
		line, err := json.Marshal(profile(r, i))
		if err != nil {
			return nil, err
		}
		out = append(append(out, line...), '\n')
	}
	return out, nil
}
