// Package redistest starts Redis servers for tests and benchmarks.
package redistest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// ErrNone says that there is no redis-server in the path.
var ErrNone = errors.New("there is no redis-server in the path, and SEGQ_TEST_REDIS names none")

// Required says whether tests fail where there is no server, rather than be skipped.
func Required() bool { return os.Getenv("SEGQ_REQUIRE_REDIS") != "" }

// Excused says whether tests may do without the server that they could not get, for err.
func Excused(err error) bool { return errors.Is(err, ErrNone) && !Required() }

// Test is what Need takes of a test or a benchmark.
type Test interface {
	Helper()
	Fatal(args ...any)
	Skip(args ...any)
}

// Need ends a test that could not get a server, for err, nil when it could: it is skipped
// where there is none, unless one is required. A server that does not start is a failure.
func Need(t Test, err error) {
	t.Helper()
	switch {
	case err == nil:
	case Excused(err):
		t.Skip(err)
	default:
		t.Fatal(err)
	}
}

// Any returns the URL of a server that tests may fill: the one that SEGQ_TEST_REDIS names, or
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

// Free returns an address of this machine at which nobody listens, below the ports that systems give to the connections
// of clients: such a one may be taken again before a server has it.
func Free() (addr, port string, err error) {
	for range 100 {
		var l net.Listener
		if l, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 12_000+rand.IntN(20_000))); err != nil {
			continue
		}
		addr = l.Addr().String()
		_, port, err = net.SplitHostPort(addr)
		return addr, port, errors.Join(err, l.Close())
	}
	return "", "", err
}

// StartAt starts a server that is told by its arguments, or a configuration file as the
// first of them, to listen at addr, and waits until it says that it does.
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
	end, err := Launch(program, append(args, "--bind", "127.0.0.1", "--save", "", "--dir", dir)...)
	stop = sync.OnceFunc(func() {
		end()
		_ = os.RemoveAll(dir)
	})
	if err != nil {
		stop()
		return none, fmt.Errorf("there is no server at %s: %w", addr, err)
	}
	return stop, nil
}

// Launch starts a server, and waits until it says that it accepts connections. stop kills
// it, and may be called again.
func Launch(program string, args ...string) (stop func(), err error) {
	none := func() {}
	c := exec.Command(program, append(args, "--loglevel", "notice", "--logfile", "")...)
	said, err := c.StdoutPipe()
	if err != nil {
		return none, err
	}
	if err := c.Start(); err != nil {
		return none, fmt.Errorf("cannot start %s: %w", program, err)
	}
	stop = sync.OnceFunc(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	// The bound is for a server that says something else.
	defer time.AfterFunc(10*time.Second, stop).Stop()
	if err := ready(said); err != nil {
		stop()
		return none, fmt.Errorf("%s %w", program, err)
	}
	return stop, nil
}

// ready reads what a server says until it says that it accepts connections, and goes on
// reading beside. The error is that it has ended, with what it has said.
func ready(stdout io.Reader) error {
	var before strings.Builder
	for lines := bufio.NewReader(stdout); ; {
		line, err := lines.ReadString('\n')
		before.WriteString(line)
		if err != nil {
			return fmt.Errorf("has ended: %s", before.String())
		}
		if strings.Contains(line, "Ready to accept connections") {
			go func() { _, _ = io.Copy(io.Discard, lines) }()
			return nil
		}
	}
}
