// Package broker connects to the queue: the flags that say where Redis is (redis.go),
// submitting commands (submission.go), and waiting for jobs (await.go).
package broker

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/redisx"
	"github.com/spf13/pflag"
)

// Options are the flags that say where the queue is.
type Options struct {
	URL, passwordFile, Namespace string
	ca, cert, key                string
	Insecure                     bool
}

// Register adds the flags, under a heading of their own.
func (o *Options) Register(f *pflag.FlagSet) {
	f.StringVar(&o.URL, "redis", os.Getenv("SEGQ_REDIS_URL"), "Redis `URL` (or SEGQ_REDIS_URL)")
	f.Lookup("redis").DefValue = "" // help would print it, with the password
	f.StringVar(&o.passwordFile, "redis-password-file", "", "read the Redis password from this `FILE`")
	f.StringVar(&o.ca, "redis-ca", "", "for rediss://, trust the authorities in this `FILE` (PEM) instead of the system's")
	f.StringVar(&o.cert, "redis-cert", "", "for rediss://, certificate `FILE` (PEM) to show to the server")
	f.StringVar(&o.key, "redis-key", "", "key `FILE` (PEM) of that certificate")
	f.BoolVar(&o.Insecure, "redis-insecure-skip-verify", false, "for rediss://, accept any certificate of the server")
	f.StringVar(&o.Namespace, "namespace", "default", "queue namespace, shared by workers and clients")
	help.Under(f, help.Redis)
	help.Common(f, "redis")
}

// Open reaches Redis. Whoever opens closes.
func (o *Options) Open(ctx context.Context) (*redisx.Client, error) {
	return o.OpenIn(ctx, o.Namespace)
}

// OpenIn reaches Redis in a namespace.
func (o *Options) OpenIn(ctx context.Context, namespace string) (*redisx.Client, error) {
	if o.URL == "" {
		return nil, exit.Usage(errors.New("which Redis? Give --redis URL or set SEGQ_REDIS_URL"))
	}
	if o.URL != os.Getenv("SEGQ_REDIS_URL") && holdsPassword(o.URL) {
		return nil, exit.Usage(errors.New("a password in --redis is visible to anyone who lists processes: put the URL into SEGQ_REDIS_URL, or the password into a file for --redis-password-file"))
	}
	client, err := redisx.Open(ctx, redisx.Options{
		URL: o.URL, PasswordFile: o.passwordFile, Namespace: namespace,
		CAFile: o.ca, CertFile: o.cert, KeyFile: o.key, SkipVerify: o.Insecure,
	})
	switch {
	case errors.Is(err, redisx.ErrOptions):
		return nil, exit.Usage(err)
	case err != nil:
		return nil, exit.Data(err)
	}
	return client, nil
}

// holdsPassword says whether there is a password in a URL, which need not be a good one.
func holdsPassword(url string) bool {
	_, rest, _ := strings.Cut(url, "://")
	at := strings.LastIndex(rest, "@")
	return at > 0 && strings.Contains(rest[:at], ":")
}
