package object

import (
	"strings"
	"testing"
)

// FuzzAddress takes addresses apart. What is shown of one has neither its user nor its password, nor the
// query that may be a signature.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"s3://bucket/a/b.parquet", "https://user:pass@host:8443/a%2Fb.csv?X-Amz-Signature=abc#x", "gs://b", "az://c/d?e",
		"HTTP://[::1]:80/x", "https://u:p/a@host/x", "https://u:p?a@host/x", "s3:///x", "https://%zz/", "s3://a:b@c/d"} {
		f.Add(s, "sEcReT")
	}
	for _, secret := range []string{"pass/word", "pass?word", "pass#word", "pass@word", "p%zzword", "p:w/o:r@d"} {
		f.Add("", secret)
	}
	f.Fuzz(func(t *testing.T, name, secret string) {
		if Is(name) {
			if _, err := parse(name); err != nil && strings.Contains(err.Error(), "internal") {
				t.Error(err)
			}
			if again := Redacted(Redacted(name)); again != Redacted(name) {
				t.Errorf("%q is shown as %q, and that as %q", name, Redacted(name), again)
			}
			_, _ = Base(name), Unsupported(name)
		}
		if len(secret) < 6 || strings.Contains("https://user@host/path?sig=", secret) {
			return // it stands elsewhere
		}
		if begin := secret[:len(secret)-len(strings.TrimLeft(secret, "0123456789"))]; begin == secret || strings.IndexByte("/?#", secret[len(begin)]) >= 0 {
			return // it looks like a port
		}
		if at, slash := strings.IndexByte(secret, '@'), strings.IndexAny(secret, "/?#"); at >= 0 && at < slash {
			return // it looks like a host
		}
		for _, address := range []string{"https://user:" + secret + "@host/path", "https://host/path?sig=" + secret} {
			if shown := Redacted(address); strings.Contains(shown, secret) || strings.Contains(shown, "user") {
				t.Errorf("%q is shown as %q", address, shown)
			}
			if a, err := parse(address); err == nil && strings.Contains(a.title, secret) {
				t.Errorf("%q is called %q", address, a.title)
			} else if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("%q: %v", address, err)
			}
		}
	})
}
