//go:build unix

package main

import (
	"net"
	"os"
	"os/exec"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/segq/segq/redisx/redistest"
)

// broker is what the workers and their clients meet at.
type broker interface {
	addr() string
	// restart kills the broker and starts it again with its data; false when it
	// cannot.
	restart() (bool, error)
	stop()
}

// server is a Redis server. One that is durable writes a log of its commands, so that
// killing it loses nothing; another comes back empty.
type server struct {
	program, address, dir string
	durable               bool
	kill                  func()
}

func startServer(program string, durable bool) (broker, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return nil, errNoServer
	}
	address, _, err := redistest.Free()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "segq-faults")
	if err != nil {
		return nil, err
	}
	s := &server{program: path, address: address, dir: dir, durable: durable, kill: func() {}}
	if err := s.start(); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func (s *server) start() error {
	_, port, err := net.SplitHostPort(s.address)
	if err != nil {
		return err
	}
	log := "no"
	if s.durable {
		log = "yes"
	}
	s.kill, err = redistest.Launch(s.program, "--port", port, "--bind", "127.0.0.1", "--dir", s.dir,
		"--save", "", "--appendonly", log, "--appendfsync", "everysec")
	return err
}

func (s *server) addr() string { return s.address }

func (s *server) restart() (bool, error) {
	s.kill()
	return true, s.start()
}

func (s *server) stop() {
	s.kill()
	_ = os.RemoveAll(s.dir)
}

// embedded is the broker that segq has inside, here with a port.
type embedded struct {
	*miniredis.Miniredis
	done chan struct{}
}

func startEmbedded() (broker, error) {
	m := miniredis.NewMiniRedis()
	if err := m.StartAddr("127.0.0.1:0"); err != nil {
		return nil, err
	}
	e := &embedded{m, make(chan struct{})}
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-e.done:
				return
			case <-tick.C:
				m.FastForward(time.Second)
			}
		}
	}()
	return e, nil
}

func (e *embedded) addr() string { return e.Addr() }

func (e *embedded) restart() (bool, error) { return false, nil }

func (e *embedded) stop() {
	close(e.done)
	e.Close()
}
