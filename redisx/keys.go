package redisx

import (
	"fmt"
	"regexp"
	"strconv"
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
// "state:rows:total:matched", absolute numbers. TTL set at every write.
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

// hints is a channel on which the ids of jobs to cancel are called out.
func (k keys) hints() string { return k.prefix + "ctl" }

// The scripts make more keys from the prefix: job:ID, a HASH with the whole state
// of a job (state, tenant, class, score, payload, attempt, token, owner, created,
// started, finished, deadline, cancel, crashes, error, frames), without a TTL
// until the job has ended and then with retention; ring, a ZSET from class to
// virtual time; ring:CLASS, a ZSET from tenant to virtual time;
// q:CLASS:TENANT, a ZSET of queued jobs by priority and arrival; and seq, a
// counter of arrivals. claim:WORKER is a HASH of what a worker claimed last,
// with a TTL of ten minutes; dead is a ZSET of the last 10,000 jobs that were
// given up.

var namePattern = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// validName checks what becomes part of a key. Braces, colons and wild cards
// would reach other keys.
func validName(what, name string) error {
	if !namePattern.MatchString(name) {
		return fmt.Errorf("%s %q: use 1 to 64 letters, digits, points, hyphens or underscores", what, name)
	}
	return nil
}
