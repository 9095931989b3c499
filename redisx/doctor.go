package redisx

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Finding is what [Client.Examine] says about one thing.
type Finding struct {
	// Check names the thing: connection, version, persistence, eviction, memory, rights, clock,
	// latency, workers, data, reload, jobs or keys.
	Check string `json:"check"`
	// Level says how it is. OK says the same of Good alone. Otherwise Advice says what to change.
	Level  Level  `json:"level"`
	OK     bool   `json:"ok"`
	Found  string `json:"found"`
	Advice string `json:"advice,omitempty"`
}

// Level is how something is.
type Level string

// The levels. What Works could be better; a Fault is something that does not work.
const (
	Good  Level = "ok"
	Works Level = "advice"
	Fault Level = "fault"
)

// found returns a finding that all is well.
func found(check, format string, args ...any) Finding {
	return Finding{Check: check, Level: Good, OK: true, Found: fmt.Sprintf(format, args...)}
}

// but returns the finding at another level, with what to change.
func (f Finding) but(level Level, format string, args ...any) Finding {
	f.Level, f.OK, f.Advice = level, false, fmt.Sprintf(format, args...)
	return f
}

// giveRights is what to do about a user who may do too little.
const giveRights = "give the user the rights that segq doctor --acl prints"

// What is still well.
const (
	leastVersion = 7
	mostSkew     = 2 * time.Second
	mostLatency  = 5 * time.Millisecond
	pings        = 50
	mostFull     = 0.9 // of the memory of the server
	mostWait     = time.Minute
)

// Examine looks at the server and at the namespace, and gives a finding for each
// thing. The error is that of a server that cannot be reached at all; what it does
// not let this user see is a finding. It reads every key of the namespace.
func (c *Client) Examine(ctx context.Context) ([]Finding, error) {
	if err := c.control.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	info := c.info(ctx)
	kept := persistence(info)
	if kept.OK && info["aof_enabled"] == "1" {
		kept = c.replays(ctx, kept)
	}
	all := []Finding{version(info), kept, eviction(info), memory(info), c.rights(ctx), c.clock(ctx), c.latency(ctx)}
	return append(append(all, c.queueSeen(ctx)...), c.keysSeen(ctx)), nil
}

