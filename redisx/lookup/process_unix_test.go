//go:build unix

package lookup

import (
	"os"
	"syscall"
	"testing"
)

func stopProcess(t *testing.T, p *os.Process)     { signal(t, p, syscall.SIGSTOP) }
func continueProcess(t *testing.T, p *os.Process) { signal(t, p, syscall.SIGCONT) }

func signal(t *testing.T, p *os.Process, s syscall.Signal) {
	t.Helper()
	if err := p.Signal(s); err != nil {
		t.Fatal(err)
	}
}
