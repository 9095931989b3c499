package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// asProgram in the environment makes this test binary segq.
const asProgram = "SEGQ_AS_PROGRAM"

// noConfig keeps the configuration of whoever runs the tests out of them.
const noConfig = "SEGQ_NO_CONFIG"

// TestMain makes this test binary answer as segq when a script calls it so, or its
// environment says so.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Setenv(noConfig, "true")
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
			e.Setenv(noConfig, "true")
			return nil
		},
	})
}
