package executor

import (
	"bufio"
	"io"
	"time"
)

// tickSize is how much is read at each tick: as much as a line that means nothing has.
const tickSize = 8 << 10

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
		for {
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

// drain reads what is left: a writer whose pipe breaks counts as one that has failed.
func (t *ticks) drain() {
	close(t.stop)
	<-t.done
	_, _ = io.Copy(io.Discard, t.in) // of which nothing is wanted
}
