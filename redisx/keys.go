package redisx

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"
)

// keys names every key of a namespace. The braces make them one slot of a Redis
// cluster, so that a script may touch them together.
type keys struct{ prefix string }

func keysOf(namespace string) keys { return keys{"segq:{" + namespace + "}:"} }

// ingress is a LIST of commands as JSON that any client may LPUSH to. No TTL.
func (k keys) ingress() string { return k.prefix + "in" }

// staging is a LIST of commands that a worker has taken from ingress and not yet
// made jobs of. No TTL: the reaper gives back those of workers that are gone.
func (k keys) staging(worker string) string { return k.prefix + "in:proc:" + worker }

// rejected is a LIST of what was no command, with the reason; the last 1000.
func (k keys) rejected() string { return k.prefix + "in:bad" }

// bell is a LIST that workers block on; an element says that there may be work.
// Losing one is harmless. At most 64 elements.
func (k keys) bell() string { return k.prefix + "bell" }

// counters is a HASH from the number of a partition to
// "state:rows:total:matched:ms", and from "load" to "bytes:of:columns", absolute numbers. TTL set at every write.
func (k keys) counters(id, token string) string { return k.prefix + "job:" + id + ":p:" + token }

// frame is a STRING, part n of a result. TTL retention.
func (k keys) frame(id, token string, n int) string {
	return k.prefix + "res:" + id + ":" + token + ":" + strconv.Itoa(n)
}

// workers is a ZSET from worker to the time of its last beat.
func (k keys) workers() string { return k.prefix + "w" }

// recent is a ZSET from job to the time of its creation; the last 10,000.
func (k keys) recent() string { return k.prefix + "recent" }

// lease is a ZSET from running job to the end of its lease.
func (k keys) lease() string { return k.prefix + "lease" }

// hints is a channel on which the ids of jobs to cancel are called out, and nothing when workers are to
// look what data the queue has.
func (k keys) hints() string { return k.prefix + "ctl" }

// requests is a LIST of questions that workers answer beside the queue, the latest first, at most
// 64, as {"at":ms,"request":…}. Five seconds after the last. The channel of this name tells the asker,
// operation and number of each, so that workers end what they do for an older one.
func (k keys) requests() string { return k.prefix + "ask" }

// answers is a LIST of the answers to the requests of one asker, at most 16. Five seconds after the
// last.
func (k keys) answers(asker string) string { return k.prefix + "answers:" + asker }

// schema is a STRING, what a worker says of its data. A minute after the last beat.
func (k keys) schema() string { return k.prefix + "schema" }

// holdings is a HASH from worker to "columns:loaded:bytes:loads:evictions", from "worker age" to
// "reloads:failed:since:full", and from "worker data" to "rows:name". A minute after the last beat of any.
func (k keys) holdings() string { return k.prefix + "columns" }

// meter is a HASH from whoever works on something, as part and attempt, to how far that is. A minute after the last
// write.
func (k keys) meter(id string) string { return k.prefix + "meter:" + id }

// meterOver is a STRING that is there when nobody waits for that any more. Ten minutes.
func (k keys) meterOver(id string) string { return k.prefix + "meter:" + id + ":over" }

// dead is a ZSET from dead job to the time of its end; the last 10,000.
func (k keys) dead() string { return k.prefix + "dead" }

// gone is a ZSET from "tenant:job" of jobs that were forgotten within a day of their end,
// to make room, to the time of that end. TTL retention; the last 100,000.
func (k keys) gone() string { return k.prefix + "gone" }

// The scripts make more keys from the prefix. With a TTL once it is not needed:
//
//   - job:ID, a HASH with the whole state of a job: state, tenant, class, score,
//     payload, attempt, token, owner, created, started, finished, deadline,
//     patience (the deadline as it was asked for), cancel, tries, suspect (a
//     worker was lost with it), alone (it runs alone), crashes (workers lost while
//     it ran alone), error, counters (the token under which they are), frames and
//     sum (of its result), snapshot (the data that the last attempt ran over), want (the data
//     that it asks for), code (of the error, where there is no record), flight (what it asks), leader (the job that it follows),
//     source (who did its work, when it was not the job itself). No TTL until it has ended; then retention, or thirty
//     days when it is dead.
//   - claim:WORKER, a HASH of what a worker claimed last, and the number of its last move.
//     Ten minutes.
//   - snapshot, a STRING, the data that answers come from; data, a HASH from worker to
//     "lease:data". A minute after the last beat of any that says what it has. standin, a STRING, since
//     when and for what that data stands in, as "at:before:data". The same.
//   - cancel:ID, a STRING, a cancellation that came before its job. A minute.
//   - quar, a STRING, the worker that drains to run a suspect. Three seconds.
//   - alone, a SET of the suspects that run alone, and xrun, a STRING, the one that began last. A day;
//     without meaning as soon as the job does not run. Workers of versions before know xrun alone.
//   - serves, a STRING, what answers depend on beside the commands: WorkerOptions
//     says it. A minute after the last beat.
//   - flight:ASK, a STRING, the job that is at work on what is asked. An hour;
//     without meaning when that job has ended.
//   - rest, a STRING, there from the start of a suspect until queued jobs have had
//     their turn. A minute.
//
//   - lookup:TABLE, and what begins with that and a colon: a table that is kept for lookups (package
//     lookup). An hour after anybody has read it.
//
// Without a TTL, because they hold what is not finished, and go when empty:
//
//   - q:CLASS:TENANT, a ZSET of queued jobs by priority and arrival; delay, of
//     delayed jobs by when they are queued again; suspect, of suspects.
//   - ring and ring:CLASS, ZSETs of classes and tenants that have queued jobs, by
//     virtual time; held, a SET of "class:tenant" that wait at their cap.
//   - flw:ID, a SET of the jobs that follow a job which asks the same.
//   - lease, a ZSET of running jobs; run:TENANT, a SET of those of a tenant; open, a
//     SET of all jobs that have not ended; due, a ZSET of those with a deadline.
//
// Without a TTL and of bounded size: ev, a STREAM of the ends of jobs; vt, a HASH from
// ring to its present virtual time; seq, a counter of arrivals; epoch, a random STRING
// that says whether Redis still is what it was; ended, a ZSET of jobs that have ended
// and are kept; tally, a HASH of how often what has happened; size,
// a HASH of the bytes of each kept result, and of all of them under "".

var namePattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`) })

// validName checks what becomes part of a key. Braces, colons and wild cards
// would reach other keys.
func validName(what, name string) error {
	if !namePattern().MatchString(name) {
		return fmt.Errorf("%s %q: use 1 to 64 letters, digits, points, hyphens or underscores", what, name)
	}
	return nil
}
