package object

import (
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"testing"
)

// TestRefused has the words of refusals.
func TestRefused(t *testing.T) {
	for status, want := range map[int]string{
		404: "there is no such file (404 Not Found)",
		410: "the server answers (410 Gone)",
		403: "access is denied (403 Forbidden): if the address is a signed one, its time may be over",
		500: "the server answers (500 Internal Server Error) (tried 5 times)",
	} {
		s := serve(t, nil)
		s.spoil = func(_ int, w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(status); return true }
		_, err := Find(t.Context(), s.URL+"/x", false)
		if err == nil || err.Error() != s.URL+"/x: "+want || errors.Is(err, fs.ErrNotExist) != (status == 404) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// TestPatternOfWeb asks a web server for a pattern.
func TestPatternOfWeb(t *testing.T) {
	s := serve(t, nil)
	s.spoil = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusNotFound)
		return true
	}
	_, err := Find(t.Context(), s.URL+"/c/*.csv", false)
	if err == nil || !strings.Contains(err.Error(), "patterns are for s3://") {
		t.Errorf("the error is %v", err)
	}
}
