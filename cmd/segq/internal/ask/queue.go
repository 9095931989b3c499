package ask

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/cmd/segq/internal/worker"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/redisx"
)

// Queue is a way to the workers: a client of Redis and, unless the workers are
// elsewhere, the data with a worker in this process.
type Queue struct {
	Client *redisx.Client
	Data   *dataset.Dataset // nil when attached to workers elsewhere, and before it is opened
	place  Place
	begun  dataset.Options // how data is read unless somebody says otherwise, as has been said of this data if told
	told   bool
	// Taken is how many rows were read so far of the data that is opened.
	Taken atomic.Int64

	mu     sync.Mutex // guards what follows, and Data
	worker *worker.Worker
	closed bool
	stop   func()
	looked lookedAt
	keeps  store.Opener // where segments are kept that the worker here is asked about, nil for nowhere
	// deliveries say where exports of this process go, by the ids of their jobs.
	deliveries map[string]worker.Delivery
}

// Deliver has the export of a job that is submitted next go to a place of this process, where the worker is. Delivered
// forgets it.
func (q *Queue) Deliver(job string, to worker.Delivery) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.deliveries == nil {
		q.deliveries = map[string]worker.Delivery{}
	}
	q.deliveries[job] = to
}

// Keeps has the worker of this process keep segments in a store, which stays the caller's.
func (q *Queue) Keeps(open store.Opener) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.keeps = open
}

// kept opens that store.
func (q *Queue) kept(ctx context.Context) (store.Store, error) {
	q.mu.Lock()
	open := q.keeps
	q.mu.Unlock()
	if open == nil {
		return nil, errors.New("nothing is kept where this worker runs")
	}
	return open(ctx)
}

// Attached says whether the workers are elsewhere.
func (q *Queue) Attached() bool { return q.place.Attach }

// Paths are those of the data here; none for the sample.
func (q *Queue) Paths() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.place.Paths
}

// OpenOther opens other data beside that of this process, for who closes it: the paths among words, with the same flags and those
// among the words.
func (q *Queue) OpenOther(ctx context.Context, words []string, progress func(read, total int64)) (*dataset.Dataset, error) {
	q.mu.Lock()
	p, own := q.place, q.Data.Keep()
	q.mu.Unlock()
	defer own.Close()
	data, paths, err := p.Data.With(words)
	if err != nil {
		return nil, err
	}
	data.Progress, data.Taken = progress, nil
	d, err := own.OpenBeside(ctx, paths, data, p.Threads, io.Discard)
	if err != nil {
		return nil, dataset.Elsewhere(err)
	}
	return d, nil
}

// Delivered forgets where the export of a job went.
func (q *Queue) Delivered(job string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.deliveries, job)
}

// delivery says where the export of a job goes.
func (q *Queue) delivery(job string) (worker.Delivery, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	to, ok := q.deliveries[job]
	return to, ok
}

// Reads says whether the data here is read from a file, which nothing may be written over.
func (q *Queue) Reads(ctx context.Context, file string) bool {
	q.mu.Lock()
	paths := q.place.Paths
	q.mu.Unlock()
	written, err := os.Stat(file)
	if err != nil {
		return false // what is not there is read by nobody
	}
	names, _ := load.Files(ctx, paths)
	for _, name := range slices.Concat(paths, names, q.place.Data.Beside()) {
		if read, err := os.Stat(name); err == nil && os.SameFile(read, written) {
			return true
		}
	}
	return false
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
	return &Queue{Client: client, place: p, begun: p.Data, stop: func() {}}, nil
}

// Load opens the data of the place and starts a worker, unless the workers are elsewhere. It tells progress
// how much is read, or who reads the notes, where that is nil.
func (q *Queue) Load(ctx context.Context, notes io.Writer, progress func(read, total int64)) error {
	p := q.place
	if p.Attach {
		return nil
	}
	p.Data.Progress, p.Data.Taken, p.Data.Reloads = progress, &q.Taken, !p.Data.Clustered()
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
	return q.work(ctx)
}

