package object

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
)

// gs is a bucket of Google Cloud Storage, asked in its JSON API. Who asks follows from what Google calls
// the default credentials of an application: GOOGLE_APPLICATION_CREDENTIALS, those of gcloud, and
// what the machine is.
type gs struct {
	bucket   string
	endpoint *url.URL
	emulated bool

	mu     sync.Mutex
	tokens oauth2.TokenSource // nil where there are no credentials
	asked  bool
}

const gsScope = "https://www.googleapis.com/auth/devstorage.read_only"

func newGS(bucket string) (*gs, error) {
	s := &gs{bucket: bucket, endpoint: &url.URL{Scheme: "https", Host: "storage.googleapis.com", Path: "/"}}
	if host := os.Getenv("STORAGE_EMULATOR_HOST"); host != "" {
		if !strings.Contains(host, "://") {
			host = "http://" + host
		}
		u, err := url.Parse(host)
		if err != nil || u.Host == "" {
			return nil, errors.New("STORAGE_EMULATOR_HOST is not an address such as http://HOST:PORT")
		}
		u.User, s.endpoint, s.emulated = nil, u, true
	}
	return s, nil
}

// objects returns the address of all objects of the bucket.
func (s *gs) objects() *url.URL { return join(s.endpoint, "storage/v1/b/"+s.bucket+"/o") }

func (s *gs) url(key string) *url.URL {
	u := s.objects()
	u.RawPath = u.EscapedPath() + "/" + strings.ReplaceAll(escaped(key), "/", "%2F")
	u.Path += "/" + key
	u.RawQuery = "alt=media"
	return u
}

// sign adds the token of the credentials. Where there are none, what is public can still be read.
func (s *gs) sign(ctx context.Context, r *http.Request) error {
	if s.emulated {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.asked {
		found, err := google.FindDefaultCredentials(context.WithoutCancel(ctx), gsScope)
		switch s.asked = true; {
		case err == nil:
			s.tokens = found.TokenSource
		case os.Getenv("GOOGLE_APPLICATION_CREDENTIALS") != "":
			return fmt.Errorf("the credentials that GOOGLE_APPLICATION_CREDENTIALS names cannot be used: %s", line(err.Error()))
		}
	}
	if s.tokens == nil {
		return nil
	}
	token, err := s.tokens.Token()
	if err != nil {
		return fmt.Errorf("the credentials of Google cannot be used: log in again, as with gcloud auth application-default login: %s", line(err.Error()))
	}
	token.SetAuthHeader(r)
	if project := os.Getenv("GOOGLE_CLOUD_QUOTA_PROJECT"); project != "" {
		r.Header.Set("X-Goog-User-Project", project)
	}
	return nil
}

// versionOf takes the generation of an object, which changes with its contents, for its tag.
func (s *gs) versionOf(h http.Header) version {
	if g := h.Get("X-Goog-Generation"); g != "" {
		return version{tag: g}
	}
	return version{tag: h.Get("ETag"), modified: h.Get("Last-Modified")}
}

func (s *gs) pin(r *http.Request, v version) {
	if v.tag != "" && strings.Trim(v.tag, "0123456789") == "" {
		query := r.URL.Query()
		query.Set("ifGenerationMatch", v.tag)
		r.URL.RawQuery = query.Encode()
	}
}

func (s *gs) suffixes() bool { return true }

func (s *gs) again(context.Context, *refusal) bool { return false }

func (s *gs) advice(r *refusal) string {
	if r.status != http.StatusForbidden && r.status != http.StatusUnauthorized {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tokens == nil {
		return "no credentials were found: set GOOGLE_APPLICATION_CREDENTIALS or run gcloud auth application-default login"
	}
	if name := os.Getenv("GOOGLE_APPLICATION_CREDENTIALS"); name != "" {
		return "the account of " + name + " may not read it"
	}
	return "the default account of gcloud or of this machine may not read it"
}

func (s *gs) list(ctx context.Context, c *client, prefix string, each func(entry) error) error {
	title := "gs://" + s.bucket + "/" + prefix
	for token := ""; ; {
		var page struct {
			Items []struct {
				Name       string
				Size       int64 `json:",string"`
				Generation string
			}
			NextPageToken string
		}
		query := url.Values{"prefix": {prefix}, "fields": {"items(name,size,generation),nextPageToken"}}
		if token != "" {
			query.Set("pageToken", token)
		}
		err := c.document(ctx, s, title, func() *url.URL {
			u := s.objects()
			u.RawQuery = query.Encode()
			return u
		}, func(text []byte) error { return json.Unmarshal(text, &page) })
		if err != nil {
			return err
		}
		for _, o := range page.Items {
			if err := each(entry{o.Name, o.Size, version{tag: o.Generation}}); err != nil {
				return err
			}
		}
		if page.NextPageToken == "" || page.NextPageToken == token {
			return nil
		}
		token = page.NextPageToken
	}
}

func (s *gs) transport() *http.Transport { return nil }
