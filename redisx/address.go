package redisx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// ErrOptions is what is wrong with the options of a client, before any server is asked.
var ErrOptions = errors.New("bad Redis options")

// errAddress says how a Redis URL is written. What was given is not repeated: it
// may hold a password.
var errAddress = fmt.Errorf("%w: the Redis URL is malformed: write redis://[user:password@]host:port[/db], rediss:// for TLS, or unix:///path", ErrOptions)

// parseAddress reads a Redis URL. The library's own reader repeats the URL, and
// the password in it, in its errors.
func parseAddress(text string) (*redis.Options, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errAddress
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("%w: the Redis URL takes no parameters behind ? or #: write user and password before the host, redis://user:password@host:port", ErrOptions)
	}
	o := &redis.Options{Network: "tcp"}
	if u.User != nil {
		o.Username = u.User.Username()
		o.Password, _ = u.User.Password()
	}
	switch u.Scheme {
	case "redis", "rediss":
		host, port := u.Hostname(), u.Port()
		if port == "" {
			port = "6379"
		}
		if host == "" {
			host = "127.0.0.1"
		}
		o.Addr = host + ":" + port
		if strings.Contains(host, ":") {
			o.Addr = "[" + host + "]:" + port
		}
		if db := strings.Trim(u.Path, "/"); db != "" {
			if o.DB, err = strconv.Atoi(db); err != nil || o.DB < 0 {
				return nil, errAddress
			}
		}
		if u.Scheme == "rediss" {
			o.TLSConfig = &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
		}
	case "unix":
		if u.Path == "" {
			return nil, errAddress
		}
		o.Network, o.Addr = "unix", u.Path
	default:
		return nil, errAddress
	}
	return o, nil
}

// Address is where the server is, without who asks there: host:port, a path, or "" for
// an embedded broker.
func (c *Client) Address() string {
	if c.embedded {
		return ""
	}
	return c.control.Options().Addr
}

// encrypt sets up how a rediss:// server and this side know each other.
func (o *Options) encrypt(ctx context.Context, base *redis.Options) error {
	if o.CAFile == "" && o.CertFile == "" && o.KeyFile == "" && !o.SkipVerify {
		return nil
	}
	switch {
	case base.TLSConfig == nil:
		return fmt.Errorf("%w: certificates are for rediss://, and the URL is of another kind", ErrOptions)
	case (o.CertFile == "") != (o.KeyFile == ""):
		return fmt.Errorf("%w: a certificate and its key belong together", ErrOptions)
	}
	base.TLSConfig.InsecureSkipVerify = o.SkipVerify
	if o.CAFile != "" {
		text, err := ReadSmallFile(ctx, o.CAFile)
		if ctx.Err() != nil {
			return err
		}
		if err != nil {
			return fmt.Errorf("%w: cannot read the authorities: %w", ErrOptions, err)
		}
		base.TLSConfig.RootCAs = x509.NewCertPool()
		if !base.TLSConfig.RootCAs.AppendCertsFromPEM(text) {
			return fmt.Errorf("%w: %s holds no certificate in the form of PEM", ErrOptions, o.CAFile)
		}
	}
	if o.CertFile != "" {
		pair, err := ReadKeyPair(ctx, o.CertFile, o.KeyFile)
		if ctx.Err() != nil {
			return err
		}
		if err != nil {
			return fmt.Errorf("%w: cannot use the certificate: %w", ErrOptions, err)
		}
		base.TLSConfig.Certificates = []tls.Certificate{pair}
	}
	return nil
}

// ReadKeyPair reads a certificate and its key, as [ReadSmallFile] does.
func ReadKeyPair(ctx context.Context, certFile, keyFile string) (tls.Certificate, error) {
	cert, err := ReadSmallFile(ctx, certFile)
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := ReadSmallFile(ctx, keyFile)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(cert, key)
}

// readPassword reads a password file: its first line.
func readPassword(ctx context.Context, name string) (string, error) {
	b, err := ReadSmallFile(ctx, name)
	if ctx.Err() != nil {
		return "", err
	}
	if err != nil {
		return "", fmt.Errorf("%w: cannot read the password file: %w", ErrOptions, err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	return strings.TrimSuffix(line, "\r"), nil
}
