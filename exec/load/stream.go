package load

import (
	"context"
	"io"
)

// OpenFile opens a file, a pipe or a terminal for reading. Unlike [os.Open], it
// returns when ctx is done, even where a pipe has no writer, or one that writes
// nothing; so does reading from what it gives, with the cause of ctx as the error.
func OpenFile(ctx context.Context, name string) (io.ReadCloser, error) {
	f, err := newFile(name)
	if err != nil {
		return nil, err
	}
	return f.open(ctx)
}

// UntilDone returns a reader of r whose reads return when ctx is done. It may read
// more of r than it is asked for.
func UntilDone(ctx context.Context, r io.Reader) io.ReadCloser {
	s, _ := newStream(ctx, func() (io.ReadCloser, error) { return io.NopCloser(r), nil }) // nothing that can fail
	return s
}

// stream hands on what another goroutine reads, and leaves that alone when it must
// wait no longer: nothing interrupts the opening of a pipe.
type stream struct {
	ctx       context.Context
	cancel    context.CancelFunc
	fragments chan fragment
	spare     chan []byte // buffers that have been read from
	rest      fragment    // what is to be read next
	buffer    []byte      // what rest.data is in
}

// fragment is some bytes, or the error after the last of them.
type fragment struct {
	data []byte
	err  error
}

const fragmentSize = 64 << 10

func newStream(ctx context.Context, open func() (io.ReadCloser, error)) (*stream, error) {
	s := &stream{fragments: make(chan fragment), spare: make(chan []byte, 2)}
	s.ctx, s.cancel = context.WithCancel(ctx)
	opened := make(chan error, 1)
	go func() {
		f, err := open()
		opened <- err
		if err == nil {
			defer f.Close()
			s.pump(f)
		}
	}()
	select {
	case err := <-opened:
		if err != nil {
			s.cancel()
			return nil, err
		}
		return s, nil
	case <-s.ctx.Done():
		return nil, context.Cause(s.ctx)
	}
}

// pump reads from f until its end, or until nobody wants more.
func (s *stream) pump(f io.Reader) {
	for range cap(s.spare) {
		s.spare <- make([]byte, fragmentSize)
	}
	for {
		var buffer []byte
		select {
		case buffer = <-s.spare:
		case <-s.ctx.Done():
			return
		}
		n, err := f.Read(buffer)
		select {
		case s.fragments <- fragment{buffer[:n], err}:
		case <-s.ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// Read returns what is there, and waits only for the first byte.
func (s *stream) Read(b []byte) (int, error) {
	for len(s.rest.data) == 0 {
		if s.rest.err != nil {
			return 0, s.rest.err
		}
		if s.buffer != nil {
			s.spare <- s.buffer
			s.buffer = nil
		}
		select {
		case s.rest = <-s.fragments:
			s.buffer = s.rest.data[:cap(s.rest.data)]
		case <-s.ctx.Done():
			return 0, context.Cause(s.ctx)
		}
	}
	n := copy(b, s.rest.data)
	s.rest.data = s.rest.data[n:]
	return n, nil
}

// Close ends the reading.
func (s *stream) Close() error {
	s.cancel()
	return nil
}
