package redisx

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// errAddress says how a Redis URL is written. What was given is not repeated: it
// may hold a password.
var errAddress = errors.New("the Redis URL is malformed: write redis://[user:password@]host:port[/db], rediss:// for TLS, or unix:///path")

// parseAddress reads a Redis URL. The library's own reader repeats the URL, and
// the password in it, in its errors.
func parseAddress(text string) (*redis.Options, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errAddress
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

// readPassword reads a password file: its first line.
func readPassword(name string) (string, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("cannot read the password file: %w", err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	return strings.TrimSuffix(line, "\r"), nil
}
