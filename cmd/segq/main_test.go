package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// asProgram in the environment makes this test binary segq.
const asProgram = "SEGQ_AS_PROGRAM"

// noConfig keeps the configuration of whoever runs the tests out of them.
const noConfig = "SEGQ_NO_CONFIG"

// historyVariable keeps what tests type in sessions out of the history of whoever runs them.
const historyVariable = "SEGQ_HISTORY"

// dataVariable keeps the saved segments of whoever runs the tests out of them.
const dataVariable = "XDG_DATA_HOME"

// unconfigured runs tests, and not segq in them, without configuration.
type unconfigured struct{ *testing.M }

// Run runs the tests.
func (m unconfigured) Run() int {
	os.Setenv(noConfig, "true")
	os.Setenv(historyVariable, noHistory)
	os.Setenv(dataVariable, filepath.Join(os.TempDir(), "no-data-of-segq"))
	return m.M.Run()
}

// TestMain makes this test binary answer as segq when a script calls it so, or its
// environment says so.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	testscript.Main(unconfigured{m}, map[string]func(){"segq": main})
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
