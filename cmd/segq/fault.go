package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
)

// fault is a panic of this program that a guard has caught.
type fault struct {
	value any
	stack []byte
}

// Error gives what was panicked with.
func (f *fault) Error() string { return fmt.Sprintf("internal error: %v", f.value) }

// Report says what the maintainers need to know. The traceback goes to a file: it is
// long, and nothing that most people can read.
func (f *fault) Report() string {
	report := fmt.Sprintf("%s\n\n%s\n\n%s", versionText(), f.Error(), f.stack)
	name, err := keepReport(report)
	if err != nil {
		return "this is a mistake of segq; please report it with the command, the data if you may, and this:\n" + report
	}
	return "this is a mistake of segq; please report it with the command, the data if you may, and what is in " + name
}

// keepReport writes a report to a file that only the user can read.
func keepReport(report string) (name string, err error) {
	f, err := os.CreateTemp("", "segq-fault-*.txt")
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(report)
	return f.Name(), errors.Join(err, f.Close())
}

// guarded gives a panic as an error.
func guarded(run func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &fault{v, debug.Stack()}
		}
	}()
	return run()
}

// internal is an error that is nobody's fault but segq's, and says what to do about it.
type internal interface {
	error
	Report() string
}

// isInternal says whether err tells of a fault of segq.
func isInternal(err error) bool {
	var fault internal
	return errors.As(err, &fault)
}

// reported gives the report of a fault as a line of its own, "" for any other error.
func reported(err error) string {
	var fault internal
	if errors.As(err, &fault) {
		return "\n  " + fault.Report()
	}
	return ""
}