// info returns the fields of INFO, none when this user may not ask.
func (c *Client) info(ctx context.Context) map[string]string {
	fields := map[string]string{}
	for _, section := range []string{"server", "persistence", "memory", "stats"} {
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
	return found(check, "not known: this user may not call INFO")
}

func version(info map[string]string) Finding {
	f := found("version", "%s", info["redis_version"])
	major, _, _ := strings.Cut(f.Found, ".")
	n, err := strconv.Atoi(major)
	switch {
	case err != nil:
		return unknown(f.Check)
	case n < leastVersion:
		return f.but(Fault, "use version %d.0 or later", leastVersion)
	}
	return f
}

// persistence says whether the server keeps what it is given. One that cannot write refuses to
// be written to.
func persistence(info map[string]string) Finding {
	failed := func(status string) bool { return status != "" && status != "ok" }
	switch {
	case info["aof_enabled"] == "":
		return unknown("persistence")
	case failed(info["aof_last_write_status"]):
		return found("persistence", "the last write of the append-only file: %s", info["aof_last_write_status"]).but(Fault, "look at the server's log and its disk")
	case failed(info["rdb_last_bgsave_status"]):
		return found("persistence", "the last snapshot of the server: %s", info["rdb_last_bgsave_status"]).but(Fault, "look at the server's log and its disk: as long as it cannot save, it refuses to be written to")
	case info["aof_enabled"] != "1":
		return found("persistence", "append-only file off").but(Works, "a crash loses what is newer than the last snapshot: start the server with --appendonly yes")
	}
	return found("persistence", "append-only file on")
}

// eviction says whether the server may throw away what waits, or has.
func eviction(info map[string]string) Finding {
	policy := info["maxmemory_policy"]
	if policy == "" {
		return unknown("eviction")
	}
	limit := "no limit"
	if n := number(info["maxmemory"]); n > 0 {
		limit = size(n)
	}
	f := found("eviction", "%s, %s", policy, limit)
	if !strings.HasPrefix(policy, "allkeys-") {
		return f
	}
	const change = "CONFIG SET maxmemory-policy noeviction"
	if n := number(info["evicted_keys"]); n > 0 {
		f.Found += fmt.Sprintf(", %d keys evicted", n)
		return f.but(Fault, "jobs and answers may be lost: give the server more memory, and "+change)
	}
	return f.but(Works, "waiting jobs may be evicted when the memory is full: "+change)
}

// memory says whether the server has room.
func memory(info map[string]string) Finding {
	used, limit := number(info["used_memory"]), number(info["maxmemory"])
	switch {
	case info["used_memory"] == "":
		return unknown("memory")
	case limit <= 0:
		return found("memory", "%s used", size(used))
	}
	f := found("memory", "%s of %s used", size(used), size(limit))
	switch {
	case used >= limit && info["maxmemory_policy"] == "noeviction":
		return f.but(Fault, "the server refuses new jobs: raise maxmemory, or wait until results are forgotten, a day after their end")
	case float64(used) >= mostFull*float64(limit):
		return f.but(Works, "it is nearly full: raise maxmemory")
	}
	return f
}

// size writes an amount of memory.
func size(n int64) string {
	if n < 10<<20 {
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d MB", n>>20)
}

// number reads a number of INFO, 0 for none.
func number(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

// tryRights calls each command that the scripts of a job call, and gives those that are refused. What is wrong with
// what they are called with is of no interest.
const tryRights = `
local k, out = KEYS[1], {}
local function try(name, ...)
  local r = redis.pcall(name, ...)
  if type(r) == 'table' and r.err and (string.find(r.err, "can't", 1, true) or string.find(r.err, 'NOPERM', 1, true)) then out[#out + 1] = string.lower(name) end
end
try('DEL', k) try('UNLINK', k) try('EXISTS', k) try('TIME')
try('SET', k, '0') try('GET', k) try('INCR', k) try('EXPIRE', k, 1) try('PEXPIRE', k, 1000) try('PERSIST', k)
redis.pcall('DEL', k)
try('HSET', k, 'a', '1') try('HGET', k, 'a') try('HMGET', k, 'a') try('HGETALL', k) try('HINCRBY', k, 'a', 1) try('HDEL', k, 'b') try('HLEN', k)
redis.pcall('DEL', k)
try('LPUSH', k, '1') try('LREM', k, 0, 'x') try('LLEN', k) try('LTRIM', k, 0, 0) try('LRANGE', k, 0, 0) try('LINDEX', k, 0) try('LMOVE', k, k, 'LEFT', 'LEFT')
redis.pcall('DEL', k)
try('SADD', k, '1') try('SMEMBERS', k) try('SREM', k, 'x') try('SCARD', k) try('SISMEMBER', k, '1')
redis.pcall('DEL', k)
try('ZADD', k, 1, 'a') try('ZREM', k, 'x') try('ZCARD', k) try('ZSCORE', k, 'a') try('ZRANGE', k, 0, 0) try('ZREVRANGE', k, 0, 0)
try('ZRANGEBYSCORE', k, 0, 0) try('ZREMRANGEBYRANK', k, 5, 5) try('ZREMRANGEBYSCORE', k, 5, 5) try('ZPOPMIN', k)
redis.pcall('DEL', k)
try('XADD', k, '*', 'a', 'b')
redis.pcall('DEL', k)
try('PUBLISH', k, '')
redis.pcall('DEL', k)
return out`

// rights runs what a job needs, with keys that are gone at once.
func (c *Client) rights(ctx context.Context) Finding {
	key := c.keys.prefix + "doctor"
	p := c.control.Pipeline()
	tried := p.Eval(ctx, tryRights, []string{key})
	p.Del(ctx, key)
	p.LPush(ctx, key, "1", "2")
	p.Do(ctx, "BLMOVE", key, key, "LEFT", "LEFT", "0.01") // the client rounds what it waits up to a second
	p.Do(ctx, "BLPOP", key, "0.01")
	p.LTrim(ctx, key, 1, 0)
	p.MGet(ctx, key)
	p.HSet(ctx, key, "a", "1")
	p.PExpire(ctx, key, time.Second)
	p.Del(ctx, key)
	p.ZAdd(ctx, key, redis.Z{Member: "1"})
	p.PExpire(ctx, key, time.Second)
	p.Del(ctx, key)
	commands, _ := p.Exec(ctx)
	for _, cmd := range commands {
		if err := cmd.Err(); err != nil && strings.HasPrefix(err.Error(), "READONLY") {
			return found("rights", "the server is a replica that can only be read").but(Fault, "give the address of its primary: a queue is written to")
		}
	}
	refused, _ := tried.StringSlice()
	for _, cmd := range commands {
		if err := cmd.Err(); err != nil && strings.HasPrefix(err.Error(), "NOPERM") && !slices.Contains(refused, cmd.Name()) {
			refused = append(refused, cmd.Name())
		}
	}
	if len(refused) > 0 {
		return found("rights", "refused: %s", strings.Join(refused, ", ")).but(Fault, giveRights)
	}
	for _, cmd := range commands {
		if err := cmd.Err(); err != nil && strings.HasPrefix(err.Error(), "OOM") {
			return found("rights", "not known: the server is full (%v)", err).but(Fault, "raise maxmemory, or wait until results are forgotten, a day after their end")
		}
		if err := cmd.Err(); err != nil && !errors.Is(err, redis.Nil) {
			return found("rights", "%s: %v", cmd.Name(), err).but(Fault, "look at the server's log, and try again")
		}
	}
	return found("rights", "scripts, hashes, lists and sets may be used")
}

// clock compares the server's clock with ours. Leases go by the server's alone, so
// that a difference disturbs people only.
func (c *Client) clock(ctx context.Context) Finding {
	before := time.Now()
	server, err := c.control.Time(ctx).Result()
	if err != nil {
		return found("clock", "%v", err).but(Fault, "let this user call TIME")
	}
	skew := server.Sub(before.Add(time.Since(before) / 2)).Round(time.Millisecond)
	f := found("clock", "%v apart from the clock here", skew.Abs())
	if skew.Abs() > mostSkew {
		return f.but(Works, "set the clocks by NTP: the ages of jobs are wrong otherwise")
	}
	return f
}

// latency takes the middle of some round trips.
func (c *Client) latency(ctx context.Context) Finding {
	var times []time.Duration
	for range pings {
		start := time.Now()
		if err := c.control.Ping(ctx).Err(); err != nil {
			return found("latency", "%v", err).but(Fault, "see why the connection breaks")
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	middle, longest := times[pings/2], times[pings-1]
	f := found("latency", "a round trip takes %v, the longest of %d took %v", middle.Round(time.Microsecond), pings, longest.Round(time.Microsecond))
	if middle > mostLatency {
		return f.but(Works, "bring the workers nearer to the server")
	}
	return f
}

// queueSeen says whether somebody works, and how the jobs are.
func (c *Client) queueSeen(ctx context.Context) []Finding {
	s, err := c.Stats(ctx)
	if err != nil {
		return []Finding{found("workers", "%v", err).but(Fault, giveRights)}
	}
	workers := found("workers", "%d alive", s.Workers)
	if s.Workers == 0 {
		workers = workers.but(Fault, "jobs wait until somebody starts segq --serve in this namespace")
	}
	waiting, first := s.Pushed, ClassStats{}
	for _, class := range s.Classes {
		if waiting += class.Depth; class.Age > first.Age {
			first = class
		}
	}
	jobs := found("jobs", "%d waiting, %d running, %d given up", waiting, s.Running, s.Dead)
	switch {
	case s.Silent > 0:
		jobs.Found += fmt.Sprintf("; of %d that run the worker is silent", s.Silent)
		jobs = jobs.but(Works, "start a worker, segq --serve, which goes on with them; segq cancel ID ends one")
	case s.HeldBy != "" && waiting > 0:
		jobs.Found += fmt.Sprintf("; all that wait do so while job %s runs alone, since a worker was lost with it", s.HeldBy)
		jobs = jobs.but(Works, "start another worker, which takes what waits, or end that job: segq cancel %s", s.HeldBy)
	case s.Dead > 0:
		jobs = jobs.but(Works, "segq dead list tells which were given up, segq dead show what they asked, and segq dead requeue gives them another chance")
	case first.Age > mostWait && s.Workers > 0:
		jobs.Found += fmt.Sprintf(", for up to %v", first.Age.Round(time.Second))
		advice := "start more workers"
		if first.Class != interactive {
			advice += ", or give what is urgent the class interactive"
		}
		jobs = jobs.but(Works, "%s", advice)
	}
	return append([]Finding{workers, dataSeen(s), jobs}, reloadsSeen(s.Troubles)...)
}

// reloadsSeen says which workers could not load newer data; nothing for none.
func reloadsSeen(troubles map[string]string) []Finding {
	var all []Finding
	for _, worker := range slices.Sorted(maps.Keys(troubles)) {
		f := found("reload", "%s: %s", worker, troubles[worker])
		all = append(all, f.but(Works, "mend the data: the worker tries again when it changes (--watch), or is told to (SIGHUP)"))
	}
	return all
}

// dataSeen says whether all workers have the data that answers come from.
func dataSeen(s Stats) Finding {
	if s.Snapshot == "" {
		return found("data", "no worker says which")
	}
	f := found("data", "answers come from %s", s.Snapshot)
	const affirm = "if that is the data that is wanted, SIGHUP to a worker that has it says so; else reload it, or start a worker with the data from before and send that SIGHUP"
	if s.StandIn != nil {
		f = found("data", "%s", s.StandIn).but(Works, affirm)
	}
	if len(s.Others) == 0 {
		return f
	}
	for _, o := range s.Others {
		f.Found += fmt.Sprintf("; worker %s has %s", o.Worker, o.Snapshot)
	}
	const same = "reload the workers that should have newer data, or end those that should not be there"
	if len(s.Others) == s.Workers {
		return f.but(Works, "no worker that is alive answers: another takes over when the leases of the lost ones have run out, 15 s after they fell silent")
	}
	if s.StandIn != nil {
		return f.but(Works, affirm)
	}
	return f.but(Works, "workers with other data answer nothing, so that all answers come from one: %s", same)
}

func (c *Client) keysSeen(ctx context.Context) Finding {
	odd, err := c.Audit(ctx)
	switch {
	case err != nil:
		return found("keys", "%v", err).but(Fault, giveRights)
	case len(odd) > 0:
		return found("keys", "%d odd, the first: %s", len(odd), odd[0]).but(Works, "ask again when no job is running; please report what is still wrong then")
	}
	return found("keys", "all as they should be")
}
