package redisx

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

// staying are the keys that have no TTL, by what their names begin with. Those
// that end in a colon go when they are empty; keys.go says why each stays.
var staying = []string{
	"in", "in:bad", "tally", "in:proc:", "bell", "seq", "vt", "epoch", "segs", "seg:", "kept:", "size", "recent", "ended", "dead", "ev", "w",
	"ring", "ring:", "held", "q:", "flw:", "delay", "suspect", "lease", "run:", "open", "due",
}

// Audit looks through a whole namespace for what should not be, and gives a line
// for each finding: a key that would stay for ever, a job that has not ended and is
// nowhere, or that is in two places. It reads one job after another: while jobs
// move it finds things that are not so. It is for tests and for operators in
// doubt; it reads every key.
func (c *Client) Audit(ctx context.Context) ([]string, error) {
	names, err := c.scan(ctx)
	if err != nil {
		return nil, err
	}
	found, names, err := c.auditLookups(ctx, names)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		findings, err := c.auditKey(ctx, name)
		if err != nil {
			return nil, err
		}
		found = append(found, findings...)
	}
	slices.Sort(found)
	return found, nil
}

// auditLookups finds the keys of lookups that would stay, of which there may be millions, and returns the others.
func (c *Client) auditLookups(ctx context.Context, names []string) (found, others []string, err error) {
	var lookups []string
	for _, name := range names {
		if strings.HasPrefix(name, "lookup:") {
			lookups = append(lookups, name)
		} else {
			others = append(others, name)
		}
	}
	for part := range slices.Chunk(lookups, 512) {
		p := c.control.Pipeline()
		for _, name := range part {
			p.PTTL(ctx, c.keys.prefix+name)
		}
		commands, err := p.Exec(ctx)
		if err != nil {
			return nil, nil, err
		}
		for i, cmd := range commands {
			if cmd.(*redis.DurationCmd).Val() == -1 {
				found = append(found, part[i]+" has no TTL")
			}
		}
	}
	return found, others, nil
}

// scan returns the names of all keys of the namespace, without its prefix.
func (c *Client) scan(ctx context.Context) ([]string, error) {
	var names []string
	seen := map[string]bool{} // a scan may give a key twice
	keys := c.control.Scan(ctx, 0, c.keys.prefix+"*", 1000).Iterator()
	for keys.Next(ctx) {
		name := strings.TrimPrefix(keys.Val(), c.keys.prefix)
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names, keys.Err()
}

// auditKey finds what is wrong with one key.
func (c *Client) auditKey(ctx context.Context, name string) ([]string, error) {
	left, err := c.control.PTTL(ctx, c.keys.prefix+name).Result()
	if err != nil {
		return nil, err
	}
	id, isJob := strings.CutPrefix(name, "job:")
	if isJob && !strings.Contains(id, ":") {
		return c.auditJob(ctx, id, left > 0)
	}
	stays := slices.ContainsFunc(staying, func(s string) bool {
		return s == name || strings.HasSuffix(s, ":") && strings.HasPrefix(name, s)
	})
	if left == -1 && !stays {
		return []string{name + " has no TTL"}, nil
	}
	return nil, nil
}

// auditJob finds what is wrong with a job: it should be where its state says, and
// nowhere else, and should go by itself when it has ended and only then.
func (c *Client) auditJob(ctx context.Context, id string, goes bool) ([]string, error) {
	f, err := c.control.HMGet(ctx, c.keys.prefix+"job:"+id, "state", "class", "tenant", "leader").Result()
	if err != nil {
		return nil, err
	}
	state, _ := f[0].(string)
	if state == "" {
		return nil, nil // it has gone meanwhile
	}
	p := c.control.Pipeline()
	places := map[State]*redis.FloatCmd{
		Queued:  p.ZScore(ctx, fmt.Sprintf("%sq:%v:%v", c.keys.prefix, f[1], f[2]), id),
		Delayed: p.ZScore(ctx, c.keys.prefix+"delay", id),
		Suspect: p.ZScore(ctx, c.keys.prefix+"suspect", id),
		Running: p.ZScore(ctx, c.keys.lease(), id),
	}
	following := p.SIsMember(ctx, fmt.Sprintf("%sflw:%v", c.keys.prefix, f[3]), id)
	running := p.SIsMember(ctx, fmt.Sprintf("%srun:%v", c.keys.prefix, f[2]), id)
	open := p.SIsMember(ctx, c.keys.prefix+"open", id)
	due := p.ZScore(ctx, c.keys.prefix+"due", id)
	if _, err := p.Exec(ctx); err != nil && !isNil(err) {
		return nil, err
	}
	var found []string
	for where, score := range places {
		if there := score.Err() == nil; there != (where == State(state)) {
			found = append(found, fmt.Sprintf("job %s is %s, and among the %s: %t", id, state, where, there))
		}
	}
	if following.Val() != (state == "following") {
		found = append(found, fmt.Sprintf("job %s is %s, and among the followers of %v: %t", id, state, f[3], following.Val()))
	}
	final := state != "following" && State(state).Final()
	switch {
	case running.Val() != (State(state) == Running):
		found = append(found, fmt.Sprintf("job %s is %s, and counted as running: %t", id, state, running.Val()))
	case open.Val() == final:
		found = append(found, fmt.Sprintf("job %s is %s, and counted as open: %t", id, state, open.Val()))
	case final && due.Err() == nil:
		found = append(found, fmt.Sprintf("job %s is %s, and has a deadline to come", id, state))
	case goes != final:
		found = append(found, fmt.Sprintf("job %s is %s, and has a TTL: %t", id, state, goes))
	}
	return found, nil
}
