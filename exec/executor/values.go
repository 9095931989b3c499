package executor

import (
	"compress/gzip"
	"context"
	"strconv"

	"github.com/segq/segq/exec"
)

// takeValues gives what was gathered of the values of each query, in pieces: see exec.Query.Tallied.
func (t *task) takeValues(ctx context.Context, o *opened, to *lines) error {
	b := exec.Batch{Now: t.batch.Now}
	for i, q := range o.queries {
		b.Queries = append(b.Queries, exec.Query{ID: strconv.Itoa(i), Typed: q, Values: true, Tallied: true})
	}
	results, err := o.engine.Run(ctx, b)
	if err != nil {
		return err
	}
	for i, r := range results {
		if err := fatal(ctx, r.Err); err != nil {
			return err
		}
		if r.Err != nil {
			if err := to.line(&Line{Query: i, Error: r.Err.Error()}, ""); err != nil {
				return err
			}
			continue
		}
		for rest := r.Tally; len(rest) > 0; {
			piece := rest[:min(len(rest), mostInLine)]
			rest = rest[len(piece):]
			to.given++
			if err := to.line(&Line{Query: i, Rows: 1}, pressed(piece, gzip.BestSpeed)); err != nil {
				return err
			}
		}
	}
	return nil
}
