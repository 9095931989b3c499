package cluster

import (
	"context"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// program is segq as executors run it. Its name there has a digest of it: two of one name are the same.
//
// An executor that has none fetches it from here, by the means of the shell that Spark starts, and looks at the digest
// before it runs it. ADD FILE would do that as well, from an address of ours, and would have every executor of the
// server fetch it again, for whatever statement of whomever, after we have gone: they fail then. From a
// place that stays ([Options.File]) it has the cluster fetch it.
type program struct {
	on     *os.File // which stays what it is when another takes its name
	size   int64
	digest string
	// machine is the processor that it is for, as uname -m names it, and also are those for others.
	machine string
	also    []*program
	file    string // that the cluster fetches by itself; "" for none

	at    net.Listener
	host  string // by which executors know it
	ended sync.WaitGroup

	mu      sync.Mutex // guards what follows
	closed  bool
	fetched map[net.Conn]bool // connections over which it is fetched
}

// machines are the names that uname -m has for processors.
var machines = map[elf.Machine]string{elf.EM_X86_64: "x86_64", elf.EM_AARCH64: "aarch64"}

// newProgram opens a program, and those for other processors.
func newProgram(path, file string, also ...string) (*program, error) {
	if file != "" {
		return &program{file: file}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	machine := machineOf(f)
	switch {
	case machine == "" && len(also) > 0: // this one is for another system
		return newProgramOr(f.Close(), also)
	case machine == "":
		return nil, errors.Join(fmt.Errorf("%s is no program for Linux on x86_64 or aarch64, which executors could run: --cluster-also names one", path), f.Close())
	}
	h := sha256.New()
	size, err := io.Copy(h, f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	p := &program{on: f, size: size, digest: hex.EncodeToString(h.Sum(nil)), machine: machine, file: file, fetched: map[net.Conn]bool{}}
	for _, path := range also {
		other, err := newProgram(path, "")
		if err == nil && slices.ContainsFunc(append(p.also, p), func(of *program) bool { return of.machine == other.machine }) {
			err = errors.Join(fmt.Errorf("%s is a second program for %s", path, other.machine), other.close())
		}
		if err != nil {
			return nil, errors.Join(err, p.close())
		}
		p.also = append(p.also, other)
	}
	return p, nil
}

// newProgramOr opens the first of some programs, with the others.
func newProgramOr(err error, paths []string) (*program, error) {
	if err != nil {
		return nil, err
	}
	return newProgram(paths[0], "", paths[1:]...)
}

// machineOf returns the processor that a program is for, "" where it is none.
func machineOf(f *os.File) string {
	e, err := elf.NewFile(f)
	if err != nil {
		return ""
	}
	return machines[e.Machine] // e has nothing to close: the file is ours
}

// name is that of the file on an executor.
func (p *program) name() string { return "segq-" + p.digest[:16] }

// listen hands the program to whoever connects to an address. Where that is one of no machine in particular, executors are told
// host.
func (p *program) listen(at, host string) error {
	l, err := net.Listen("tcp", at)
	if err != nil {
		return fmt.Errorf("cannot hand the program to executors: %w", err)
	}
	p.at, p.host = l, host
	if a, ok := l.Addr().(*net.TCPAddr); ok && !a.IP.IsUnspecified() {
		p.host = a.IP.String()
	}
	p.ended.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // it was closed
			}
			if p.enter(conn) {
				p.ended.Go(func() { p.hand(conn) })
			}
		}
	})
	return nil
}

const (
	// handedAtOnce is to how many the program is handed at a time, others being turned away: an executor tries again.
	handedAtOnce = 256
	// handedWithin is how long one may take.
	handedWithin = 2 * time.Minute
)

// enter notes a connection, unless there are too many.
func (p *program) enter(conn net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.fetched) == handedAtOnce {
		_ = conn.Close() // of which nothing is wanted
		return false
	}
	p.fetched[conn] = true
	return true
}

// hand writes the program. Who reads a part of it finds that out by the digest.
func (p *program) hand(conn net.Conn) {
	_ = conn.SetDeadline(time.Now().Add(handedWithin))
	_, _ = io.Copy(conn, io.NewSectionReader(p.on, 0, p.size))
	_ = conn.Close() // the digest says whether all has come
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.fetched, conn)
}

// close lets nobody fetch the program any more.
func (p *program) close() error {
	if p.at != nil {
		_ = p.at.Close() // it was only listened to
	}
	p.mu.Lock()
	p.closed = true
	for conn := range p.fetched {
		_ = conn.Close()
	}
	p.mu.Unlock()
	p.ended.Wait()
	var err error
	if p.on != nil {
		err = p.on.Close()
	}
	for _, other := range p.also {
		err = errors.Join(err, other.close())
	}
	return err
}

// fileName is what the path of a program may be made of, that is part of a statement.
var fileName = regexp.MustCompile(`^[\p{L}\p{N}/:._@+=-]+$`)

// introduce has the cluster fetch the program by itself, where there is such a place, or sees to it that executors
// can.
func (p *program) introduce(ctx context.Context, s *session, from string) error {
	if p.file != "" {
		if !fileName.MatchString(p.file) {
			return fmt.Errorf("the path of the program on the cluster has characters that no statement can have: %q", p.file)
		}
		_, err := s.query(ctx, "ADD FILE '"+p.file+"'")
		return err
	}
	if p.at != nil {
		return nil
	}
	host, _, err := net.SplitHostPort(s.transport.conn.LocalAddr().String())
	if err != nil {
		return err
	}
	if from == "" {
		from = net.JoinHostPort(host, "0")
	}
	for _, other := range p.also {
		if err := other.listen(net.JoinHostPort(hostOf(from), "0"), host); err != nil {
			return err
		}
	}
	return p.listen(from, host)
}

func hostOf(address string) string {
	host, _, _ := net.SplitHostPort(address)
	return host
}

// command is what Spark's shell does to start the program, with arguments that have no quotes.
func (p *program) command(arguments string) string {
	const missing = `echo "segq: the program is not on this executor" >&2; exit 127`
	if p.file != "" {
		// Where sessions are kept apart, their files are in a folder of their own.
		name := p.file[lastSlash(p.file)+1:]
		return fmt.Sprintf(`for f in ./%[1]s ./*/%[1]s; do [ -x "$f" ] && exec "$f" task %[2]s; done; `+missing, name, arguments)
	}
	var cases strings.Builder
	var names []string
	for _, one := range append([]*program{p}, p.also...) {
		_, port, _ := net.SplitHostPort(one.at.Addr().String())
		fmt.Fprintf(&cases, "%s) p=./%s; d=%s; h=%s; o=%s;; ", one.machine, one.name(), one.digest, one.host, port)
		names = append(names, one.machine)
	}
	return fmt.Sprintf(`m=$(uname -m); case $m in %s*) echo "segq: the executors are $m, and the program is for %s" >&2; exit 126;; esac; t=$p.$$; if [ ! -x $p ]; then `+
		`cat </dev/tcp/$h/$o >$t && echo "$d  $t" | sha256sum -c --status && chmod 755 $t && mv -f $t $p || `+
		`{ rm -f $t; echo "segq: the program cannot be fetched from $h port $o" >&2; exit 126; }; fi; exec $p task %s`,
		cases.String(), strings.Join(names, " and "), arguments)
}

func lastSlash(path string) int {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' {
			return i
		}
	}
	return -1
}
