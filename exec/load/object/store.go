package object

import (
	"context"
	"net/http"
	"net/url"
)

// store is where objects lie: a bucket, or the server of an address.
type store interface {
	// url returns where an object is.
	url(key string) *url.URL
	// sign adds to a request who asks. It is called anew for each try.
	sign(ctx context.Context, r *http.Request) error
	// versionOf returns the version that an answer tells, and pin asks for that version only.
	versionOf(h http.Header) version
	pin(r *http.Request, v version)
	// suffixes says whether it knows ranges that are counted from the end.
	suffixes() bool
	// again says whether a refused request would succeed when it is made anew: to another place,
	// with other credentials.
	again(ctx context.Context, r *refusal) bool
	// advice says what to do about a refusal, "" for nothing.
	advice(r *refusal) string
	// list calls each with the objects whose keys begin with a prefix. Where there is no listing
	// the error is [errors.ErrUnsupported].
	list(ctx context.Context, c *client, prefix string, each func(entry) error) error
	// transport returns what differs from other stores in how connections are made; nil for nothing.
	transport() *http.Transport
}

// entry is an object in a listing.
type entry struct {
	key     string
	size    int64
	version version
}

// newStore returns the store of an address.
func newStore(ctx context.Context, a *address) (store, error) {
	switch a.scheme {
	case "s3":
		return newS3(ctx, a.bucket)
	case "gs":
		return newGS(a.bucket)
	case "az":
		return newAZ(a.bucket)
	}
	return &web{a.url}, nil
}
