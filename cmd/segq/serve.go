package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/segq/segq/redisx"
)

// serve works through the queue behind --redis until a signal ends it. Work that
// has begun is finished, or given back to the queue.
func serve(ctx context.Context, o *options, data []string, io stdio) error {
	log := slog.New(slog.NewJSONHandler(io.err, nil))
	d, err := openDataset(ctx, data, o.data, o.threads, io.err)
	if err != nil {
		return err
	}
	defer d.close()
	client, err := redisx.Open(ctx, redisx.Options{URL: o.redis, PasswordFile: o.passwordFile, Namespace: o.namespace})
	if err != nil {
		return dataError(err)
	}
	defer client.Close()
	log.Info("serving", "dataset", d.name, "profiles", d.snapshot.Rows(), "snapshot", d.snapshot.Fingerprint, "namespace", o.namespace)
	worker := redisx.NewWorker(client, &handler{d, client}, redisx.WorkerOptions{Log: log, Serves: d.serves(client)})
	if err := worker.Run(ctx); err != nil {
		return err
	}
	log.Info("stopped", "cause", fmt.Sprint(context.Cause(ctx)))
	return nil
}
