package object

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// az is a container of Azure Blob Storage. Which account it is of and who asks follow from the
// environment, as the az tool reads it: AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT with
// AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, else with what azure.go finds.
type az struct {
	container string
	account   string
	endpoint  *url.URL
	key       []byte     // of the account; nil for none
	sas       url.Values // a signature that is part of the address; nil for none
}

// azVersion is the version of the interface that is asked for.
const azVersion = "2021-12-02"

func newAZ(container string) (*az, error) {
	s := &az{container: container, account: os.Getenv("AZURE_STORAGE_ACCOUNT")}
	key, sas, endpoint := os.Getenv("AZURE_STORAGE_KEY"), os.Getenv("AZURE_STORAGE_SAS_TOKEN"), os.Getenv("AZURE_STORAGE_SERVICE_ENDPOINT")
	if text := os.Getenv("AZURE_STORAGE_CONNECTION_STRING"); text != "" {
		parts := connectionString(text)
		s.account = parts["accountname"]
		key, sas, endpoint = parts["accountkey"], parts["sharedaccesssignature"], parts["blobendpoint"]
		if suffix := parts["endpointsuffix"]; endpoint == "" && suffix != "" && s.account != "" {
			endpoint = "https://" + s.account + ".blob." + suffix
		}
	}
	if endpoint == "" && s.account == "" {
		return nil, errors.New("which account it is of is not known: set AZURE_STORAGE_ACCOUNT or AZURE_STORAGE_CONNECTION_STRING")
	}
	if endpoint == "" {
		endpoint = "https://" + s.account + ".blob.core.windows.net"
	}
	var err error
	if s.endpoint, err = url.Parse(endpoint); err != nil || s.endpoint.Host == "" {
		return nil, errors.New("the address of the account of Azure is none")
	}
	s.endpoint.User = nil
	if sas != "" {
		if s.sas, err = url.ParseQuery(strings.TrimPrefix(sas, "?")); err != nil {
			return nil, errors.New("AZURE_STORAGE_SAS_TOKEN is not well formed")
		}
		return s, nil
	}
	if key != "" {
		if s.key, err = base64.StdEncoding.DecodeString(key); err != nil {
			return nil, errors.New("the key of the account of Azure is not well formed")
		}
	}
	return s, nil
}

// connectionString returns the parts of a connection string, their names in lower case.
func connectionString(text string) map[string]string {
	parts := map[string]string{}
	for part := range strings.SplitSeq(text, ";") {
		if name, value, ok := strings.Cut(part, "="); ok {
			parts[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
		}
	}
	return parts
}

func (s *az) url(key string) *url.URL { return s.signed(join(s.endpoint, s.container+"/"+key)) }

// signed adds the signature that is part of addresses.
func (s *az) signed(u *url.URL) *url.URL {
	query := u.Query()
	for name, values := range s.sas {
		query[name] = values
	}
	u.RawQuery = query.Encode()
	return u
}

// sign signs with the key of the account, as
// https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key says.
func (s *az) sign(_ context.Context, r *http.Request) error {
	r.Header.Set("X-Ms-Version", azVersion)
	r.Header.Set("X-Ms-Date", time.Now().UTC().Format(http.TimeFormat))
	if s.key == nil {
		return nil
	}
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(s.stringToSign(r)))
	r.Header.Set("Authorization", "SharedKey "+s.account+":"+base64.StdEncoding.EncodeToString(h.Sum(nil)))
	return nil
}

func (s *az) stringToSign(r *http.Request) string {
	lines := []string{r.Method}
	for _, name := range []string{
		"Content-Encoding", "Content-Language", "Content-Length", "Content-Md5", "Content-Type", "Date",
		"If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range",
	} {
		lines = append(lines, r.Header.Get(name))
	}
	var own []string
	for name, values := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-ms-") {
			own = append(own, lower+":"+strings.Join(values, ","))
		}
	}
	slices.Sort(own)
	lines = append(lines, own...)
	resource := "/" + s.account + r.URL.EscapedPath()
	var query []string
	for name, values := range r.URL.Query() {
		slices.Sort(values)
		query = append(query, "\n"+strings.ToLower(name)+":"+strings.Join(values, ","))
	}
	slices.Sort(query)
	return strings.Join(append(lines, resource+strings.Join(query, "")), "\n")
}

func (s *az) versionOf(h http.Header) version {
	return version{tag: h.Get("ETag"), modified: h.Get("Last-Modified")}
}

func (s *az) pin(r *http.Request, v version) {
	if v.tag != "" {
		r.Header.Set("If-Match", v.tag)
	}
}

// suffixes is false: it knows ranges from an offset on only.
func (s *az) suffixes() bool { return false }

func (s *az) again(context.Context, *refusal) bool { return false }

func (s *az) advice(r *refusal) string {
	switch {
	case r.code == "ContainerNotFound":
		return fmt.Sprintf("there is no container %s in the account at %s", s.container, s.endpoint.Host)
	case r.status != http.StatusForbidden && r.status != http.StatusUnauthorized && r.code != "NoAuthenticationInformation":
		return ""
	case s.key != nil:
		return "the key of the account " + s.account + " is refused"
	case s.sas != nil:
		return "the shared access signature does not allow it, or its time is over"
	}
	return "no credentials were found: set AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_CONNECTION_STRING"
}

func (s *az) list(ctx context.Context, c *client, prefix string, each func(entry) error) error {
	title := "az://" + s.container + "/" + prefix
	for marker := ""; ; {
		var page struct {
			Blobs struct {
				Blob []struct {
					Name       string
					Properties struct {
						Size int64  `xml:"Content-Length"`
						Tag  string `xml:"Etag"`
						Kind string `xml:"ResourceType"`
					}
				}
			}
			NextMarker string
		}
		query := url.Values{"restype": {"container"}, "comp": {"list"}, "prefix": {prefix}}
		if marker != "" {
			query.Set("marker", marker)
		}
		err := c.document(ctx, s, title, func() *url.URL {
			u := join(s.endpoint, s.container)
			u.RawQuery = query.Encode()
			return s.signed(u)
		}, func(text []byte) error { return xml.Unmarshal(text, &page) })
		if err != nil {
			return err
		}
		for _, b := range page.Blobs.Blob {
			if b.Properties.Kind == "directory" {
				continue
			}
			tag := b.Properties.Tag
			if tag != "" && !strings.HasPrefix(tag, `"`) {
				tag = `"` + tag + `"` // as it is in headers
			}
			if err := each(entry{b.Name, b.Properties.Size, version{tag: tag}}); err != nil {
				return err
			}
		}
		if page.NextMarker == "" || page.NextMarker == marker {
			return nil
		}
		marker = page.NextMarker
	}
}

func (s *az) transport() *http.Transport { return nil }
