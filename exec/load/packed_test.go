package load_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec/load"
)

// A packed table elsewhere is refused for what it is.
func TestPackedElsewhere(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader("\x89SGQ and more"))
	}))
	defer server.Close()
	_, _, err := load.OpenTable(t.Context(), []string{server.URL + "/a.segq"}, load.Options{})
	if err == nil || !strings.HasSuffix(err.Error(), "/a.segq: a packed table is mapped into memory, and not read from elsewhere: download it, and name the file") {
		t.Error(err)
	}
}
