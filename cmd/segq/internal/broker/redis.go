// Package broker connects to the queue: the flags that say where Redis is (redis.go),
// submitting commands (submission.go), and waiting for jobs (await.go).
package broker

import (
	"context"
	"errors"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/config"
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

	given func(flag string) bool // by the command line
}

// Register adds the flags, under a heading of their own.
func (o *Options) Register(f *pflag.FlagSet) {
	f.StringVar(&o.URL, "redis", "", "Redis `URL` (or SEGQ_REDIS_URL)")
	f.StringVar(&o.passwordFile, "redis-password-file", "", "read the Redis password from this `FILE`")
	f.StringVar(&o.ca, "redis-ca", "", "for rediss://, trust the authorities in this `FILE` (PEM) instead of the system's")
	f.StringVar(&o.cert, "redis-cert", "", "for rediss://, certificate `FILE` (PEM) to show to the server")
	f.StringVar(&o.key, "redis-key", "", "key `FILE` (PEM) of that certificate")
	f.BoolVar(&o.Insecure, "redis-insecure-skip-verify", false, "for rediss://, accept any certificate of the server")
	f.StringVar(&o.Namespace, "namespace", "default", "queue namespace, shared by workers and clients")
	help.Under(f, help.Redis)
	help.Common(f, "redis")
	o.given = f.Changed
	Allow(f)
}

// Allow lets configuration files and the environment say where Redis is; if remote are given, only
// for a command line that has one of these flags. What lets segq into one Redis is not shown to
// another: who says nearer to the command line where Redis is says the rest there too.
func Allow(f *pflag.FlagSet, remote ...string) {
	config.Allow(f, config.Rule{Secret: true, Variable: "SEGQ_REDIS_URL", With: remote}, "redis")
	config.Allow(f, config.Rule{Path: true, Below: []string{"redis"}}, "redis-password-file", "redis-ca", "redis-cert", "redis-key")
	config.Allow(f, config.Rule{Below: []string{"redis"}}, "redis-insecure-skip-verify")
	config.Allow(f, config.Rule{}, "namespace")
}

// Arguments returns what to add to a command line of segq that is to reach the same queue from the
// same environment and configuration.
func (o *Options) Arguments() string {
	var all strings.Builder
	if o.given != nil && o.given("redis") {
		all.WriteString(" --redis " + quoted(o.URL))
	}
	for _, given := range []struct{ flag, value string }{
		{"redis-password-file", o.passwordFile}, {"redis-ca", o.ca}, {"redis-cert", o.cert}, {"redis-key", o.key},
	} {
		if given.value != "" {
			all.WriteString(" --" + given.flag + " " + quoted(given.value))
		}
	}
	if o.Insecure {
		all.WriteString(" --redis-insecure-skip-verify")
	}
	all.WriteString(o.NamespaceArgument())
	return all.String()
}

// NamespaceArgument is what names the namespace among those, and what a worker has added already.
func (o *Options) NamespaceArgument() string {
	if o.Namespace == "default" {
		return ""
	}
	return " --namespace " + quoted(o.Namespace)
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
	if o.given != nil && o.given("redis") && holdsPassword(o.URL) {
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
	return at > 0 && strings.Contains(rest[:at], ":") || strings.Contains(strings.ToLower(rest), "password=")
}

// quoted puts a word between quotes for a shell.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }
