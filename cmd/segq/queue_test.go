package main

import (
	"testing"

	"github.com/google/uuid"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/segq/segq/redisx/redistest"
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
	url, stop, err := redistest.Any()
	switch {
	case err == nil:
		t.Cleanup(stop)
	case redistest.Required():
		t.Fatal(err)
	default:
		t.Skip(err)
	}
	return url
}
