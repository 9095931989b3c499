package object

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// web is a server that files are asked of by their address. A user and a password in it are
// sent as they are meant.
type web struct{ address *url.URL }

func (w *web) url(string) *url.URL { return w.address }

func (w *web) sign(context.Context, *http.Request) error { return nil }

func (w *web) versionOf(h http.Header) version {
	return version{tag: h.Get("ETag"), modified: h.Get("Last-Modified")}
}

// pin asks for a version. A weak tag says that contents are much the same, and matches nothing.
func (w *web) pin(r *http.Request, v version) {
	if v.tag != "" && !strings.HasPrefix(v.tag, "W/") {
		r.Header.Set("If-Match", v.tag)
	}
}

func (w *web) suffixes() bool { return true }

func (w *web) again(context.Context, *refusal) bool { return false }

func (w *web) advice(r *refusal) string {
	switch r.status {
	case http.StatusUnauthorized:
		return "it asks for a user and a password: https://USER:PASSWORD@HOST/... or a signed address"
	case http.StatusForbidden:
		return "if the address is a signed one, its time may be over"
	case http.StatusNotFound:
		if strings.ContainsAny(w.address.Path, "*[") {
			return "a web server has no listing of its files, so that patterns are for s3://, gs:// and az:// only: name each"
		}
	}
	return ""
}

func (w *web) list(context.Context, *client, string, func(entry) error) error {
	return errors.ErrUnsupported
}

func (w *web) transport() *http.Transport { return nil }
