package executor

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// RefusedError says that a part is not answered, and would not be by another attempt: what was asked makes no sense there, or its
// time is over. It comes in place of an answer, since whoever has started the process would retry one that has failed.
type RefusedError struct {
	// Over says that the time is over.
	Over bool   `json:"over,omitempty"`
	Text string `json:"text"`
}

// Error returns what the executor has said.
func (e *RefusedError) Error() string { return "on an executor: " + e.Text }

// refusal is what stands before it: no answer begins with it.
const refusal = "!"

// refused returns a refusal in place of an error, where it is one.
func refused(ctx context.Context, part int, err error) (text string, is bool) {
	r := &RefusedError{Text: fmt.Sprintf("part %d: %v", part, err)}
	var wrong *WrongError
	switch {
	case errors.As(err, &wrong):
	case errors.Is(err, context.DeadlineExceeded) && errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		r.Over, r.Text = true, fmt.Sprintf("part %d: the time of the batch is over", part)
	default:
		return "", false
	}
	text, encoding := encode(r)
	return refusal + text, encoding == nil
}

// Refusal returns the error that stands in place of an answer, nil where none does.
func Refusal(text string) error {
	text, is := strings.CutPrefix(text, refusal)
	if !is {
		return nil
	}
	r := &RefusedError{}
	if err := decode(text, r); err != nil {
		return fmt.Errorf("it is no answer: %w", err)
	}
	return r
}
