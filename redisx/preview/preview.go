// Package preview is the HTTP API in front of the queue: anyone who speaks HTTP can have an
// audience counted, follow the count, and read the answer. It needs only Redis, and runs
// inside a worker or in a process without data.
//
// The tour: [New] makes a [Server] of a client of the queue, and [Server.Serve] serves
// until its context ends. operations.go lists the requests; each has a
// file of its own: submit.go, look.go, events.go, list.go, schema.go. A job is shown as
// an [Estimate] (estimate.go), with the names of Adobe's preview and estimate API.
// access.go finds out who asks: a token identifies a tenant, and nobody sees what is another
// tenant's. guard.go keeps out what no client should send, metrics.go has the queue's
// figures for Prometheus. README.md is the manual, and /openapi.json the contract.
package preview

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"

	"github.com/segq/segq/redisx"
)

// Options steer a [Server]. The zero value serves one tenant, without tokens, to this
// machine.
type Options struct {
	// Version is that of the program, for the contract.
	Version string
	// Access knows the tokens; nil lets everybody in as the tenant "default".
	Access *Access
	// Hosts are the names under which clients may reach the server, beside those of
	// this machine. A request for another host is refused: a page that a browser has
	// from elsewhere could otherwise reach this machine by a name of its own.
	Hosts []string
	// AnyHost lets requests for any host in, for servers that tokens protect.
	AnyHost bool
	// Rate is how many requests a tenant may send in a second in the long run, and
	// Burst how many at once. Default 100 and 200.
	Rate, Burst int
	// Connections is how many connections there may be at a time, of which a tenant's
	// requests take a quarter at most; three quarters without Access. Default 512.
	Connections int
	// TLS serves HTTPS when it is not nil.
	TLS *tls.Config
	// Log hears of requests, without texts of queries. Default: nothing.
	Log *slog.Logger
}

// Server serves the API.
type Server struct {
	queue   *redisx.Client
	options Options // without zero values
	handler http.Handler
	metrics *metrics
	limits  *limits
	// qualifying has a place for each profile that is asked about.
	qualifying chan struct{}
}

// New returns a server over a queue. The caller keeps the client, and closes it when the
// server has ended.
func New(queue *redisx.Client, o Options) *Server {
	o.Rate, o.Burst = cmp.Or(o.Rate, 100), cmp.Or(o.Burst, 200)
	o.Connections = cmp.Or(o.Connections, 512)
	o.Version = cmp.Or(o.Version, "dev")
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{queue: queue, options: o, limits: newLimits(&o), qualifying: make(chan struct{}, qualifiesAtOnce)}
	s.metrics = newMetrics(queue)
	s.handler = s.guard(s.routes())
	return s
}

// Handler returns the whole API as a handler, guards included.
func (s *Server) Handler() http.Handler { return s.handler }

// How long a client may take. Answers may be waited for, and streams have deadlines of
// their own for each message.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 10 * time.Second
	writeTimeout  = maxWait + 10*time.Second
	idleTimeout   = time.Minute
	maxHeader     = 16 << 10
)

// Serve serves on a listener, which it closes, until ctx ends; then requests have
// some seconds to finish.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler: s.handler, TLSConfig: s.options.TLS,
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		// Requests end with ctx, the long ones too.
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    slog.NewLogLogger(s.options.Log.Handler(), slog.LevelDebug),
	}
	l = netutil.LimitListener(l, s.options.Connections)
	ended := make(chan error, 1)
	go func() {
		if s.options.TLS != nil {
			ended <- server.ServeTLS(l, "", "")
			return
		}
		ended <- server.Serve(l)
	}()
	select {
	case err := <-ended:
		return fmt.Errorf("cannot serve HTTP: %w", err)
	case <-ctx.Done():
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := server.Shutdown(limited)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	return err
}
