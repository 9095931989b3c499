package backend

import (
	"cmp"
	"context"
	"time"

	"github.com/segq/segq/repl"
)

// Everyone lists the open jobs of the session's tenant.
func (b *backend) Everyone(ctx context.Context, n int) (repl.Everyone, error) {
	tenant := cmp.Or(b.options.Tenant, "default")
	o, err := b.Client.OpenOf(ctx, tenant, n)
	if err != nil {
		return repl.Everyone{}, b.reached(err)
	}
	out := repl.Everyone{Tenant: tenant, Running: o.Running, Waiting: o.Waiting}
	now := time.Now()
	for _, j := range o.Jobs {
		shared := repl.SharedJob{
			Job: progressOf(j), Name: j.Command.Named(), Op: j.Command.Op, Text: j.Command.Text(), Class: j.Class,
		}
		if !j.Created.IsZero() {
			shared.For = max(now.Sub(j.Created), 0)
		}
		out.Jobs = append(out.Jobs, shared)
	}
	return out, nil
}
