package ask

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/values"
	"github.com/segq/segq/cmd/segq/internal/worker"
	"github.com/segq/segq/redisx"
)

// Queue is a way to the workers: a client of Redis and, unless the workers are
// elsewhere, the data with a worker in this process.
type Queue struct {
	Client *redisx.Client
	Data   *dataset.Dataset // nil when attached to workers elsewhere
	// Values knows those of Data.
	Values *values.Store
	stop   func()
}

// clearWithin is how long a process may take at its end to clear up.
const clearWithin = 2 * time.Second

// Place is where answers come from: data here, workers elsewhere, or both.
type Place struct {
	Broker broker.Options
	// Attach means the workers that go through the namespace of Broker, which have data
	// already. Else the data of Paths, or the sample, is loaded here.
	Attach  bool
	Paths   []string
	Data    dataset.Options
	Threads int
}

// OpenQueue reaches the broker of a place: the embedded one, a Redis server in a namespace
// of this process alone, or, with Attach, the namespace of the workers there.
func OpenQueue(ctx context.Context, p Place, notes io.Writer) (*Queue, error) {
	if p.Attach && len(p.Paths) > 0 {
		return nil, exit.Usage(errors.New("--attach asks workers that already have data: leave out DATA"))
	}
	client, err := p.openBroker(ctx)
	if err != nil {
		return nil, err
	}
	q := &Queue{Client: client, stop: func() {}}
	if p.Attach {
		return q, nil
	}
	if q.Data, err = dataset.Open(ctx, p.Paths, p.Data, p.Threads, notes); err != nil {
		return nil, errors.Join(err, client.Close())
	}
	working, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = worker.Run(working, client, q.Data, worker.Options{WorkerOptions: redisx.WorkerOptions{Grace: 1}})
	}()
	q.Values = values.NewStore(q.Data)
	q.stop = func() {
		cancel()
		q.Values.Close()
		<-ended // it gives back what it has, and leaves
		q.Data.Close()
		if !client.Embedded() {
			q.clear()
		}
	}
	return q, nil
}

func (p *Place) openBroker(ctx context.Context) (*redisx.Client, error) {
	if p.Broker.URL == "" {
		client, err := redisx.Embedded(ctx)
		if err != nil {
			return nil, exit.Data(err)
		}
		return client, nil
	}
	namespace := p.Broker.Namespace
	if !p.Attach {
		namespace = "session-" + uuid.NewString()
	}
	return p.Broker.OpenIn(ctx, namespace)
}

// clear leaves nothing behind in a namespace that was for this process alone.
func (q *Queue) clear() {
	ctx, cancel := context.WithTimeout(context.Background(), clearWithin)
	defer cancel()
	_ = q.Client.Clear(ctx) // nobody is there any more to be told
}

// Close ends the worker of this process, if any, and the connection.
func (q *Queue) Close() {
	q.stop()
	q.Client.Close()
}
