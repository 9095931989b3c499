package cluster

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/executor"
)

// Meter is where executors tell how far they are with a statement, past the cluster. What is told there is shown, and is
// nobody's answer: it may be old, or missing.
type Meter interface {
	// Name is how executors find it, of letters, digits and the characters _.-/ alone.
	Name() string
	// Read returns what each attempt at a part has told last, by its name.
	Read(ctx context.Context) (map[string]string, error)
	// End forgets all that. With over, executors that still work on the statement give up.
	End(ctx context.Context, over bool) error
}

const (
	// readEach is how often a meter is read at least, and readBytes how many bytes of it a second, about, where that is less
	// often.
	readEach  = 150 * time.Millisecond
	readBytes = 2 << 20
	// meterWithin is how long a meter may take to answer.
	meterWithin = time.Second
	// meterRest is how long one that does not is left alone.
	meterRest = 5 * time.Second
)

// meter returns the meter of a statement, nil where executors reach none.
func (c *Cluster) meter() Meter {
	if c.options.Meter == nil || c.unmetered != "" {
		return nil
	}
	m, err := c.options.Meter(rand.Text())
	if err != nil {
		return nil
	}
	return m
}

// during has the progress of a statement heard while do runs it, and tells executors when nobody waits for it any more.
// arguments are what do has to add to those of the tasks.
func (c *Cluster) during(ctx context.Context, queries int, hear func([]*executor.Progress), do func(arguments string) error) error {
	m := c.meter()
	if m == nil {
		return do("")
	}
	following, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		follow(following, m, queries, hear)
	}()
	over := context.AfterFunc(ctx, func() { endMeter(m, true) }) // at once, whatever the server does
	err := do(" --meter " + m.Name())
	stop()
	<-done
	if over() {
		c.work.Go(func() { endMeter(m, false) })
	}
	return err
}

func endMeter(m Meter, over bool) {
	ctx, cancel := context.WithTimeout(context.Background(), meterWithin)
	defer cancel()
	_ = m.End(ctx, over) // else it goes by itself, and the cluster ends the statement
}

// follow reads a meter until ctx is done, and tells of each part how far the attempt is that is furthest.
func follow(ctx context.Context, m Meter, queries int, hear func([]*executor.Progress)) {
	for wait := readEach; ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		reading, cancel := context.WithTimeout(ctx, meterWithin)
		told, err := m.Read(reading)
		cancel()
		if err != nil {
			wait = meterRest
			continue
		}
		if ctx.Err() == nil {
			hear(furthest(told, queries))
		}
		bytes := 0
		for _, text := range told {
			bytes += len(text)
		}
		wait = max(readEach, time.Duration(bytes)*time.Second/readBytes)
	}
}

// furthest returns of each part the attempt that is furthest: several may be at work on it, and those that have failed are
// still told of.
func furthest(told map[string]string, queries int) (all []*executor.Progress) {
	index := map[int]int{}
	for name, text := range told {
		p, err := executor.ParseProgress(name, text, queries)
		if err != nil {
			continue // it is none of this statement
		}
		i, known := index[p.Part]
		switch {
		case !known:
			index[p.Part] = len(all)
			all = append(all, p)
		case p.Further(all[i]):
			all[i] = p
		}
	}
	return all
}

// start tells the sink of a query of which parts it is: of one where they are not known.
func (r *run) start(q *exec.Query) {
	switch {
	case r.batch.Sink == nil:
	case r.shape == nil:
		r.batch.Sink.Start(q.ID, []int{r.cluster.snapshot.Rows()})
	default:
		r.batch.Sink.Start(q.ID, r.shape.rows)
	}
}

// hear tells the sink how far the queries are that were asked.
func (r *run) hear(asked []exec.Query, parts []*executor.Progress) {
	if r.batch.Sink == nil || len(parts) == 0 {
		return
	}
	var l exec.Loading
	for _, p := range parts {
		l.Done, l.Total, l.Columns = l.Done+p.Loading.Done, l.Total+p.Loading.Total, max(l.Columns, p.Loading.Columns)
	}
	for k := range asked {
		if l.Total > 0 {
			r.batch.Sink.Load(asked[k].ID, l)
		}
		var all exec.Progress
		for _, p := range parts {
			one := exec.Progress{Rows: p.Rows[k], Matched: p.Matched[k]}
			all.Rows, all.Matched = all.Rows+one.Rows, all.Matched+one.Matched
			if r.shape != nil {
				if i, ok := r.shape.index[p.Part]; ok {
					r.batch.Sink.Progress(asked[k].ID, i, one)
				}
			}
		}
		if r.shape == nil && all.Rows > 0 {
			r.batch.Sink.Progress(asked[k].ID, 0, all)
		}
	}
}

// through tells the sink what the parts have found of a query, which is number k of what was asked.
func (r *run) through(id string, k int, answers []*executor.Answer) {
	if r.batch.Sink == nil {
		return
	}
	all := exec.Progress{Done: true}
	for _, a := range answers {
		one := exec.Progress{Rows: a.Rows, Matched: a.Outcomes[k].Count, Done: true}
		all.Rows, all.Matched = all.Rows+one.Rows, all.Matched+one.Matched
		if r.shape != nil {
			if i, ok := r.shape.index[a.Part]; ok {
				r.batch.Sink.Progress(id, i, one)
			}
		}
	}
	if r.shape == nil {
		r.batch.Sink.Progress(id, 0, all)
	}
}
