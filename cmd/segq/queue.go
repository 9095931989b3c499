package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/worker"
	"github.com/segq/segq/redisx"
)

// queue is a way to the workers: a client of Redis and, unless the workers are
// elsewhere, the data with a worker in this process.
type queue struct {
	client *redisx.Client
	data   *dataset.Dataset // nil when attached to workers elsewhere
	stop   func()
}

// clearWithin is how long a process may take at its end to clear up.
const clearWithin = 2 * time.Second

// openQueue reaches the broker that the flags ask for: the embedded one, a Redis
// server in a namespace of this process alone, or, with --attach, the namespace
// of the workers there.
func openQueue(ctx context.Context, o *options, data []string, notes io.Writer) (*queue, error) {
	if o.attach && len(data) > 0 {
		return nil, exit.Usage(errors.New("--attach asks workers that have data already: leave DATA out"))
	}
	client, err := openBroker(ctx, o)
	if err != nil {
		return nil, err
	}
	q := &queue{client: client, stop: func() {}}
	if o.attach {
		return q, nil
	}
	if q.data, err = dataset.Open(ctx, data, o.data, o.threads, notes); err != nil {
		return nil, errors.Join(err, client.Close())
	}
	working, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = worker.Run(working, client, q.data, worker.Options{WorkerOptions: redisx.WorkerOptions{Grace: 1}})
	}()
	q.stop = func() {
		cancel()
		<-ended // it gives back what it has, and leaves
		q.data.Close()
		if !client.Embedded() {
			q.clear()
		}
	}
	return q, nil
}

func openBroker(ctx context.Context, o *options) (*redisx.Client, error) {
	if o.redis.URL == "" {
		client, err := redisx.Embedded(ctx)
		if err != nil {
			return nil, exit.Data(err)
		}
		return client, nil
	}
	namespace := o.redis.Namespace
	if !o.attach {
		namespace = "session-" + uuid.NewString()
	}
	return o.redis.OpenIn(ctx, namespace)
}

// clear leaves nothing behind in a namespace that was for this process alone.
func (q *queue) clear() {
	ctx, cancel := context.WithTimeout(context.Background(), clearWithin)
	defer cancel()
	_ = q.client.Clear(ctx) // nobody is there any more to be told
}

// Close ends the worker of this process, if any, and the connection.
func (q *queue) Close() {
	q.stop()
	q.client.Close()
}
