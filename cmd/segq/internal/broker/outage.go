package broker

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/segq/segq/redisx"
)

const (
	// outage is how long who waits for jobs goes on to ask when Redis cannot be reached: they go on meanwhile.
	outage = 30 * time.Second
	// outagePause is how long there is between two attempts.
	outagePause = 250 * time.Millisecond
)

// Status is that of the client, asked for again as long as an outage may last.
func Status(ctx context.Context, c *redisx.Client, ids []string) ([]redisx.Job, error) {
	for began := time.Now(); ; {
		jobs, err := c.Status(ctx, ids...)
		switch {
		case err == nil || ctx.Err() != nil:
			return jobs, err
		case refused(err) || time.Since(began) > outage:
			more := ""
			if len(ids) > 1 {
				more = " …"
			}
			return nil, fmt.Errorf("%w; the jobs go on: segq results %s%s prints their answers", err, ids[0], more)
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(outagePause):
		}
	}
}

// refused says whether Redis answers, and lets this user do nothing.
func refused(err error) bool {
	text := err.Error()
	return strings.Contains(text, "NOPERM") || strings.Contains(text, "WRONGPASS") || strings.Contains(text, "NOAUTH") ||
		strings.Contains(text, "user executing the script can't")
}
