package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/segq/segq/redisx/record"
)

// recordV0 is the record as commit 726a6e9 reads it (cmd/segq/record.go there).
type recordV0 struct {
	ID        string       `json:"id"`
	Index     int          `json:"index"`
	Name      string       `json:"name"`
	Query     string       `json:"query"`
	Status    string       `json:"status"`
	Count     *int         `json:"count"`
	Total     *int         `json:"total"`
	Exact     bool         `json:"exact"`
	ElapsedMS float64      `json:"elapsed_ms"`
	Snapshot  string       `json:"snapshot"`
	Now       time.Time    `json:"now"`
	Cached    bool         `json:"cached"`
	Sample    []string     `json:"sample,omitempty"`
	Values    *valuesV0    `json:"values,omitempty"`
	Breakdown *breakdownV0 `json:"breakdown,omitempty"`
	Funnel    []clauseV0   `json:"funnel,omitempty"`
	Lift      []liftV0     `json:"lift,omitempty"`
	Rules     []ruleV0     `json:"rules,omitempty"`
	Overlap   *overlapV0   `json:"overlap,omitempty"`
	Export    *exportV0    `json:"export,omitempty"`
	Warnings  []string     `json:"warnings,omitempty"`
	Error     *errorV0     `json:"error,omitempty"`
}

// valuesV0 had no names for JSON: theirs are those of the fields, in any case.
type valuesV0 struct {
	Present                int
	Numeric                bool
	Min, Average, Max, Sum float64
	Top                    []struct {
		Value string
		Count int
	}
	Distinct int
	Sizes    bool
	Examples []string
}

type breakdownV0 struct {
	By     string `json:"by"`
	Values []struct {
		Value string `json:"value"`
		Count int    `json:"count"`
	} `json:"values"`
	Without int `json:"without"`
}

type clauseV0 struct {
	Clause     string `json:"clause"`
	Alone      int    `json:"alone"`
	Cumulative int    `json:"cumulative"`
	Without    int    `json:"without"`
}

type liftV0 struct {
	Value string  `json:"value"`
	Count int     `json:"count"`
	All   int     `json:"all"`
	Share float64 `json:"share"`
	Base  float64 `json:"base"`
	Index float64 `json:"index"`
	P     float64 `json:"p"`
}

type overlapV0 struct {
	Both    [][]int     `json:"both"`
	Jaccard [][]float64 `json:"jaccard"`
	Only    []int       `json:"only"`
	All     int         `json:"all"`
	Any     int         `json:"any"`
}

type exportV0 struct {
	To      string `json:"to"`
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	Bits    uint64 `json:"bits,omitempty"`
	Hashes  int    `json:"hashes,omitempty"`
	File    string `json:"file,omitempty"`
	Bytes   int64  `json:"bytes,omitempty"`
}

type ruleV0 struct {
	Name      string    `json:"name,omitempty"`
	Status    string    `json:"status"`
	Count     *int      `json:"count"`
	ElapsedMS float64   `json:"elapsed_ms"`
	Sample    []string  `json:"sample,omitempty"`
	Values    *valuesV0 `json:"values,omitempty"`
	Warnings  []string  `json:"warnings,omitempty"`
	Error     *errorV0  `json:"error,omitempty"`
}

type errorV0 struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Hint    string `json:"hint,omitempty"`
}

// readByThem reads what workers of today have answered to the commands of a version as a
// client of version 0 does, and compares it with what that has read so far.
func readByThem(t *testing.T, version int, all []exchange, results [][]byte) {
	t.Helper()
	for i, e := range all {
		theirs, ours := readV0(t, e.Result), readV0(t, results[i])
		if version == 0 { // see unknownToVersion0
			theirs.withoutUnasked()
			ours.withoutUnasked()
		}
		theirs.withoutLater()
		ours.withoutLater()
		if diff := cmp.Diff(theirs, ours); diff != "" {
			t.Errorf("version %d, job %d, read by version 0 (-a worker of version %d +of today)\n%s", version, i, version, diff)
		}
	}
}

// withoutLater is withoutLaterParts as version 0 reads them.
func (r *recordV0) withoutLater() {
	r.Lift = slices.DeleteFunc(r.Lift, func(l liftV0) bool { return l.Value == "" })
	slices.SortFunc(r.Lift, func(a, b liftV0) int { return strings.Compare(a.Value, b.Value) })
	for i := range r.Lift {
		r.Lift[i].P = 0
	}
}

// TestValuesOfVersion0: clients of either version read the values that workers of the other
// give, where both describe the same profiles: those for which the query holds.
func TestValuesOfVersion0(t *testing.T) {
	t.Parallel()
	today := map[string]json.RawMessage{}
	for _, e := range readExchanges(t, "version1.ndjson") {
		if c := e.command(t); c.Values {
			today[c.Query] = e.Result
		}
	}
	compared := 0
	for _, e := range readExchanges(t, "version0.ndjson") {
		old, result := readV0(t, e.Result), today[e.command(t).Query]
		if result == nil || old.Values.Present != *old.Count {
			continue
		}
		compared++
		if diff := cmp.Diff(old.Values, readV0(t, result).Values); diff != "" {
			t.Errorf("%s, read by version 0 (-then +today)\n%s", old.Query, diff)
		}
		then, err := record.Decode(e.Result)
		if err != nil {
			t.Fatal(err)
		}
		now, err := record.Decode(result)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(then.Values, now.Values); diff != "" || now.Values == nil {
			t.Errorf("%s, read today (-then +today)\n%s", old.Query, diff)
		}
	}
	if compared < 2 {
		t.Errorf("only %d values compared", compared)
	}
}

// readV0 reads a record, and takes out of it what is another in each run.
func readV0(t *testing.T, data []byte) (r recordV0) {
	t.Helper()
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatalf("version 0 cannot read %s: %v", data, err)
	}
	r.ElapsedMS = 0
	if !r.Now.Equal(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) {
		r.Now = time.Time{}
	}
	if r.Export != nil {
		r.Export.Version = ""
	}
	for i := range r.Rules {
		r.Rules[i].ElapsedMS = 0
	}
	return r
}

// withoutUnasked leaves out values, which are given where they are asked for, and warnings,
// which say more than they did.
func (r *recordV0) withoutUnasked() {
	if r.Lift != nil || r.Overlap != nil {
		r.Count, r.Total = nil, nil
	}
	r.Values, r.Warnings = nil, nil
	for i := range r.Rules {
		r.Rules[i].Values, r.Rules[i].Warnings = nil, nil
	}
}
