package exectest_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/qualify"
	"github.com/segq/segq/lang/check"
)

// alone is an engine that is sent the profiles of a table as JSON, one after another.
type alone struct{}

func (alone) Match(snap *column.Snapshot, q *check.Query, now time.Time) ([]string, error) {
	in, err := each(snap, []*check.Query{q}, now)
	if err != nil {
		return nil, err
	}
	return in[0], nil
}

// each returns which profiles are in each of some rules, which are asked of each profile together.
func each(snap *column.Snapshot, queries []*check.Query, now time.Time) ([][]string, error) {
	f := qualify.Fields{}
	if snap.ID != nil {
		f.ID = snap.ID.Name
	}
	q, err := qualify.New(context.Background(), queries, snap.Schema, f, nil)
	if err != nil {
		return nil, err
	}
	in := make([][]string, len(queries))
	for row := range snap.Rows() {
		id := strconv.Itoa(row)
		if snap.ID != nil && !snap.Root.Fields[snap.ID.Index].Null(row) {
			id = fmt.Sprint(column.Value(snap.Root.Fields[snap.ID.Index], row, snap.ID.Type))
		}
		// The profile before was asked at another moment.
		if err := q.Turn(context.Background(), []byte(`{}`), now.Add(-time.Hour)); err != nil {
			return nil, err
		}
		if _, err := q.In(row % len(queries)); err != nil {
			return nil, err
		}
		if err := q.Turn(context.Background(), column.AppendJSON(nil, snap.Root, row, snap.Schema), now); err != nil {
			return nil, err
		}
		for i := range queries {
			is, err := q.In(i)
			if err != nil {
				return nil, err
			}
			if is {
				in[i] = append(in[i], id)
			}
		}
	}
	return in, nil
}

func TestScriptsProfileByProfile(t *testing.T) { exectest.Run(t, "testdata", alone{}) }

// TestProfilesAgreeWithTheReference asks drawn queries together.
func TestProfilesAgreeWithTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		snap := profiles(t)
		var texts []string
		var queries []*check.Query
		for range 12 {
			texts = append(texts, conditions(t, 3))
			queries = append(queries, compile(t, snap, texts[len(texts)-1]))
		}
		in, err := each(snap, queries, lawNow)
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range texts {
			if want := matched(t, snap, text); !slices.Equal(in[i], want) {
				t.Errorf("%s\nfinds %v, the reference %v", text, in[i], want)
			}
		}
	})
}
