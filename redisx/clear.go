package redisx

import (
	"context"
	"fmt"
	"strings"
)

// Clear takes away what is in a namespace in which nobody works any more, as that of a
// session at its end: jobs are cancelled and forgotten with their results, and so is what
// was counted. Published segments stay. What is left beside these goes by itself.
func (c *Client) Clear(ctx context.Context) error {
	open, err := c.control.SMembers(ctx, c.keys.prefix+"open").Result()
	if err != nil {
		return fmt.Errorf("cannot clear %s: %w", c.keys.prefix, err)
	}
	for _, id := range open {
		// One that shares a run takes the place of the one that is cancelled before it.
		if _, err := c.cancel(ctx, id, 0); err != nil {
			return fmt.Errorf("cannot clear %s: %w", c.keys.prefix, err)
		}
	}
	for more := int64(1); more > 0; {
		out, err := c.run(ctx, c.control, scriptReap, maxCrashes, silent.Milliseconds(), 0, 0, 0, 0).Int64Slice()
		if err != nil || len(out) < 2 {
			return fmt.Errorf("cannot clear %s: %w", c.keys.prefix, err)
		}
		more = out[1]
	}
	var names []string
	for _, name := range staying {
		if !strings.HasSuffix(name, ":") && name != "segs" {
			names = append(names, c.keys.prefix+name)
		}
	}
	for _, class := range Classes {
		names = append(names, c.keys.prefix+"ring:"+class)
	}
	return c.bulk.Unlink(ctx, names...).Err()
}
