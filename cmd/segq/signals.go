package main

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
)

// signalled are the signals of the process, with what those mean that do not end it.
type signalled struct {
	came chan os.Signal
	// keys says that SIGINT is a key to press.
	keys atomic.Bool
	// asks hears of SIGHUP instead of the end of the process; nil for nobody.
	asks atomic.Pointer[chan struct{}]
	// terminal says that there was one when SIGHUP got that meaning, by which the process is hung up too.
	terminal atomic.Bool
}

// signalsKey is the key of the signals in a context.
type signalsKey struct{}

// grace is how long the first signal that ends the process has for what is to be done before, as to cancel what is in
// the queue.
const grace = 2 * time.Second

// withSignals returns a context that SIGINT, SIGTERM and SIGHUP cancel, with the signal
// as its cause. A second signal ends the process, once [grace] is over: what ends a user's session sends several at once.
// SIGHUP does not: nobody insists by that, a terminal that is closed sends it, and so does its shell. SIGHUP that is
// ignored, as under nohup, stays so.
func withSignals(parent context.Context) (context.Context, func()) {
	s := &signalled{came: make(chan os.Signal, 2)}
	ctx, cancel := context.WithCancelCause(context.WithValue(parent, signalsKey{}, s))
	signal.Notify(s.came, syscall.SIGINT, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(s.came, syscall.SIGHUP)
	}
	go func() {
		var first time.Time
		var end *time.Timer
		for one := range s.came {
			ending := !first.IsZero()
			switch {
			case one == syscall.SIGINT && s.keys.Load(), one == syscall.SIGHUP && !ending && s.asked():
			case ending && (one == syscall.SIGHUP || end != nil):
			case ending:
				end = time.AfterFunc(time.Until(first.Add(grace)), func() { os.Exit(128 + int(one.(syscall.Signal))) })
			default:
				first = time.Now()
				cancel(exit.Signalled{Signal: one.(syscall.Signal)})
			}
		}
		if end != nil {
			end.Stop()
		}
	}()
	return ctx, func() {
		signal.Stop(s.came)
		close(s.came)
		cancel(nil)
	}
}

// asked passes SIGHUP on to who hears of it, and says whether there is somebody. One that comes because the
// terminal is gone ends the process as ever.
func (s *signalled) asked() bool {
	asks := s.asks.Load()
	if asks == nil || s.terminal.Load() && !console.HasTerminal() {
		return false
	}
	select {
	case *asks <- struct{}{}:
	default: // one that has not been heard yet is enough
	}
	return true
}

// interruptsAreKeys lets the caller have SIGINT for itself: it ends nothing any more.
func interruptsAreKeys(ctx context.Context) {
	if s, ok := ctx.Value(signalsKey{}).(*signalled); ok {
		s.keys.Store(true)
	}
}

// hangUpsAsk makes SIGHUP ask for something instead of ending the process, also where it is ignored: who is asked
// hears of it from the channel.
func hangUpsAsk(ctx context.Context) <-chan struct{} {
	asks := make(chan struct{}, 1)
	if s, ok := ctx.Value(signalsKey{}).(*signalled); ok {
		s.terminal.Store(!signal.Ignored(syscall.SIGHUP) && console.HasTerminal())
		s.asks.Store(&asks)
		signal.Notify(s.came, syscall.SIGHUP)
	}
	return asks
}
