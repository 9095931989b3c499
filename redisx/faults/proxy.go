//go:build unix

package main

import (
	"bytes"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// proxy stands between one worker and Redis, and does to their connections what a
// network may do.
type proxy struct {
	listener net.Listener
	server   string
	wait     sync.WaitGroup
	cut      atomic.Int32 // replies still to lose, each with its connection
	lost     atomic.Int32 // replies lost
	hole     atomic.Int64 // until when nothing gets through, in Unix nanoseconds
	// from and to are bytes to replace in what the worker sends, of equal length;
	// none for no replacement.
	from, to []byte
}

func newProxy(server string) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{listener: l, server: server}
	p.wait.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p.wait.Go(func() { p.serve(conn) })
		}
	})
	return p, nil
}

func (p *proxy) url() string { return "redis://" + p.listener.Addr().String() }

// close ends the proxy when all its connections have ended.
func (p *proxy) close() {
	_ = p.listener.Close()
	p.wait.Wait()
}

// serve passes bytes both ways until one side ends.
func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return
	}
	defer server.Close()
	p.wait.Go(func() {
		defer server.Close()
		pass(client, server, func(b []byte) bool {
			p.fall()
			copy(b, bytes.ReplaceAll(b, p.from, p.to))
			return true
		})
	})
	pass(server, client, func([]byte) bool {
		if p.fall(); p.cut.Load() > 0 && p.cut.Add(-1) >= 0 {
			p.lost.Add(1)
			return false
		}
		return true
	})
}

// fall waits while there is a black hole, which may be closed before its time. To sleep
// is what it is for.
func (p *proxy) fall() {
	for {
		left := time.Until(time.Unix(0, p.hole.Load()))
		if left <= 0 {
			return
		}
		time.Sleep(min(left, 20*time.Millisecond))
	}
}

// pass copies from one side to the other while through lets it.
func pass(from, to net.Conn, through func([]byte) bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil || !through(buffer[:n]) {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}
