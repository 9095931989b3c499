//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/segq/segq/redisx"
)

const (
	workers   = 4
	lease     = 1200 * time.Millisecond
	namespace = "faults"
	prefix    = "segq:{" + namespace + "}:"
)

// cluster is a broker, workers, and what stands between them.
type cluster struct {
	broker  broker
	client  *redisx.Client // of the clients' side, without a proxy
	redis   *redis.Client  // for what that does not show
	workers [workers]*worker
	opened  string // the guard that is taken out, "" for none
	faults  faults
	// dataFile has the data of all workers, the number data.
	dataFile string
	forgets  bool // Redis, how often the queue has moved
	data     int
}

// worker is a place for a worker process: when one dies, the next takes it.
type worker struct {
	number int
	proxy  *proxy
	fenced *atomic.Int64
	data   string // the file

	mu      sync.Mutex // guards what follows
	process *exec.Cmd
	gone    chan struct{} // closed when the process has ended
	lives   int
}

// started counts clusters, so that each has a file of its own.
var started atomic.Int64

func startCluster(ctx context.Context, o options) (_ *cluster, err error) {
	c := &cluster{opened: o.open, forgets: o.noAOF, dataFile: filepath.Join(os.TempDir(), fmt.Sprintf("segq-faults-%d-%d", os.Getpid(), started.Add(1)))}
	if err := c.renew(nil, false); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			c.stop()
		}
	}()
	if o.embedded {
		c.broker, err = startEmbedded()
	} else {
		c.broker, err = startServer(o.server, !o.noAOF)
	}
	if err != nil {
		return nil, err
	}
	c.redis = redis.NewClient(&redis.Options{Addr: c.broker.addr()})
	if c.client, err = redisx.Open(ctx, redisx.Options{URL: "redis://" + c.broker.addr(), Namespace: namespace}); err != nil {
		return nil, err
	}
	for i := range c.workers {
		w := &worker{number: i, fenced: &c.faults.fenced, data: c.dataFile}
		c.workers[i] = w
		if w.proxy, err = newProxy(c.broker.addr()); err != nil {
			return nil, err
		}
		if c.opened != "" {
			if err = c.open(ctx, w.proxy); err != nil {
				return nil, err
			}
		}
		if err = w.start(); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// stop ends everything that still runs.
func (c *cluster) stop() {
	c.stopWorkers()
	if c.client != nil {
		c.client.Close()
	}
	if c.redis != nil {
		_ = c.redis.Close()
	}
	if c.broker != nil {
		c.broker.stop()
	}
	_ = os.Remove(c.dataFile)
}

// stopWorkers tells the workers to stop, and kills those that do not.
func (c *cluster) stopWorkers() {
	for _, w := range c.workers {
		if w != nil {
			w.signal(syscall.SIGTERM)
		}
	}
	for _, w := range c.workers {
		if w == nil {
			continue
		}
		w.end(5 * time.Second)
		if w.proxy != nil {
			w.proxy.close()
		}
	}
}

// start starts a process in the place of the worker. What it says of attempts that
// came too late is counted.
func (w *worker) start() error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lives++
	p := exec.Command(program)
	p.Env = append(os.Environ(), fmt.Sprintf("%s=w%d.%d", workerName, w.number, w.lives), workerURL+"="+w.proxy.url(), workerData+"="+w.data)
	said, err := p.StderrPipe()
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return fmt.Errorf("cannot start a worker: %w", err)
	}
	gone := make(chan struct{})
	w.process, w.gone = p, gone
	go func() {
		defer close(gone)
		for lines := bufio.NewScanner(said); lines.Scan(); {
			if strings.Contains(lines.Text(), "another attempt has the job") {
				w.fenced.Add(1)
			}
		}
		_ = p.Wait()
	}()
	return nil
}

// name is that of the worker's present life.
func (w *worker) name() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return fmt.Sprintf("w%d.%d", w.number, w.lives)
}

// dead says whether the process has ended.
func (w *worker) dead() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-w.gone:
		return true
	default:
		return false
	}
}

// signal sends a signal to the process, if there is one.
func (w *worker) signal(s syscall.Signal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.process != nil {
		_ = w.process.Process.Signal(s)
	}
}

// end waits for the end of the process, and kills it when that takes too long.
func (w *worker) end(patience time.Duration) {
	w.mu.Lock()
	gone := w.gone
	w.mu.Unlock()
	if gone == nil {
		return
	}
	select {
	case <-gone:
	case <-time.After(patience):
		w.signal(syscall.SIGKILL)
		<-gone
	}
}
