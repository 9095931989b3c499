package redisx

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Finding is what [Client.Examine] says about one thing.
type Finding struct {
	// Check names the thing: version, persistence, eviction, rights, clock, latency,
	// workers or keys.
	Check string `json:"check"`
	// OK says that all is well. Otherwise Advice says what to change.
	OK     bool   `json:"ok"`
	Found  string `json:"found"`
	Advice string `json:"advice,omitempty"`
}

// What is still well.
const (
	leastVersion = 7
	mostSkew     = 2 * time.Second
	mostLatency  = 5 * time.Millisecond
	pings        = 50
)

// Examine looks at the server and at the namespace, and gives a finding for each
// thing. The error is that of a server that cannot be reached at all; what it does
// not let this user see is a finding. It reads every key of the namespace.
func (c *Client) Examine(ctx context.Context) ([]Finding, error) {
	if err := c.control.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	info := c.info(ctx)
	return []Finding{
		version(info), persistence(info), eviction(info),
		c.rights(ctx), c.clock(ctx), c.latency(ctx), c.workersSeen(ctx), c.keysSeen(ctx),
	}, nil
}

// info returns the fields of INFO, none when this user may not ask.
func (c *Client) info(ctx context.Context) map[string]string {
	fields := map[string]string{}
	for _, section := range []string{"server", "persistence", "memory"} {
		text, err := c.control.Info(ctx, section).Result()
		if err != nil {
			return nil
		}
		for line := range strings.Lines(text) {
			if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
				fields[name] = value
			}
		}
	}
	return fields
}

// unknown is the finding for what this user may not see.
func unknown(check string) Finding {
	return Finding{Check: check, OK: true, Found: "not known: this user may not call INFO"}
}

func version(info map[string]string) Finding {
	f := Finding{Check: "version", Found: info["redis_version"]}
	major, _, _ := strings.Cut(f.Found, ".")
	n, err := strconv.Atoi(major)
	if err != nil {
		return unknown(f.Check)
	}
	if f.OK = n >= leastVersion; !f.OK {
		f.Advice = fmt.Sprintf("use version %d.0 or later", leastVersion)
	}
	return f
}

func persistence(info map[string]string) Finding {
	if info["aof_enabled"] == "" {
		return unknown("persistence")
	}
	f := Finding{Check: "persistence", OK: info["aof_enabled"] == "1", Found: "append-only file on"}
	if !f.OK {
		f.Found = "append-only file off"
		f.Advice = "a crash loses what is newer than the last snapshot: start the server with --appendonly yes"
	}
	if status := info["aof_last_write_status"]; f.OK && status != "" && status != "ok" {
		f.OK, f.Found, f.Advice = false, "the last write of the append-only file: "+status, "look at the server's log and its disk"
	}
	return f
}

func eviction(info map[string]string) Finding {
	policy := info["maxmemory_policy"]
	if policy == "" {
		return unknown("eviction")
	}
	limit := "no limit"
	if n, _ := strconv.ParseInt(info["maxmemory"], 10, 64); n > 0 {
		limit = fmt.Sprintf("%d MB", n>>20)
	}
	f := Finding{Check: "eviction", OK: !strings.HasPrefix(policy, "allkeys-"), Found: policy + ", " + limit}
	if !f.OK {
		f.Advice = "waiting jobs may be evicted: CONFIG SET maxmemory-policy noeviction"
	}
	return f
}

// rights runs what a job needs, with keys that are gone at once.
func (c *Client) rights(ctx context.Context) Finding {
	f := Finding{Check: "rights", OK: true, Found: "scripts, hashes, lists and sets may be used"}
	key := c.keys.prefix + "doctor"
	p := c.control.Pipeline()
	p.Eval(ctx, "return redis.call('TIME')[1]", []string{key})
	p.HSet(ctx, key, "a", "1")
	p.PExpire(ctx, key, time.Second)
	p.Del(ctx, key)
	p.LPush(ctx, key, "1")
	p.LTrim(ctx, key, 1, 0)
	p.ZAdd(ctx, key)
	p.Del(ctx, key)
	commands, _ := p.Exec(ctx)
	var refused []string
	for _, cmd := range commands {
		if err := cmd.Err(); err != nil && strings.HasPrefix(err.Error(), "NOPERM") && !slices.Contains(refused, cmd.Name()) {
			refused = append(refused, cmd.Name())
		}
	}
	if len(refused) > 0 {
		f.OK, f.Found = false, "refused: "+strings.Join(refused, ", ")
		f.Advice = "give the user the rights of redisx/acl/segq.acl"
	}
	return f
}

// clock compares the server's clock with ours. Leases go by the server's alone, so
// that a difference disturbs people only.
func (c *Client) clock(ctx context.Context) Finding {
	f := Finding{Check: "clock"}
	before := time.Now()
	server, err := c.control.Time(ctx).Result()
	if err != nil {
		f.Found, f.Advice = err.Error(), "let this user call TIME"
		return f
	}
	skew := server.Sub(before.Add(time.Since(before) / 2)).Round(time.Millisecond)
	f.OK, f.Found = skew.Abs() <= mostSkew, fmt.Sprintf("%v apart from the clock here", skew.Abs())
	if !f.OK {
		f.Advice = "set the clocks by NTP: the ages of jobs are wrong otherwise"
	}
	return f
}

// latency takes the middle of some round trips.
func (c *Client) latency(ctx context.Context) Finding {
	f := Finding{Check: "latency"}
	var times []time.Duration
	for range pings {
		start := time.Now()
		if err := c.control.Ping(ctx).Err(); err != nil {
			f.Found, f.Advice = err.Error(), "see why the connection breaks"
			return f
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	middle, longest := times[pings/2], times[pings-1]
	f.OK = middle <= mostLatency
	f.Found = fmt.Sprintf("%v a round trip, at most %v of %d", middle.Round(time.Microsecond), longest.Round(time.Microsecond), pings)
	if !f.OK {
		f.Advice = "bring the workers nearer to the server"
	}
	return f
}

func (c *Client) workersSeen(ctx context.Context) Finding {
	f := Finding{Check: "workers"}
	workers, err := c.Workers(ctx)
	if err != nil {
		f.Found, f.Advice = err.Error(), "give the user the rights of redisx/acl/segq.acl"
		return f
	}
	f.OK, f.Found = len(workers) > 0, fmt.Sprintf("%d alive", len(workers))
	if !f.OK {
		f.Advice = "jobs wait until somebody starts segq --serve in this namespace"
	}
	return f
}

func (c *Client) keysSeen(ctx context.Context) Finding {
	f := Finding{Check: "keys"}
	found, err := c.Audit(ctx)
	if err != nil {
		f.Found, f.Advice = err.Error(), "give the user the rights of redisx/acl/segq.acl"
		return f
	}
	f.OK, f.Found = len(found) == 0, "all as they should be"
	if !f.OK {
		f.Found = fmt.Sprintf("%d odd, the first: %s", len(found), found[0])
		f.Advice = "ask again when no job is running; please report what is still wrong then"
	}
	return f
}
