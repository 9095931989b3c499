package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/reload"
	"github.com/segq/segq/cmd/segq/internal/serving"
	"github.com/segq/segq/cmd/segq/internal/worker"
	"github.com/segq/segq/redisx"
	"golang.org/x/sync/errgroup"
)

// serve works through the queue behind --redis, serves the preview API, or does both,
// until a signal ends it. Work that has begun is finished, or given back to the queue.
func serve(ctx context.Context, o *options, data []string, io console.Streams) error {
	log := o.log.Open(io.Err)
	if !o.serve && len(data) > 0 {
		return exit.Usage(errors.New("--http without --serve does not use data: add --serve, or leave out DATA"))
	}
	if o.redis.Insecure {
		log.Warn("any certificate is taken for that of Redis: whoever is on the way can read along and answer in its place")
	}
	both, until := errgroup.WithContext(ctx)
	// Each has connections of its own: the leases of jobs do not wait for those who
	// ask.
	if o.http.Addr != "" {
		client, err := o.redis.Open(ctx)
		if err != nil {
			return err
		}
		defer client.Close()
		api, l, err := o.http.Open(ctx, client, log) // before any work begins, which would be cut off where that fails
		if err != nil {
			return err
		}
		defer func() { _ = l.Close() }() // Serve has closed it, unless it failed before
		both.Go(func() error { return o.http.Serve(until, api, l, log) })
	}
	if o.serve {
		client, err := o.redis.Open(ctx)
		if err != nil {
			return err
		}
		defer client.Close()
		both.Go(func() error { return workThrough(until, o, data, client, log) })
	}
	if err := both.Wait(); err != nil {
		return err
	}
	log.Info("stopped", "cause", fmt.Sprint(context.Cause(ctx)))
	return context.Cause(ctx)
}

// workThrough loads the data and works through the queue until ctx ends. SIGHUP, and with --watch a change of
// the data, reload it meanwhile.
func workThrough(ctx context.Context, o *options, data []string, client *redisx.Client, log *slog.Logger) error {
	asked, how, notes := hangUpsAsk(ctx), o.dataset(), serving.Notes(log)
	how.Reloads = true
	d, err := dataset.Open(ctx, data, how, o.threads, notes)
	if err != nil {
		return err
	}
	w, err := worker.New(ctx, client, d, worker.Options{
		WorkerOptions: redisx.WorkerOptions{Log: log, MaxRunning: o.most, TenantRunning: o.each},
		Exports:       o.exports, ExportLimit: int64(o.exportLimit), Publish: true,
	})
	if err != nil {
		d.Close()
		return err
	}
	log.Info("serving", "dataset", d.Name, "profiles", d.Snapshot.Rows(), "snapshot", d.Snapshot.Fingerprint, "namespace", o.redis.Namespace)
	r := &reload.Reloader{
		Now: d, Paths: data, Options: how, Threads: o.threads, Worker: w, Log: log, Notes: notes, Quiet: o.watch.Quiet,
	}
	defer r.Close()
	reloading, stop := context.WithCancel(ctx)
	var reloads sync.WaitGroup
	reloads.Go(func() { r.Run(reloading, asked) })
	defer reloads.Wait()
	defer stop()
	return w.Run(ctx)
}
