package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"runtime"
	"sync"
)

// program is segq as executors run it. Its name there has a digest of it: two of one name are the same.
//
// An executor that has none fetches it from here, by the means of the shell that Spark starts, and looks at the digest
// before it runs it. ADD FILE would do that as well, from an address of ours, and would have every executor of the
// server fetch it again, for whatever statement of whomever, after we have gone: they fail then. From a
// place that stays ([Options.File]) it has the cluster fetch it.
type program struct {
	path   string
	digest string
	file   string // that the cluster fetches by itself; "" for none
	at     net.Listener
	ended  sync.WaitGroup
}

// newProgram opens a program, and listens for executors that fetch it.
func newProgram(path, file string) (*program, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // which was only read
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &program{path: path, digest: hex.EncodeToString(h.Sum(nil)), file: file}, nil
}

// name is that of the file on an executor.
func (p *program) name() string { return "segq-" + p.digest[:16] }

// listen hands the program to whoever connects to an address.
func (p *program) listen(at string) (err error) {
	if p.at, err = net.Listen("tcp", at); err != nil {
		return fmt.Errorf("cannot hand the program to executors: %w", err)
	}
	p.ended.Go(func() {
		for {
			conn, err := p.at.Accept()
			if err != nil {
				return // it was closed
			}
			p.ended.Go(func() { p.hand(conn) })
		}
	})
	return nil
}

// hand writes the program. Who reads a part of it finds that out by the digest.
func (p *program) hand(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	f, err := os.Open(p.path)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }() // which was only read
	_, _ = io.Copy(conn, f)
}

// close lets nobody fetch the program any more.
func (p *program) close() {
	if p.at != nil {
		_ = p.at.Close()
	}
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
	if from == "" {
		host, _, err := net.SplitHostPort(s.transport.conn.LocalAddr().String())
		if err != nil {
			return err
		}
		from = net.JoinHostPort(host, "0")
	}
	return p.listen(from)
}

// machines are the names that uname -m has for processors.
var machines = map[string]string{"amd64": "x86_64", "arm64": "aarch64"}

// command is what Spark's shell does to start the program, with arguments that have no quotes.
func (p *program) command(arguments string) string {
	const missing = `echo "segq: the program is not on this executor" >&2; exit 127`
	if p.file != "" {
		// Where sessions are kept apart, their files are in a folder of their own.
		name := p.file[lastSlash(p.file)+1:]
		return fmt.Sprintf(`for f in ./%[1]s ./*/%[1]s; do [ -x "$f" ] && exec "$f" task %[2]s; done; `+missing, name, arguments)
	}
	host, port, _ := net.SplitHostPort(p.at.Addr().String())
	return fmt.Sprintf(`p=./%[1]s; t=$p.$$; if [ ! -x $p ]; then `+
		`[ "$(uname -m)" = %[2]s ] || { echo "segq: the executors are $(uname -m), and the program is for %[2]s" >&2; exit 126; }; `+
		`cat </dev/tcp/%[3]s/%[4]s >$t && echo "%[5]s  $t" | sha256sum -c --status && chmod 755 $t && mv -f $t $p || `+
		`{ rm -f $t; echo "segq: the program cannot be fetched from %[3]s port %[4]s" >&2; exit 126; }; fi; exec $p task %[6]s`,
		p.name(), machines[runtime.GOARCH], host, port, p.digest, arguments)
}

func lastSlash(path string) int {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' {
			return i
		}
	}
	return -1
}
