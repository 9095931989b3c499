package main

import (
	"net"
	"os"
	"os/exec"
	"testing"

	"github.com/google/uuid"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestQueueScript runs the scripts of testdata/queue, which speak to a Redis server: the
// one at SEGQ_TEST_REDIS, or one of the test's own. Each script has a namespace to
// itself.
func TestQueueScript(t *testing.T) {
	t.Parallel()
	url := testRedis(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/queue",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("SEGQ_REDIS_URL", url)
			e.Setenv("NS", "test-"+uuid.NewString())
			return nil
		},
	})
}

// testRedis gives the URL of a server, its own unless one is named.
func testRedis(t testing.TB) string {
	t.Helper()
	if url := os.Getenv("SEGQ_TEST_REDIS"); url != "" {
		return url
	}
	server, err := exec.LookPath("redis-server")
	if err != nil {
		if os.Getenv("SEGQ_REQUIRE_REDIS") != "" {
			t.Fatal(err)
		}
		t.Skip("there is no redis-server: SEGQ_TEST_REDIS names one")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free.Close()
	addr := free.Addr().String()
	_, port, _ := net.SplitHostPort(addr)
	c := exec.Command(server, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir())
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	for t.Context().Err() == nil {
		if conn, err := net.Dial("tcp", addr); err == nil {
			conn.Close()
			break
		}
	}
	return "redis://" + addr
}
