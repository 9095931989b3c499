package main

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"github.com/segq/segq/cmd/segq/internal/output"
)

// The exit statuses, a part of the command line's contract.
const (
	exitOK        = 0
	exitQuery     = 1 // a query is wrong
	exitUsage     = 2 // the command line or the configuration is wrong
	exitData      = 3 // data or Redis cannot be reached
	exitTimeout   = 4
	exitPartial   = 5 // some of several queries failed
	exitOutput    = 6 // output cannot be written
	exitInternal  = 7 // a fault of segq itself
	exitInterrupt = 130
	exitTerm      = 143
)

// statusError is an error that ends the program with a status of its own. Its
// err may be nil when everything has been said already.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *statusError) Unwrap() error { return e.err }

func usageError(err error) error { return &statusError{exitUsage, err} }
func dataError(err error) error  { return &statusError{exitData, err} }

// signalled is the cause of a context that a signal has cancelled.
type signalled struct{ signal syscall.Signal }

func (s signalled) Error() string { return s.signal.String() }

// Is makes what a signal has ended a cancellation.
func (s signalled) Is(target error) bool { return target == context.Canceled }

// statusOf gives the exit status for what a command returned. A reader that
// went away (| head) is not an error.
func statusOf(ctx context.Context, err error) int {
	var stop signalled
	if errors.As(context.Cause(ctx), &stop) {
		if stop.signal == syscall.SIGTERM {
			return exitTerm
		}
		return exitInterrupt
	}
	var status *statusError
	var lost *output.Error
	switch {
	case err == nil:
		return exitOK
	case isInternal(err):
		return exitInternal
	case errors.As(err, &lost):
		if lost.Gone() {
			return exitOK
		}
		return exitOutput
	case errors.Is(err, context.DeadlineExceeded):
		return exitTimeout
	case errors.As(err, &status):
		return status.status
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return exitData
	}
	return exitUsage
}
