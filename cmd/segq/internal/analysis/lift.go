package analysis

import (
	"context"
	"fmt"
	"strings"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

func lift(ctx context.Context, r exec.Runner, o exec.Operation, s Spec, schema *column.Snapshot, a Audience, out *record.Record) error {
	by, err := s.fields(schema)
	if err != nil {
		return err
	}
	names, paths := map[string]string{}, make([][]string, len(by))
	for i, f := range by {
		paths[i] = f.path
		names[strings.Join(f.path, ".")] = f.name
	}
	found, err := exec.LiftOf(ctx, r, o, a.Typed, paths)
	if err != nil {
		return err
	}
	out.Count, out.Compared = &found.Count, found.Compared
	values := found.Values
	if s.Top > 0 && len(values) > s.Top {
		values = values[:s.Top]
		out.Truncated = append(out.Truncated, "lift")
	}
	for _, l := range values {
		out.Lift = append(out.Lift, record.Lift{
			Field: names[strings.Join(l.Field, ".")], Value: l.Value, Null: l.Null, Count: l.Count, All: l.All,
			Share: l.Share, Base: l.Base, Index: l.Index, Low: l.Low, High: l.High, P: l.P, Corrected: l.Corrected, Small: l.Small,
		})
	}
	if len(found.LeftOut) > 0 {
		left := make([]string, len(found.LeftOut))
		for i, path := range found.LeftOut {
			left[i] = names[strings.Join(path, ".")]
		}
		out.Notes = append(out.Notes, record.Note{Text: fmt.Sprintf("left out, with more than %s values: %s", show.Count(exec.LiftValues), strings.Join(left, ", "))})
	}
	return nil
}

// every returns all fields by which an audience can be compared.
func every(schema *column.Snapshot) (all []field) {
	for _, path := range exec.LiftFields(schema.Schema, schema.ID) {
		all = append(all, field{strings.Join(path, "."), path})
	}
	return all
}
