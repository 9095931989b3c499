// Package serving is what a process that serves others has in addition to its work: the preview
// API and a log, each with its flags.
package serving

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/version"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/preview"
	"github.com/spf13/pflag"
)

// HTTP holds the flags of the preview API.
type HTTP struct {
	Addr, tokens, cert, key string
	insecure                bool
	hosts                   []string
}

// Register adds the flags, under a heading of their own.
func (o *HTTP) Register(f *pflag.FlagSet) {
	f.StringVar(&o.Addr, "http", "", "serve the preview API at this `ADDRESS`, such as :8080 (which is 127.0.0.1:8080)")
	f.StringVar(&o.tokens, "http-tokens", "", "`FILE` of the API's tokens: on each line a token and its tenant")
	f.StringVar(&o.cert, "http-cert", "", "certificate `FILE` (PEM), to serve HTTPS")
	f.StringVar(&o.key, "http-key", "", "key `FILE` (PEM) of the certificate")
	f.BoolVar(&o.insecure, "http-insecure", false, "serve other machines without HTTPS")
	f.StringArrayVar(&o.hosts, "http-host", nil, "`NAME` by which clients reach the API; may be given more than once")
	config.Allow(f, config.Rule{Path: true, With: []string{"http"}}, "http-tokens", "http-cert", "http-key")
	config.Allow(f, config.Rule{With: []string{"http"}}, "http-host")
	help.Under(f, help.HTTP)
	help.Common(f, "http")
}

// Validate finds contradictions, and refuses to serve other machines without tokens and
// encryption.
func (o *HTTP) Validate() error {
	if o.Addr == "" {
		if o.tokens != "" || o.cert != "" || o.key != "" || o.insecure || len(o.hosts) > 0 {
			return errors.New("--http-tokens, --http-cert, --http-key, --http-insecure and --http-host are for --http ADDRESS")
		}
		return nil
	}
	host, port, err := net.SplitHostPort(o.Addr)
	switch {
	case err != nil:
		return fmt.Errorf("--http %q is not an address: write it like 127.0.0.1:8080 or :8080", o.Addr)
	case (o.cert == "") != (o.key == ""):
		return errors.New("--http-cert and --http-key belong together")
	}
	if host == "" {
		host = "127.0.0.1"
		o.Addr = net.JoinHostPort(host, port)
	}
	if loopback(host) {
		return nil
	}
	switch {
	case o.tokens == "":
		return fmt.Errorf("--http %s serves other machines: give --http-tokens FILE", o.Addr)
	case o.cert == "" && !o.insecure:
		return fmt.Errorf("--http %s serves other machines: give --http-cert and --http-key, or --http-insecure if something else encrypts", o.Addr)
	}
	return nil
}

// loopback says whether only this machine can reach a host.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Open returns the API over a queue and what it listens on.
func (o *HTTP) Open(ctx context.Context, queue *redisx.Client, log *slog.Logger) (*preview.Server, net.Listener, error) {
	host, _, err := net.SplitHostPort(o.Addr)
	if err != nil {
		return nil, nil, exit.Usage(err)
	}
	options := preview.Options{
		Version: version.Short(), Log: log,
		Hosts:   lowered(append(o.hosts, host)),
		AnyHost: !loopback(host) && len(o.hosts) == 0,
	}
	if o.tokens != "" {
		if options.Access, err = preview.ReadAccess(ctx, o.tokens); err != nil {
			return nil, nil, exit.Usage(err)
		}
	}
	if o.cert != "" {
		pair, err := redisx.ReadKeyPair(ctx, o.cert, o.key)
		if err != nil {
			return nil, nil, exit.Usage(fmt.Errorf("cannot use --http-cert and --http-key: %w", err))
		}
		options.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.Addr)
	if err != nil {
		return nil, nil, exit.Data(fmt.Errorf("cannot serve the preview API: %w", err))
	}
	return preview.New(queue, options), l, nil
}

func lowered(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strings.ToLower(n)
	}
	return out
}

// Serve serves the API that [HTTP.Open] has opened on l, until ctx ends.
func (o *HTTP) Serve(ctx context.Context, server *preview.Server, l net.Listener, log *slog.Logger) error {
	log.Info("serving HTTP", "address", l.Addr().String(), "tokens", o.tokens != "", "tls", o.cert != "")
	return server.Serve(ctx, l)
}
