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
