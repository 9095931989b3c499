package object

import (
	"net/http"
	"strings"
	"testing"
)

// TestSecrets looks for the secrets of an address in all that is said of it.
func TestSecrets(t *testing.T) {
	s := serve(t, random(100))
	s.spoil = func(n int, w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(http.StatusForbidden)
		return true
	}
	host := strings.TrimPrefix(s.URL, "http://")
	for _, name := range []string{
		"http://user:canary@" + host + "/dir/x.parquet?X-Amz-Signature=canary#canary",
		"http://user:canary@127.0.0.1:1/dir/x.parquet?sig=canary",
		"https://user:canary@" + host + "/dir/x.parquet?sig=canary",
		"http://user:canary@host.invalid/dir/x.parquet?sig=canary",
		"http://user:canary@ho st/dir/x.parquet?sig=canary%zz",
	} {
		_, err := Find(t.Context(), name, true)
		if err == nil {
			t.Fatal(name, "was found")
		}
		if text := err.Error() + Redacted(name) + Base(name); strings.Contains(text, "canary") || strings.Contains(text, "user") {
			t.Errorf("%s", text)
		}
	}
}

// TestSentAlong has a user and a password sent.
func TestSentAlong(t *testing.T) {
	s := serve(t, random(100))
	s.spoil = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		if user, password, _ := r.BasicAuth(); user != "u" || password != "p@" || r.URL.Query().Get("sig") != "a b" {
			w.WriteHeader(http.StatusUnauthorized)
			return true
		}
		return false
	}
	host := strings.TrimPrefix(s.URL, "http://")
	find(t, "http://u:p%40@"+host+"/x.bin?sig=a%20b", false)
	_, err := Find(t.Context(), s.URL+"/x.bin", false)
	want := s.URL + "/x.bin: access is denied (401 Unauthorized): it asks for a user and a password: https://USER:PASSWORD@HOST/... or a signed address"
	if err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}

// TestSignedNamesOfBuckets: the query of a signed address is a secret, below whatever scheme, and no pattern; names with a question mark
// are patterns as before.
func TestSignedNamesOfBuckets(t *testing.T) {
	for _, query := range []string{
		"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=canary", "x-amz-signature=canary", "AWSAccessKeyId=canary&Signature=canary&Expires=1",
		"Expires=1&GoogleAccessId=canary&Signature=canary", "X-Goog-Signature=canary", "sv=2024-01-01&sr=b&sig=canary", "versionId=1&X-Amz-Security-Token=canary",
	} {
		for _, scheme := range []string{"s3", "gs", "az", "S3"} {
			name := scheme + "://bucket/a/d.csv?" + query
			if got := Redacted(name); got != scheme+"://bucket/a/d.csv" {
				t.Errorf("%s is shown as %s", name, got)
			}
			if err := Unsupported(name); err == nil || strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), "https://") {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := Find(t.Context(), name, false); err == nil || strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), "signed") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := Unsupported("https://host/d.csv?" + query); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"s3://bucket/day?.csv", "s3://bucket/a?b=c.csv", "gs://bucket/?sig", "s3://bucket/x-amz-/y.csv"} {
		if err := Unsupported(name); err != nil || Redacted(name) != name {
			t.Errorf("%s is shown as %s: %v", name, Redacted(name), err)
		}
	}
}
