// Package plans says how queries run over a dataset, and which times they accept: for segq explain, and for the session.
package plans

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/lang/check"
)

// Sample is about how many rows the figures of a plan are taken from, where they are not taken from all.
const Sample = 64 << 10

// Of says how queries run together, over columns that are loaded for it; its figures are from so many rows, 0 for all.
func Of(ctx context.Context, d *dataset.Dataset, queries []*check.Query, now time.Time, rows int) (string, error) {
	reads := &check.Reads{}
	for _, q := range queries {
		reads.Add(check.ReadsOf(q.Cond))
	}
	if err := d.Load(ctx, reads); err != nil {
		return "", err
	}
	p, err := plan.New(ctx, queries, d.Engine.Snapshot(), now)
	if err != nil {
		return "", d.Why(err)
	}
	x, err := p.Measure(ctx, rows)
	if err != nil {
		return "", d.Why(err)
	}
	tier, _ := kernel.Tier()
	return fmt.Sprintf("plan, with the kernels %s: %s", tier, x), nil
}

// Window is a test of a time in a query: its text, and the instants that it accepts.
type Window struct{ Text, Accepts string }

// Windows returns the tests of times in a query, in their order. Those of a segment stand in another text.
func Windows(q *check.Query, text string, now time.Time) []Window {
	var all []Window
	for _, o := range occurs(q.Root) {
		at := o.Span()
		all = append(all, Window{strings.Join(strings.Fields(text[at.Start:at.End]), " "), accepts(&o.Window, now)})
	}
	return all
}

// occurs returns the occurs tests below n.
func occurs(n check.Node) []*check.Occurs {
	var all []*check.Occurs
	if _, ok := n.(*check.Segment); ok {
		return nil
	}
	if o, ok := n.(*check.Occurs); ok {
		all = append(all, o)
	}
	for c := range check.Children(n) {
		all = append(all, occurs(c)...)
	}
	return all
}

// accepts says which instants a window accepts: from the first that it does to the first that it does not.
func accepts(w *check.Window, now time.Time) string {
	accepted, ok := w.Resolve(now.UnixMilli())
	switch {
	case !ok:
		return "depends on the profile"
	case len(accepted) == 0:
		return "never"
	}
	parts := make([]string, len(accepted))
	for i, s := range accepted {
		from, to := "from "+instant(s.Start), " to before "+instant(s.End)
		if s.Start == check.Earliest {
			from, to = "", strings.TrimPrefix(to, " to ")
		}
		if s.End == check.Latest {
			to = " on"
		}
		if s.Start == check.Earliest && s.End == check.Latest {
			to = "always"
		}
		parts[i] = from + to
	}
	return strings.Join(parts, ", and ")
}

func instant(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z") }
