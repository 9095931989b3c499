package backend

import (
	"context"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/analysis"
	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
)

// command returns the command that asks a query of the session through the queue, with the queries that have names.
func (b *backend) command(q repl.Query, defined map[string]string) redisx.Command {
	if q.Asks == nil {
		return b.commandOf(q, b.options, defined)
	}
	op, o := q.Asks, b.options
	o.Analysis = analysis.Of(redisx.Command{Op: op.Op, By: op.By, Top: op.Top})
	o.Rows = redisx.Columns{IDs: op.IDs, Select: op.Select, Limit: op.Limit} // of rows, and of an export to a file
	o.Sample, o.Values = op.Sample, false
	if o.Analysis.Joint() || op.Op == repl.Diff && len(op.Others) > 0 {
		each := []redisx.Command{b.commandOf(q, o, defined)}
		for _, other := range op.Others {
			each = append(each, b.commandOf(other, o, defined))
		}
		c := ask.AsJoint(each, o.Analysis)
		c.Op = op.Op
		return c
	}
	c := b.commandOf(q, o, defined)
	if op.Op != "" {
		c.Op = op.Op
	}
	c.Profile, c.To = op.Profile, op.To
	if op.Into != "" {
		c.Name = op.Into
	}
	if op.Op == repl.Save || op.Op == repl.Diff {
		return b.asKept(c, q)
	}
	return c
}

// commandOf returns the command that asks one query as options say.
func (b *backend) commandOf(q repl.Query, o ask.Options, defined map[string]string) redisx.Command {
	below := b.below(q.Text, defined)
	c := o.CommandOf(q.Text, q.Name, rules.Texts(below), o.Now)
	c.SegmentVersions, c.Params = rules.Versions(below), b.params.all()
	c.Values = c.Values || q.Values
	return c
}

// withHint is why a job has failed, and below it what to write in its place, if its record has that.
func (b *backend) withHint(ctx context.Context, j redisx.Job) string {
	if j.State != redisx.Failed || j.Error == "" {
		return j.Error
	}
	data, err := b.Client.Result(ctx, j)
	if err != nil || len(data) == 0 {
		return j.Error
	}
	r, err := answer.Of(j, data)
	if err != nil || r.Error == nil || r.Error.Hint == "" || r.Error.Code == record.Internal {
		return j.Error
	}
	return strings.TrimRight(j.Error, "\n") + "\nhint: " + b.masked(&j.Command, r).Error.Hint // which may name ids
}
