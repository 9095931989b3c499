package object

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// stall is how long a server may send nothing before it counts as gone.
var stall = 20 * time.Second

// client makes requests.
type client struct{ http *http.Client }

// newClient returns a client with the connections that a store wants, nil for the usual ones.
func newClient(t *http.Transport) *client {
	if t == nil {
		t = shared
	}
	return &client{&http.Client{Transport: t, CheckRedirect: followed}}
}

// shared keeps the connections of all clients that need no others.
var shared = transport()

func transport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: stall,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConnsPerHost:   2 * most,
		DisableCompression:    true, // what is asked for are the bytes of the file
	}
}

var errDowngrade = errors.New("the server sends on from https:// to http://, which is not followed")

// followed says whether to go where a server sends.
func followed(r *http.Request, via []*http.Request) error {
	if len(via) >= 10 {
		return errors.New("the server sends from one address to another, 10 times")
	}
	if via[0].URL.Scheme == "https" && r.URL.Scheme == "http" {
		return errDowngrade
	}
	return nil
}

// patience waits between the tries of a request.
type patience struct{ tries int }

// tries is how often something is tried without any progress.
const tries = 5

// wait waits before the next try, and says whether there is one. A server may tell how long.
func (p *patience) wait(ctx context.Context, told time.Duration) bool {
	if p.tries++; p.tries >= tries {
		return false
	}
	pause := firstPause << (p.tries - 1)
	if told > pause {
		pause = min(told, stall)
	}
	select {
	case <-time.After(pause):
		return true
	case <-ctx.Done():
		return false
	}
}

var firstPause = 200 * time.Millisecond

// body is what a server sends. A pause that is too long ends it.
type body struct {
	from interface {
		Read([]byte) (int, error)
		Close() error
	}
	ctx   context.Context
	stop  context.CancelCauseFunc
	timer *time.Timer
	o     *Object // whose bytes are counted; nil for none
}

var errStalled = errors.New("the server has stopped sending")

func (b *body) Read(p []byte) (int, error) {
	b.timer.Reset(stall)
	n, err := b.from.Read(p)
	b.timer.Stop()
	if b.o != nil {
		traffic.bytes.Add(int64(n))
		b.o.bytes.Add(int64(n))
	}
	if err != nil && b.ctx.Err() != nil {
		err = context.Cause(b.ctx)
	}
	return n, err
}

func (b *body) Close() error {
	b.timer.Stop()
	err := b.from.Close()
	b.stop(nil)
	return err
}

// send makes one request. The body of the answer is to be closed.
func (c *client) send(ctx context.Context, r *http.Request, o *Object) (*http.Response, error) {
	ctx, stop := context.WithCancelCause(ctx)
	traffic.requests.Add(1)
	if o != nil {
		o.requests.Add(1)
	}
	r.Header.Set("User-Agent", "segq")
	began := time.Now()
	answer, err := c.http.Do(r.WithContext(ctx))
	if err != nil {
		stop(nil)
		return nil, bare(err)
	}
	if o != nil {
		o.latency.Store(int64(time.Since(began)))
	}
	b := &body{from: answer.Body, ctx: ctx, stop: stop, o: o}
	b.timer = time.AfterFunc(stall, func() { stop(errStalled) })
	answer.Body = b
	return answer, nil
}

// bare returns an error of net/http without the address, which may have secrets.
func bare(err error) error {
	for {
		u, ok := unwrapURL(err)
		if !ok {
			return err
		}
		err = u
	}
}

// unreachable says of an error that no answer came, in words.
func unreachable(title string, err error) error {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return fmt.Errorf("%s: there is no server %s: %w", title, dns.Name, err)
	}
	if errors.As(err, new(x509.UnknownAuthorityError)) {
		return fmt.Errorf("%s: %w: SSL_CERT_FILE names a file of those to be trusted, for s3:// also AWS_CA_BUNDLE", title, err)
	}
	return fmt.Errorf("%s: %w", title, err)
}
