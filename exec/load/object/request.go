package object

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// ErrChanged is the error of reading an object that is another by now than when it was found.
var ErrChanged = errors.New("the file changed while it was read")

func unwrapURL(err error) (error, bool) {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err, true
	}
	return nil, false
}

// ask asks a store, again and again if need be, until there is an answer that is no refusal. The
// request is made anew for each try.
func (c *client) ask(ctx context.Context, s store, o *Object, title string, make func() (*http.Request, error)) (*http.Response, error) {
	var p patience
	elsewhere := 0
	for {
		r, err := make()
		if err != nil {
			return nil, err
		}
		if err := s.sign(ctx, r); err != nil {
			return nil, fmt.Errorf("%s: %w", title, err)
		}
		answer, err := c.send(ctx, r, o)
		if err == nil && answer.StatusCode < 300 {
			return answer, nil
		}
		var told time.Duration
		if err == nil {
			no := refusalOf(answer, title)
			if elsewhere < 2 && s.again(ctx, no) {
				elsewhere++
				continue
			}
			if no.advice = s.advice(no); !no.passing() {
				return nil, no
			}
			told, err = no.wait, no
		} else if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		} else {
			again := passing(err)
			err = unreachable(title, err)
			if !again {
				return nil, err
			}
		}
		if !p.wait(ctx, told) {
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			return nil, fmt.Errorf("%w (tried %d times)", err, p.tries)
		}
	}
}

// passing says whether an error of a connection may be gone at the next try.
func passing(err error) bool {
	var (
		dns     *net.DNSError
		unknown x509.UnknownAuthorityError
		host    x509.HostnameError
		invalid x509.CertificateInvalidError
		verify  *tls.CertificateVerificationError
		noTLS   tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &dns):
		return dns.IsTemporary || dns.IsTimeout
	case errors.As(err, &unknown), errors.As(err, &host), errors.As(err, &invalid), errors.As(err, &verify), errors.As(err, &noTLS):
		return false
	case errors.Is(err, errDowngrade), strings.Contains(err.Error(), "unsupported protocol scheme"), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return false
	}
	return true
}

// get asks for bytes of an object: those of a range as a header has it, or all where that is "".
func (o *Object) get(ctx context.Context, c *client, bytes string) (*http.Response, error) {
	return c.ask(ctx, o.store, o, o.title, func() (*http.Request, error) {
		r, err := http.NewRequest(http.MethodGet, "http://x", nil)
		if err != nil {
			return nil, err
		}
		r.URL = o.store.url(o.key)
		r.Host = r.URL.Host
		r.Header.Set("Accept-Encoding", "identity")
		if bytes != "" {
			r.Header.Set("Range", "bytes="+bytes)
		}
		o.store.pin(r, o.version)
		return r, nil
	})
}

// fetch reads bytes of an object from an offset on, and goes on where a connection breaks.
func (o *Object) fetch(ctx context.Context, c *client, to []byte, at int64) error {
	var p patience
	for done := 0; done < len(to); {
		n, err := o.fetchOnce(ctx, c, to[done:], at+int64(done))
		if n > 0 {
			p.tries = 0
		}
		if done += n; done == len(to) {
			return nil
		}
		var final *brokenError
		if !errors.As(err, &final) { // it was tried again where that could help
			return err
		}
		if !p.wait(ctx, 0) {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return fmt.Errorf("%s: the connection broke after %d bytes, %d times: %w", o.title, at+int64(done), p.tries, final.err)
		}
	}
	return nil
}

// brokenError is the error of an answer that ended too early.
type brokenError struct{ err error }

// Error tells why.
func (b *brokenError) Error() string { return b.err.Error() }

func (o *Object) fetchOnce(ctx context.Context, c *client, to []byte, at int64) (int, error) {
	answer, err := o.get(ctx, c, fmt.Sprintf("%d-%d", at, at+int64(len(to))-1))
	if err != nil {
		var no *refusal
		if errors.As(err, &no) && (no.status == http.StatusPreconditionFailed || no.status == http.StatusRequestedRangeNotSatisfiable || no.status == http.StatusNotFound) {
			return 0, o.became(no.status)
		}
		return 0, err
	}
	defer answer.Body.Close()
	first, _, size, ok := contentRange(answer.Header)
	switch {
	case answer.StatusCode != http.StatusPartialContent || !ok || first != at:
		return 0, fmt.Errorf("%s: the server answered with other bytes than those that it was asked for", o.title)
	case size != Unknown && size != o.size:
		return 0, o.became(0)
	}
	if v := o.store.versionOf(answer.Header); differ(v.tag, o.version.tag) || differ(v.modified, o.version.modified) {
		return 0, o.became(0)
	}
	n, err := io.ReadFull(answer.Body, to)
	if err != nil {
		if ctx.Err() != nil {
			return n, context.Cause(ctx)
		}
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		err = &brokenError{err}
	}
	return n, err
}

// differ says whether two parts of versions are known and not the same.
func differ(a, b string) bool { return a != "" && b != "" && a != b }

// became is the error of an object that is another one by now.
func (o *Object) became(status int) error {
	what := "it was written to"
	if status == http.StatusNotFound {
		what = "it is gone"
	}
	return fmt.Errorf("%s: %w: %s; open it again", o.title, ErrChanged, what)
}

// contentRange reads which bytes are in an answer, of how many.
func contentRange(h http.Header) (first, last, size int64, ok bool) {
	text, ok := strings.CutPrefix(h.Get("Content-Range"), "bytes ")
	if !ok {
		return 0, 0, 0, false
	}
	span, all, ok := strings.Cut(text, "/")
	if size = Unknown; all != "*" {
		var err error
		if size, err = strconv.ParseInt(all, 10, 64); err != nil || size < 0 {
			return 0, 0, 0, false
		}
	}
	if span == "*" || size == 0 { // as which some write 0--1
		return 0, -1, size, ok
	}
	a, b, ok2 := strings.Cut(span, "-")
	first, err := strconv.ParseInt(a, 10, 64)
	last, err2 := strconv.ParseInt(b, 10, 64)
	return first, last, size, ok && ok2 && err == nil && err2 == nil && first >= 0 && last >= first
}
