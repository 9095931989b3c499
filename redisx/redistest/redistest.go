// Package redistest starts Redis servers for tests and benchmarks.
package redistest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"sync"
	"time"
)

// ErrNone says that there is no redis-server in the path.
var ErrNone = errors.New("there is no redis-server in the path, and SEGQ_TEST_REDIS names none")

// Required says whether tests fail where there is no server, rather than be skipped.
func Required() bool { return os.Getenv("SEGQ_REQUIRE_REDIS") != "" }

// Any gives the URL of a server that tests may fill: the one that SEGQ_TEST_REDIS names, or
// one that it starts. stop ends what was started.
func Any() (url string, stop func(), err error) {
	if url := os.Getenv("SEGQ_TEST_REDIS"); url != "" {
		return url, func() {}, nil
	}
	addr, stop, err := Start()
	return "redis://" + addr, stop, err
}

// Start starts a server that keeps nothing, on a free port of this machine, with more
// arguments if there are. stop kills it, and may be called again.
func Start(args ...string) (addr string, stop func(), err error) {
	addr, port, err := Free()
	if err != nil {
		return "", func() {}, err
	}
	stop, err = StartAt(addr, append([]string{"--port", port}, args...)...)
	return addr, stop, err
}

// Again starts a server at the address of one that was stopped.
func Again(addr string) (stop func(), err error) {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return func() {}, err
	}
	return StartAt(addr, "--port", port)
}

// Free gives an address of this machine at which nobody listens.
func Free() (addr, port string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	addr = l.Addr().String()
	_, port, err = net.SplitHostPort(addr)
	return addr, port, errors.Join(err, l.Close())
}

// StartAt starts a server that is told by its arguments, or a configuration file as the
// first of them, where to listen, and waits until it listens at addr.
func StartAt(addr string, args ...string) (stop func(), err error) {
	none := func() {}
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return none, ErrNone
	}
	dir, err := os.MkdirTemp("", "segq-redis")
	if err != nil {
		return none, err
	}
	c := exec.Command(program, append(args, "--bind", "127.0.0.1", "--save", "", "--dir", dir)...)
	if err := c.Start(); err != nil {
		return none, err
	}
	stop = sync.OnceFunc(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		_ = os.RemoveAll(dir)
	})
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if conn, err := net.Dial("tcp", addr); err == nil {
			conn.Close()
			return stop, nil
		}
	}
	stop()
	return none, fmt.Errorf("%s does not listen on %s", program, addr)
}
