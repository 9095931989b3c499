package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes this test binary answer as segq when a script calls it so.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"segq": main})
}

// TestScript runs the txtar scripts of testdata/script against the program.
// UPDATE_SCRIPTS=1 rewrites their expected outputs.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("SEGQ_REDIS_URL", "")
			return nil
		},
	})
}