// Replace opens data beside that which is asked, tells of it as Load does, and has the worker in this process go
// on with it: data that words name, and flags among these say how it is read ([dataset.Options.With]); without names the data of
// the place again, read as it was and as the flags say. It says whether there is anything else than before, and returns the data,
// which the caller closes.
func (q *Queue) Replace(ctx context.Context, words []string, notes io.Writer, progress func(read, total int64)) (next *dataset.Dataset, changed bool, err error) {
	p := q.place
	data, paths, err := q.begun.With(words)
	switch {
	case err != nil:
		return nil, false, err
	case len(paths) > 0:
		p.Paths, p.Data = paths, data
	case len(words) > 0:
		if p.Data, _, err = p.Data.With(words); err != nil {
			return nil, false, err
		}
	}
	q.mu.Lock()
	before, w := q.Data.Keep(), q.worker
	q.mu.Unlock()
	defer before.Close()
	if stamp, err := dataset.Stamp(ctx, p.Paths, p.Data); err == nil && stamp != "" && stamp == before.Stamp() && slices.Equal(p.Paths, q.place.Paths) && len(words) == len(paths) && (len(words) == 0 || !q.told) {
		return before.Keep(), false, nil
	}
	q.Taken.Store(0)
	p.Data.Progress, p.Data.Taken, p.Data.Reloads = progress, &q.Taken, !p.Data.Clustered()
	if next, err = before.OpenBeside(ctx, p.Paths, p.Data, p.Threads, notes); err != nil {
		return nil, false, dataset.Elsewhere(err)
	}
	gone, err := w.Replace(ctx, next)
	if gone == nil {
		next.Close()
		return nil, false, err
	}
	p.Data.Progress = nil
	q.mu.Lock()
	q.Data, q.place = next, p
	q.told = len(words) > len(paths) || len(words) == 0 && q.told
	q.mu.Unlock()
	before.GiveUp()
	before.Close() // the hold of the queue
	go func() {
		<-gone
		debug.FreeOSMemory()
	}()
	return next.Keep(), true, nil
}

// quiet is how long files that have changed are to be as they are before they are read again.
const quiet = 2 * time.Second

// lookedAt is how the files of the data were when they were last looked at, and since when they are so.
type lookedAt struct {
	stamp string
	since time.Time
}

// Changed says whether the data is known not to be what was opened, and writing that somebody may still write to it: its files have
// not been as they are for long.
func (q *Queue) Changed(ctx context.Context) (changed, writing bool) {
	q.mu.Lock()
	p, before := q.place, q.Data.Keep()
	q.mu.Unlock()
	defer before.Close()
	stamp, err := dataset.Stamp(ctx, p.Paths, p.Data)
	if before.Stamp() == "" || err == nil && stamp == before.Stamp() {
		return false, false
	}
	if err != nil {
		return true, false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.looked.stamp != stamp {
		q.looked = lookedAt{stamp, time.Now()}
	}
	return true, time.Since(q.looked.since) < quiet
}

// work starts a worker in this process.
func (q *Queue) work(ctx context.Context) (err error) {
	working, cancel := context.WithCancel(context.WithoutCancel(ctx))
	q.worker, err = worker.New(working, q.Client, q.Data, worker.Options{WorkerOptions: redisx.WorkerOptions{Grace: 1}, Deliver: q.delivery, Store: q.kept})
	if err != nil {
		cancel()
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = q.worker.Run(working)
	}()
	q.stop = func() {
		cancel()
		q.Client.Hush()
		<-ended // it gives back what it has, and leaves
		q.mu.Lock()
		data := q.Data
		q.mu.Unlock()
		data.Close()
		if !q.Client.Embedded() {
			q.clear()
		}
	}
	return nil
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
