package backend

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/segq/segq/redisx"
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
			Job: progressOf(j), Name: j.Command.Name, Op: j.Command.Op, Text: textOf(&j.Command), Class: j.Class, Worker: j.Owner,
		}
		if !j.Created.IsZero() {
			shared.For = max(now.Sub(j.Created), 0)
		}
		out.Jobs = append(out.Jobs, shared)
	}
	return out, nil
}

// textOf is what a command asks.
func textOf(c *redisx.Command) string {
	switch {
	case c.Query != "":
		return c.Query
	case c.Set != "":
		return "the rules " + c.Set
	case c.Op == "rules" || c.Op == "memberships":
		return fmt.Sprintf("%d rules", len(c.Queries))
	}
	return strings.Join(c.Queries, "; ")
}
