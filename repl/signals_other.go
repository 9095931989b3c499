//go:build !unix

package repl

import (
	"os"
	"os/exec"
)

// listenToJobs and job do nothing where there is no job control.
func (*signals) listenToJobs() {}

func (*signals) job(os.Signal) {}

// stop does nothing where a process cannot be stopped.
func (*signals) stop() error { return nil }

// gently does nothing: a command that is to end is killed.
func gently(*exec.Cmd) {}
