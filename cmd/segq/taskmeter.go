package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/redisx"
)

// taskMeter tells Redis how far a task is, and ends the task when nobody waits for it any more. Whether there is a Redis
// changes nothing of the answer.
type taskMeter struct {
	latest chan executor.Progress // of one place: a newer one takes it
	stop   chan struct{}          // is closed when there will be no newer one
	done   chan struct{}
	cancel context.CancelFunc
}

const (
	// meterEach is how often it is asked whether somebody waits.
	meterEach = 250 * time.Millisecond
	// meterAgain is how long it takes until a Redis that could not be reached is tried again.
	meterAgain = 2 * time.Second
	// meterLast is how long the last figures may take, where Redis does not answer.
	meterLast = time.Second
)

// errOver is the cause of the end of a task for which nobody waits.
var errOver = errors.New("nobody waits for the answer any more")

// startMeter begins to tell how far a task is, under a name that is a namespace and a name of its own; over is called when nobody
// waits any more.
func startMeter(name string, over func()) *taskMeter {
	ctx, cancel := context.WithCancel(context.Background())
	m := &taskMeter{latest: make(chan executor.Progress, 1), stop: make(chan struct{}), done: make(chan struct{}), cancel: cancel}
	go func() {
		defer close(m.done)
		for {
			client, to, err := openMeter(ctx, name)
			switch {
			case err == nil:
				m.tell(ctx, to, over)
				_ = client.Close() // of which nothing is wanted any more
				return
			case errors.Is(err, redisx.ErrOptions):
				return // nobody has named one
			}
			select {
			case <-m.stop:
				return
			case <-time.After(meterAgain):
			}
		}
	}()
	return m
}

// openMeter connects to the Redis that the environment of an executor names: in SEGQ_REDIS_SECRET, a name that Spark shows nobody
// the value of, or in a file.
func openMeter(ctx context.Context, name string) (*redisx.Client, *redisx.Meter, error) {
	url := os.Getenv("SEGQ_REDIS_SECRET")
	if file := os.Getenv("SEGQ_REDIS_SECRET_FILE"); url == "" && file != "" {
		text, err := redisx.ReadSmallFile(ctx, file)
		if err != nil {
			return nil, nil, err
		}
		url = strings.TrimSpace(string(text))
	}
	if url == "" {
		return nil, nil, redisx.ErrOptions
	}
	namespace, id, _ := strings.Cut(name, "/")
	client, err := redisx.Open(ctx, redisx.Options{URL: url, Namespace: namespace, CAFile: os.Getenv("SEGQ_REDIS_CA")})
	if err != nil {
		return nil, nil, err
	}
	m, err := client.Meter(id)
	if err != nil {
		_ = client.Close() // of which nothing was wanted yet
		return nil, nil, err
	}
	return client, m, nil
}

// tell writes the latest figures, and asks whether somebody waits, until there are no newer ones.
func (m *taskMeter) tell(ctx context.Context, to *redisx.Meter, over func()) {
	clock := time.NewTicker(meterEach)
	defer clock.Stop()
	write := func(field, text string) {
		if ended, err := to.Write(ctx, field, text); err == nil && ended {
			over()
		}
	}
	for {
		select {
		case p := <-m.latest:
			write(p.Name(), p.String())
			continue
		case <-clock.C:
			write("", "")
			continue
		case <-m.stop:
		}
		select {
		case p := <-m.latest:
			write(p.Name(), p.String())
		default:
		}
		return
	}
}

// take takes the latest figures.
func (m *taskMeter) take(p executor.Progress) {
	select {
	case <-m.latest:
	default:
	}
	m.latest <- p // which nobody else writes to
}

// close writes the last figures, and ends.
func (m *taskMeter) close() {
	close(m.stop)
	defer time.AfterFunc(meterLast, m.cancel).Stop()
	<-m.done
	m.cancel()
}

// probeMeter says whether a meter can be reached: nothing if it can, and somebody has made it there; else why not.
func probeMeter(ctx context.Context, name string) string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	client, m, err := openMeter(ctx, name)
	switch {
	case errors.Is(err, redisx.ErrOptions) && os.Getenv("SEGQ_REDIS_SECRET")+os.Getenv("SEGQ_REDIS_SECRET_FILE") == "":
		return "no Redis is named in their environment (SEGQ_REDIS_SECRET)"
	case err != nil:
		return err.Error()
	}
	defer func() { _ = client.Close() }() // of which nothing is wanted any more
	if _, err := m.Write(ctx, "probe", "1"); err != nil {
		return err.Error()
	}
	return ""
}
