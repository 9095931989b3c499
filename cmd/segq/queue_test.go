package main

import (
	"testing"

	"github.com/google/uuid"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
)

// TestQueueScript runs the scripts of testdata/queue, which speak to a Redis server: the
// one at SEGQ_TEST_REDIS, or one of the test's own. Each script has a namespace to
// itself.
func TestQueueScript(t *testing.T) {
	t.Parallel()
	url := workertest.Redis(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/queue",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("SEGQ_REDIS_URL", url)
			e.Setenv(noConfig, "true")
			e.Setenv("NS", "test-"+uuid.NewString())
			return nil
		},
	})
}
