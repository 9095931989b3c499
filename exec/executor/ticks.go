package executor

import (
	"bufio"
	"io"
	"time"
)

// tickSize is how much is read at each tick: as much as a line that means nothing has.
const tickSize = 8 << 10

const (
	// quickTicks is how many of these lines are read one at each tick, and slower how many ticks there are between those that follow: whoever
	// works for long may be told later that it is in vain, and each line has to be made, sent and read, in the end for nothing.
	quickTicks = 80
	slower     = 4
)

// Ticks returns how many lines that mean nothing are read in so long, where each is how long a tick is.
func Ticks(within, each time.Duration) int {
	n := int(within / each)
	if n > quickTicks {
		n = quickTicks + (n-quickTicks)/slower
	}
	return n + 1
}

// ticks reads what comes behind the first line, slowly: whoever writes it looks between lines whether the work is
// still wanted, and if the pipe were empty it would be through with that at once.
type ticks struct {
	in         io.Reader
	stop, done chan struct{}
}

func tick(in *bufio.Reader, each time.Duration) *ticks {
	t := &ticks{in: in, stop: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(t.done)
		if each <= 0 {
			return
		}
		buffer := make([]byte, tickSize)
		clock := time.NewTicker(each)
		defer clock.Stop()
		for n := 1; ; n++ {
			if n == quickTicks {
				clock.Reset(slower * each)
			}
			select {
			case <-t.stop:
				return
			case <-clock.C:
			}
			if _, err := io.ReadFull(in, buffer); err != nil {
				return
			}
		}
	}()
	return t
}

// drain reads what is left: a writer whose pipe breaks counts as one that has failed. hurry, which may be nil, is called before.
func (t *ticks) drain(hurry func()) {
	close(t.stop)
	<-t.done
	if hurry != nil {
		hurry()
	}
	_, _ = io.Copy(io.Discard, t.in) // of which nothing is wanted
}
