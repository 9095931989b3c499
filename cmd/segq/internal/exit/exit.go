// Package exit holds the exit statuses of the command line, and the errors that carry one.
// So is a bug in segq itself: fault.go turns a panic into an error with a report.
package exit

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"github.com/segq/segq/cmd/segq/internal/output"
)

// The statuses, a part of the command line's contract. [Statuses] says what they mean.
const (
	OK          = 0
	WrongQuery  = 1
	WrongUsage  = 2
	Unreachable = 3
	TimedOut    = 4
	Partial     = 5
	Unwritten   = 6
	Internal    = 7
	HungUp      = 129
	Interrupted = 130
	Terminated  = 143
)

// Error is an error that ends the program with a status of its own. Err may be nil when
// everything has been said already.
type Error struct {
	Status int
	Err    error
}

// Error returns the words, "" where everything has been said already.
func (e *Error) Error() string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}

// Unwrap returns the error itself.
func (e *Error) Unwrap() error { return e.Err }

// Usage makes err one of the command line or the configuration.
func Usage(err error) error { return &Error{WrongUsage, err} }

// Data makes err one of data or of Redis.
func Data(err error) error { return &Error{Unreachable, err} }

// Signalled is the cause of a context that a signal has cancelled.
type Signalled struct{ Signal syscall.Signal }

// Error names the signal.
func (s Signalled) Error() string { return s.Signal.String() }

// Is makes what a signal has ended a cancellation.
func (s Signalled) Is(target error) bool { return target == context.Canceled }

// StatusOf returns the exit status for what a command returned. A reader that
// went away (| head) is not an error.
func StatusOf(ctx context.Context, err error) int {
	var stop Signalled
	if errors.As(context.Cause(ctx), &stop) {
		switch stop.Signal {
		case syscall.SIGTERM:
			return Terminated
		case syscall.SIGHUP:
			return HungUp
		}
		return Interrupted
	}
	var status *Error
	var lost *output.Error
	switch {
	case err == nil:
		return OK
	case IsInternal(err):
		return Internal
	case errors.As(err, &lost):
		if lost.Gone() {
			return OK
		}
		return Unwritten
	case errors.Is(err, context.DeadlineExceeded):
		return TimedOut
	case errors.As(err, &status):
		return status.Status
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return Unreachable
	}
	return WrongUsage
}
