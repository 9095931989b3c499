//go:build unix

package repl

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/sys/unix"
)

// listenToJobs listens to what a shell or a developer says to a process.
func (s *signals) listenToJobs() {
	signal.Notify(s.received, syscall.SIGTSTP, syscall.SIGCONT, syscall.SIGQUIT)
}

// job does what such a signal asks for. While the terminal is an editor's, that is left to the editor.
func (s *signals) job(sig os.Signal) {
	switch away := s.away.Load(); {
	case sig == syscall.SIGTSTP && away:
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	case sig == syscall.SIGTSTP:
		go s.program.Send(stopMsg{})
	case sig == syscall.SIGCONT && away:
		select {
		case s.goesOn <- struct{}{}:
		default:
		}
	case sig == syscall.SIGCONT:
		go s.program.Send(continueMsg{})
	case sig == syscall.SIGQUIT: // Go's dump of all goroutines, on a terminal that can show it
		if s.out != nil {
			_, _ = s.out.WriteString("\r" + ansi.ResetModeBracketedPaste + ansi.ShowCursor + ansi.EraseScreenBelow)
		}
		s.restore()
		signal.Reset(syscall.SIGQUIT)
		_ = syscall.Kill(os.Getpid(), syscall.SIGQUIT)
	}
}

// stop stops the process while the terminal is the shell's, until it is told to go on. It does so in a way that cannot
// be caught, since Go never gives a signal that it has listened to back to the system.
func (s *signals) stop() error {
	if session, err := unix.Getsid(0); err != nil || session == unix.Getpgrp() { // no job of anybody's
		return errors.New("there is no shell to go to")
	}
	s.away.Store(true)
	defer s.away.Store(false)
	select {
	case <-s.goesOn:
	default:
	}
	if err := unix.Kill(0, unix.SIGSTOP); err != nil {
		return err
	}
	<-s.goesOn
	return nil
}

// gently makes a command end as it is asked to, before it is killed.
func gently(c *exec.Cmd) {
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = time.Second
}
