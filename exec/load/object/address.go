package object

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"
)

// schemes are the beginnings of the names that are addresses.
var schemes = []string{"https", "http", "s3", "gs", "az"}

// Is says whether a name is an address of something that lies elsewhere.
func Is(name string) bool {
	scheme, _, ok := strings.Cut(name, "://")
	if !ok {
		return false
	}
	for _, s := range schemes {
		if strings.EqualFold(scheme, s) {
			return true
		}
	}
	return false
}

// IsWeb says whether an address is that of a web server, which has no buckets, folders and listings.
func IsWeb(name string) bool {
	scheme, _, _ := strings.Cut(name, "://")
	return strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")
}

// KeyOf returns the path in the bucket that an address names.
func KeyOf(name string) string {
	_, rest, _ := strings.Cut(name, "://")
	_, key, _ := strings.Cut(rest, "/")
	return key
}

// Unsupported returns an error when a name is an address that nothing here can read.
func Unsupported(name string) error {
	scheme, _, ok := strings.Cut(name, "://")
	if Is(name) && !IsWeb(name) && signed(name) {
		return errSigned(name)
	}
	if !ok || Is(name) || strings.ContainsAny(scheme, "/*?[") || scheme == "" {
		return nil
	}
	hint := map[string]string{
		"s3a": "s3", "s3n": "s3", "gcs": "gs", "abfs": "az", "abfss": "az", "azure": "az", "wasb": "az", "wasbs": "az",
	}[strings.ToLower(scheme)]
	if hint != "" {
		return fmt.Errorf("%s: write %s:// instead of %s://", Redacted(name), hint, scheme)
	}
	return fmt.Errorf("%s: data is read from files and from https://, s3://, gs:// and az://", Redacted(name))
}

// signed says whether a name has the query of a signed address, which is a secret: in a bucket a question mark
// stands for any character otherwise, or for itself.
func signed(name string) bool {
	_, query, _ := strings.Cut(name, "?")
	for field := range strings.SplitSeq(strings.ToLower(query), "&") {
		key, _, ok := strings.Cut(field, "=")
		if !ok {
			continue
		}
		switch {
		case strings.HasPrefix(key, "x-amz-"), strings.HasPrefix(key, "x-goog-"), key == "signature", key == "sig", key == "awsaccesskeyid", key == "googleaccessid":
			return true
		}
	}
	return false
}

// errSigned is the error of such a name below the scheme of a store.
func errSigned(name string) error {
	return fmt.Errorf("%s: a signed address is one of https://: give it as the store has made it, or leave out what is behind the question mark", Redacted(name))
}

// Redacted returns a name as it may be shown: an address without user, password and query, which may
// be a signature.
func Redacted(name string) string {
	scheme, rest, ok := strings.Cut(name, "://")
	if !ok {
		return name
	}
	keyed := strings.EqualFold(scheme, "s3") || strings.EqualFold(scheme, "gs") // whose keys may have both
	if !keyed {
		rest = withoutRawPassword(rest)
	}
	if !keyed || signed(rest) {
		rest, _, _ = strings.Cut(rest, "#")
		rest, _, _ = strings.Cut(rest, "?")
	}
	host, key, slash := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	if slash {
		host += "/"
	}
	return scheme + "://" + host + key
}

// webAddress is where a text may have an address with secrets.
var webAddress = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)\b(?:https?|az)://[^\s"]+`) })

// RedactedIn returns a text with each of the addresses in it as [Redacted] shows it: the error of a flag has its value,
// whatever that is.
func RedactedIn(text string) string {
	return webAddress().ReplaceAllStringFunc(text, Redacted)
}

// withoutRawPassword cuts a user and a password off in which a /, ? or # is not escaped, so that what is before it
// looks like a host with a port that is no number.
func withoutRawPassword(rest string) string {
	host := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		host = rest[:end]
	}
	_, port, ok := strings.Cut(host, ":")
	if !ok || host[0] == '[' || strings.Contains(host, "@") || strings.Trim(port, "0123456789") == "" {
		return rest
	}
	return rest[strings.LastIndexByte(rest, '@')+1:]
}

// Base returns the last step of a name, without secrets.
func Base(name string) string {
	base := path.Base(strings.TrimRight(Redacted(name), "/"))
	if plain, err := url.PathUnescape(base); err == nil && !strings.Contains(plain, "/") {
		return plain
	}
	return base
}

// address is a name taken apart.
type address struct {
	scheme, bucket, key string
	url                 *url.URL // of http and https
	title               string
}

func parse(name string) (*address, error) {
	scheme, rest, _ := strings.Cut(name, "://")
	a := &address{scheme: strings.ToLower(scheme), title: Redacted(name)}
	if a.scheme == "http" || a.scheme == "https" {
		u, err := url.Parse(name)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("%s: this is no address of a file", a.title)
		}
		u.Fragment = ""
		a.url, a.key = u, u.Path
		return a, nil
	}
	if signed(rest) {
		return nil, errSigned(name)
	}
	a.bucket, a.key, _ = strings.Cut(rest, "/")
	if a.bucket == "" {
		return nil, fmt.Errorf("%s: the name of the bucket is missing, as in %s://BUCKET/PATH", a.title, a.scheme)
	}
	if strings.Contains(a.bucket, "@") {
		return nil, fmt.Errorf("%s: credentials do not belong into the address: they come from the environment and from the files of the store's own tools", a.title)
	}
	return a, nil
}

// escaped returns a path as it stands in a URL: every byte but those that are reserved to nobody, with
// its slashes.
func escaped(key string) string {
	var b strings.Builder
	for i := range len(key) {
		switch c := key[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// join returns a URL with a further path, which is not escaped yet.
func join(base *url.URL, key string) *url.URL {
	u := *base
	u.RawPath = strings.TrimRight(base.EscapedPath(), "/") + "/" + escaped(key)
	u.Path = strings.TrimRight(base.Path, "/") + "/" + key
	return &u
}
