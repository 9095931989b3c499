package worker

import (
	"context"
	"fmt"
	"testing"
)

// TestLater: what takes long is made in the background, one at a time, once for all who ask for it; what is begun for nobody is bounded,
// and a fault in it is an error of that answer alone.
func TestLater(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	s := &service{ctx: ctx, handler: &handler{}}
	t.Cleanup(func() { stop(); s.working.Wait() })
	var l later[string]
	goes, begun := make(chan struct{}), make(chan string, 2*laterMost)
	ask := func(question, of string, again bool) (string, bool, error) {
		return l.answer(s, question, of, again, func(context.Context) (string, error) {
			begun <- question
			<-goes
			if question == "fault" {
				panic("fault")
			}
			return question + of, nil
		})
	}
	wants := func(question, of string, again bool, want string) {
		t.Helper()
		value, there, err := ask(question, of, again)
		if got := fmt.Sprint(value, " ", there, " ", err); got != want {
			t.Errorf("%s of %q, again %v: %s, not %s", question, of, again, got, want)
		}
	}
	const pending = " false <nil>"
	until := func(question, of string) { // the answer is there
		t.Helper()
		<-begun
		goes <- struct{}{}
		l.turn.Lock() // who makes it has that to its end
		defer l.turn.Unlock()
		if l.made[question].ended.IsZero() {
			t.Errorf("%s of %q has no end", question, of)
		}
	}
	wants("a", "1", false, pending)
	wants("a", "1", true, pending)
	wants("a", "2", false, pending) // another has begun it: who asks again gets that one
	until("a", "1")
	wants("a", "2", true, "a1 true <nil>")
	wants("a", "1", false, "a1 true <nil>")
	wants("a", "2", false, pending) // it is not that one any more
	until("a", "2")
	wants("b", "", false, pending)
	until("b", "")
	wants("b", "", true, "b true <nil>")
	wants("b", "", false, pending)
	until("b", "")
	wants("fault", "1", false, pending)
	until("fault", "1")
	wants("fault", "1", true, " true the worker has met an internal error")
	wants("fault", "1", false, pending) // an error is not kept for others
	until("fault", "1")
	for i := range 2 * laterMost {
		wants(fmt.Sprint("many", i), "", false, pending)
	}
	if len(l.made) != laterMost {
		t.Errorf("%d are on their way", len(l.made))
	}
	<-begun
	if len(begun) > 0 {
		t.Error("two at a time")
	}
	stop()
	close(goes)
}
