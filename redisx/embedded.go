package redisx

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
	"google.golang.org/grpc/test/bufconn"
)

// Embedded starts a broker inside this process. It has no port: its Lua is not
// sandboxed, so that nobody else should reach it. It keeps nothing. The caller
// closes the client, which ends the broker.
func Embedded(ctx context.Context) (*Client, error) {
	broker := miniredis.NewMiniRedis()
	// The first Dial makes a server without a listener. Its own connections have
	// no buffer and would stall on long pipelines; those below have one.
	first, err := broker.Dial()
	if err != nil {
		return nil, fmt.Errorf("cannot start the embedded broker: %w", err)
	}
	first.Close()
	server := broker.Server()
	listener := bufconn.Listen(1 << 20)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			server.ServeConn(conn)
		}
	}()
	c := newClient(&redis.Options{
		Addr: "embedded",
		// Else the library asks the name servers for this address, and waits for them.
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
		Dialer:                   func(ctx context.Context, _, _ string) (net.Conn, error) { return listener.DialContext(ctx) },
	}, "embedded")
	c.embedded = true
	// It is slow with large sorted sets and with many keys that have a TTL.
	c.queueCap, c.totalCap, c.keep, c.keepBytes, c.keepGone = 1000, 5000, 2000, 64<<20, 1000
	stop := driveClock(broker)
	c.closers = append(c.closers, func() error {
		stop()
		err := listener.Close()
		broker.Close()
		return err
	})
	if err := c.greet(ctx, "the embedded broker"); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// driveClock lets the broker's time pass once a second: it expires keys only when
// told how much time has gone by.
func driveClock(broker *miniredis.Miniredis) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		last := time.Now()
		for {
			select {
			case <-done:
				return
			case now := <-tick.C:
				broker.FastForward(now.Sub(last))
				last = now
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}
