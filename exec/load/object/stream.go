package object

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// stream is an object whose server knows no ranges: when a connection breaks, it is read from the
// beginning, as far as it was read.
type stream struct {
	ctx    context.Context
	o      *Object
	client *client
	body   io.ReadCloser
	at     int64
	p      patience
}

func newStream(ctx context.Context, o *Object) (*stream, error) {
	s := &stream{ctx: ctx, o: o, client: newClient(o.store.transport())}
	return s, s.open()
}

// open asks for the object, and passes over what was read of it.
func (s *stream) open() error {
	answer, err := s.o.get(s.ctx, s.client, "")
	var no *refusal
	if errors.As(err, &no) && no.status == http.StatusPreconditionFailed {
		return s.o.became(no.status)
	}
	if err != nil {
		return err
	}
	s.body = answer.Body
	if v := s.o.store.versionOf(answer.Header); differ(v.tag, s.o.version.tag) || differ(v.modified, s.o.version.modified) {
		return s.o.became(0)
	}
	_, err = io.CopyN(io.Discard, s.body, s.at)
	return err
}

// Read reads on.
func (s *stream) Read(b []byte) (int, error) {
	for {
		n, err := s.body.Read(b)
		if s.at += int64(n); n > 0 {
			s.p.tries = 0
			return n, nil
		}
		if err == nil || errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return n, err
		}
		if err := s.resume(err); err != nil {
			return 0, err
		}
	}
}

// resume goes on behind an error, if that is sure to be the same object.
func (s *stream) resume(broken error) error {
	if s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	_ = s.body.Close()
	if s.o.Version() == "" && s.at > 0 || !s.p.wait(s.ctx, 0) {
		return fmt.Errorf("%s: the connection broke after %d bytes: %w", s.o.title, s.at, broken)
	}
	err := s.open()
	var no *refusal
	if err != nil && !errors.As(err, &no) && !errors.Is(err, ErrChanged) && s.ctx.Err() == nil {
		return s.resume(err)
	}
	return err
}

// Close ends the request.
func (s *stream) Close() error {
	if s.body == nil {
		return nil
	}
	return s.body.Close()
}
