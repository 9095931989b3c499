package repl

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// inquiry is a kind of question about the text that is being typed. One is asked at a time, and of
// those that come meanwhile only the newest: an answer that took long is not worth more than
// the next. T is what is learned, and tells the kinds apart.
type inquiry[T any] struct {
	round  int // of the newest question; what is due or answered for older ones is void
	asking bool
	stop   context.CancelFunc // ends the question under way
	next   func(context.Context) T
}

// dueMsg says that it is time to ask; answerMsg is what was learned.
type (
	dueMsg[T any]    struct{ round int }
	answerMsg[T any] struct {
		round  int
		answer T
	}
)

// drop makes all that was asked void.
func (i *inquiry[T]) drop() {
	i.round++
	i.next = nil
	if i.stop != nil {
		i.stop()
	}
}

// after drops what was asked, and tells after d that it is time for another question. A question under way
// ends meanwhile.
func (i *inquiry[T]) after(ctx context.Context, d time.Duration) tea.Cmd {
	i.drop()
	ctx, i.stop = context.WithTimeout(ctx, d)
	round := i.round
	return func() tea.Msg {
		<-ctx.Done()
		if ctx.Err() != context.DeadlineExceeded {
			return nil
		}
		return dueMsg[T]{round}
	}
}

// ask drops what was asked, and asks this as soon as the question under way has ended.
func (i *inquiry[T]) ask(ctx context.Context, question func(context.Context) T) tea.Cmd {
	i.drop()
	if i.asking {
		i.next = question
		return nil
	}
	return i.start(ctx, question)
}

func (i *inquiry[T]) start(ctx context.Context, question func(context.Context) T) tea.Cmd {
	i.asking = true
	ctx, stop := context.WithCancel(ctx)
	i.stop = stop
	round := i.round
	return func() tea.Msg {
		defer stop()
		return answerMsg[T]{round, question(ctx)}
	}
}

// answered ends a question, says whether its answer is wanted, and starts the one that waits.
func (i *inquiry[T]) answered(ctx context.Context, msg answerMsg[T]) (wanted bool, next tea.Cmd) {
	i.asking = false
	if question := i.next; question != nil {
		i.next = nil
		return false, i.start(ctx, question)
	}
	return msg.round == i.round, nil
}
