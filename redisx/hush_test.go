package redisx

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestHush ends a read that waits for something which never comes, and leaves the other connections.
func TestHush(t *testing.T) {
	t.Parallel()
	url, _ := startServer(t)
	c, err := Open(t.Context(), Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ended := make(chan error, 1)
	waiting := c.blocking.WithTimeout(time.Minute)
	go func() { ended <- waiting.BLPop(context.WithoutCancel(t.Context()), time.Minute, c.keys.bell()).Err() }()
	for {
		info, err := c.control.Info(t.Context(), "clients").Result()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(info, "blocked_clients:1") {
			break
		}
		pause(t.Context(), time.Millisecond)
	}
	began := time.Now()
	c.Hush()
	if err := <-ended; err == nil || isNil(err) || time.Since(began) > 30*time.Second {
		t.Errorf("the read ended with %v after %v", err, time.Since(began))
	}
	if err := c.control.Ping(t.Context()).Err(); err != nil {
		t.Error(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}
