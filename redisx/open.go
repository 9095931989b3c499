package redisx

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

var scriptOpen = script("open")

// OpenJobs are jobs that have not ended.
type OpenJobs struct {
	// Running and Waiting are how many run and how many wait in the queues, followers of others left out.
	Running, Waiting int64
	// Jobs are the first of them: those that run, the longest first, those that were set aside, and those that wait.
	Jobs []Job
}

// OpenOf reads the jobs of a tenant that have not ended, at most n, in two round trips.
func (c *Client) OpenOf(ctx context.Context, tenant string, n int) (OpenJobs, error) {
	if err := validName("tenant", tenant); err != nil {
		return OpenJobs{}, err
	}
	reply, err := c.run(ctx, c.control, scriptOpen, tenant, n).Slice()
	if err != nil {
		return OpenJobs{}, fmt.Errorf("cannot read the jobs of tenant %s: %w", tenant, err)
	}
	if len(reply) < 2 {
		return OpenJobs{}, errors.New("redis returned no jobs")
	}
	var o OpenJobs
	o.Running, _ = reply[0].(int64)
	o.Waiting, _ = reply[1].(int64)
	ids, ok := texts(reply[2:])
	if !ok {
		return OpenJobs{}, errors.New("redis returned no jobs")
	}
	jobs, err := c.Status(ctx, ids...)
	if err != nil {
		return OpenJobs{}, err
	}
	o.Jobs = slices.DeleteFunc(jobs, func(j Job) bool { return j.State.Final() }) // they have ended meanwhile
	return o, nil
}
