// Package redisx is the job protocol: how a command gets from anyone who can
// reach Redis to a worker, how everybody can see its progress, and how its result
// comes back, once. It knows no query language and no engine: a worker hands
// commands to a [Handler] and gets bytes.
//
// The tour: [Command] is what a client sends. [Client] talks to Redis; it is made
// by [Open], or by [Embedded] for a broker inside this process. Submit,
// Status, Result and Cancel are a client's half of the protocol; [Worker] is the
// other half, with its [Task]s. A worker's duties have a file each: claim.go,
// ingress.go, beat.go, counters.go, reaper.go; end.go is how a task ends. Beside the queue,
// request.go has the short questions of who types, and answer_request.go their answers. The keys
// are in keys.go, and everything that must happen as a whole is a script in
// scripts, each with its contract on top. README.md is the manual of the protocol,
// and package faults tries to break it.
//
// The life of a job, by the scripts that move it:
//
//	enqueue                           → queued, following, or done from the cache
//	claim    queued, suspect          → running, under a new token
//	finish   running                  → done, truncated, failed, cancelled, expired
//	fail     running                  → delayed, or dead when its tries are used up
//	release  running                  → where it waited
//	reap     running, lease over      → suspect, or dead at the third crash alone
//	reap     delayed, wait over       → queued, or suspect
//	reap     any, deadline over       → expired
//	cancel   any that waits           → cancelled; the worker of a running job is asked
//	requeue  dead                     → queued, or suspect
//	adopt    lost, a worker has it    → running
//
// A job that follows another, which asks the same, ends with it; observers see
// the progress of that one.
//
// The guarantees: an accepted command is not lost while Redis keeps its data; it may
// run more than once, but ends once, with one result; and a counter never counts
// anything twice. Three rules ensure that. Every step is safe to send twice,
// because a client library repeats commands whose reply was lost. Whoever runs a
// job holds a token that the next attempt replaces; an attempt whose token is old
// can neither finish the job nor reach its counters. And counters are absolute
// numbers under a key of the attempt, never increments.
//
// Time is Redis' own: no clock of a worker or a client decides anything.
package redisx
