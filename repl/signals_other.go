//go:build !unix

package repl

import (
	"io"
	"os"
	"os/exec"
	"time"
)

// listenToJobs and job do nothing where there is no job control.
func (*signals) listenToJobs() {}

func (*signals) job(os.Signal) {}

// pause is nothing where a process cannot be stopped.
type pause struct {
	signals *signals
	stop    bool
}

// SetStdin, SetStdout and SetStderr make it what Bubble Tea runs.
func (*pause) SetStdin(io.Reader) {}

// SetStdout is like SetStdin.
func (*pause) SetStdout(io.Writer) {}

// SetStderr is like SetStdin.
func (*pause) SetStderr(io.Writer) {}

// Run returns at once.
func (*pause) Run() error {
	time.Sleep(settling)
	return nil
}

// gently does nothing: a command that is to end is killed.
func gently(*exec.Cmd) {}
