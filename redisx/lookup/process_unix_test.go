//go:build unix

package lookup

import (
	"os"
	"syscall"
	"testing"
	"time"
)

func stopProcess(t *testing.T, p *os.Process)     { signal(t, p, syscall.SIGSTOP) }
func continueProcess(t *testing.T, p *os.Process) { signal(t, p, syscall.SIGCONT) }

func signal(t *testing.T, p *os.Process, s syscall.Signal) {
	t.Helper()
	if err := p.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// ownTime is the time that this process has computed for.
func ownTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
