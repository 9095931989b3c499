package backend

import (
	"fmt"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl"
)

// awayError says in a few words why Redis cannot be reached.
type awayError struct{ error }

func (e awayError) Error() string {
	return broker.Reason(e.error) + "; " + strings.TrimPrefix(broker.Advice(e.error), "it does not answer: ")
}

// Is says that it is a [repl.ErrAway].
func (awayError) Is(target error) bool { return target == repl.ErrAway }

func (e awayError) Unwrap() error { return e.error }

// reached says of an error of the queue elsewhere what to do about it.
func (b *backend) reached(err error) error {
	switch {
	case err == nil || b.Client.Embedded():
		return err
	case redisx.Away(err):
		return awayError{err}
	case broker.Refused(err):
		return fmt.Errorf("%w; %s", bare{err}, broker.Advice(err))
	}
	return err
}

// bare is an error without the point that Redis puts behind a sentence.
type bare struct{ error }

func (e bare) Error() string { return strings.TrimSuffix(e.error.Error(), ".") }

func (e bare) Unwrap() error { return e.error }
