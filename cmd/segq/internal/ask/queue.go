package ask

import (
	"context"
	"errors"
	"io"
	"sync"
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
	Data   *dataset.Dataset // nil when attached to workers elsewhere, and before it is opened
	// Values knows those of Data.
	Values *values.Store
	place  Place

	mu     sync.Mutex
	closed bool
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

// OpenQueue reaches the broker of a place, opens its data, and starts a worker in this process, unless
// the workers are elsewhere.
func OpenQueue(ctx context.Context, p Place, notes io.Writer) (*Queue, error) {
	q, err := Reach(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := q.Load(ctx, notes, nil); err != nil {
		return nil, errors.Join(err, q.Client.Close())
	}
	return q, nil
}

// Reach reaches the broker of a place: the embedded one, a Redis server in a namespace of this process
// alone, or, with Attach, the namespace of the workers there. The data is still to be loaded.
func Reach(ctx context.Context, p Place) (*Queue, error) {
	if p.Attach && len(p.Paths) > 0 {
		return nil, exit.Usage(errors.New("--attach asks workers that already have data: leave out DATA"))
	}
	client, err := p.openBroker(ctx)
	if err != nil {
		return nil, err
	}
	return &Queue{Client: client, place: p, stop: func() {}}, nil
}

// Load opens the data of the place and starts a worker, unless the workers are elsewhere. It tells progress
// how much is read, or who reads the notes, where that is nil.
func (q *Queue) Load(ctx context.Context, notes io.Writer, progress func(read, total int64)) error {
	p := q.place
	if p.Attach {
		return nil
	}
	p.Data.Progress = progress
	data, err := dataset.Open(ctx, p.Paths, p.Data, p.Threads, notes)
	if err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		data.Close()
		return context.Canceled
	}
	q.Data = data
	q.work(ctx)
	return nil
}

// work starts a worker in this process.
func (q *Queue) work(ctx context.Context) {
	working, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = worker.Run(working, q.Client, q.Data, worker.Options{WorkerOptions: redisx.WorkerOptions{Grace: 1}})
	}()
	q.Values = values.NewStore(q.Data)
	q.stop = func() {
		cancel()
		q.Values.Close()
		<-ended // it gives back what it has, and leaves
		q.Data.Close()
		if !q.Client.Embedded() {
			q.clear()
		}
	}
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

// Close ends the worker of this process, if any, and the connection. Data that is still being opened
// gets no worker any more.
func (q *Queue) Close() {
	q.mu.Lock()
	q.closed = true
	stop := q.stop
	q.mu.Unlock()
	stop()
	q.Client.Close()
}
