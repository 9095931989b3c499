//go:build unix

// Command faults tries to break the job protocol. It runs workers as processes of
// their own, kills and stops them, loses replies, cuts connections off, and kills
// Redis; then it heals everything, lets the jobs finish, and counts what is wrong.
// Every number of the invariants must be 0, or it exits with status 1:
//
//	go run ./redisx/faults -seconds 30
//	go run ./redisx/faults -without fence      # must find something
//	go run ./redisx/faults -without agreement  # must find something
//	go run ./redisx/faults -no-aof      # Redis forgets everything when it is killed
//
// The tour: run in this file is the course of a run; cluster.go starts and stops
// the processes, work.go is what a worker does, data.go over what data, proxy.go sits between workers and
// Redis, chaos.go chooses the faults, and verdict.go counts.
//
// The seed fixes which faults come in which order, not which step they hit, which is up
// to the machine's scheduler: two runs with one seed are similar, not identical.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"time"
)

// options are the flags of a run.
type options struct {
	jobs     int
	duration time.Duration // of the faults
	patience time.Duration // for the jobs to end when all is healed
	seed     uint64
	server   string // redis-server binary
	embedded bool
	open     string // the guard to take out, "" for none
	noAOF    bool
}

func main() {
	if isWorker() {
		workerMain()
		return
	}
	var o options
	flag.IntVar(&o.jobs, "jobs", 400, "jobs to submit")
	flag.DurationVar(&o.patience, "patience", 90*time.Second, "how long the jobs may take to end after the last fault")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of the faults")
	flag.StringVar(&o.server, "redis", "redis-server", "the redis-server to start")
	flag.BoolVar(&o.embedded, "embedded", false, "use the broker that segq embeds, instead of redis-server")
	flag.StringVar(&o.open, "without", "", "take the fence out of the finish script, or the agreement on the data out of the claim script: the run must fail")
	flag.BoolVar(&o.noAOF, "no-aof", false, "let Redis forget everything when it is killed; what it forgot is submitted again")
	seconds := flag.Float64("seconds", 25, "how long faults happen")
	flag.Parse()
	o.duration = time.Duration(*seconds * float64(time.Second))
	if flag.NArg() > 0 || o.open != "" && guards[o.open] == "" || o.jobs < 1 || o.jobs > 5000 {
		fmt.Fprintln(os.Stderr, "faults: use flags only, and 1 to 5000 jobs")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	v, err := run(ctx, o, os.Stdout)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(2)
	case v.broken() > 0:
		os.Exit(1)
	}
}

// run runs jobs under faults, writes what it found to out and gives it. The error
// is for what kept it from finding out.
func run(ctx context.Context, o options, out io.Writer) (*verdict, error) {
	c, err := startCluster(ctx, o)
	if err != nil {
		return nil, err
	}
	defer c.stop()
	jobs := plan(o.jobs, rand.New(rand.NewPCG(o.seed, 1)))
	faulty, heal := context.WithTimeout(ctx, o.duration)
	defer heal()
	v := &verdict{jobs: len(jobs), faults: &c.faults}
	watched := make(chan struct{})
	watching, unwatch := context.WithCancel(ctx)
	go func() {
		defer close(watched)
		v.watch(watching, c, jobs)
	}()
	defer unwatch()
	submitted := make(chan error, 1)
	go func() { submitted <- c.submit(ctx, jobs, o.duration*4/5) }()
	c.torment(faulty, rand.New(rand.NewPCG(o.seed, 2)))
	if err := c.heal(ctx); err != nil {
		return nil, err
	}
	if err := <-submitted; err != nil {
		return nil, err
	}
	if err := v.await(ctx, c, jobs, o); err != nil {
		return nil, err
	}
	unwatch()
	<-watched
	v.stuck = c.agree(ctx)
	// Workers that have nothing to do any more give back what is theirs.
	c.stopWorkers()
	if err := v.judge(ctx, c, jobs); err != nil {
		return nil, err
	}
	fmt.Fprint(out, v)
	return v, ctx.Err()
}

// errNoServer says that there is no Redis to torment.
var errNoServer = errors.New("there is no redis-server: -redis names one, -embedded does without")
