package redisx

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// finding returns what is said about one thing.
func finding(t *testing.T, findings []Finding, check string) Finding {
	t.Helper()
	for _, f := range findings {
		if f.Check == check {
			return f
		}
	}
	t.Fatalf("nothing is said about the %s", check)
	return Finding{}
}

// A server that may lose jobs is told so, and one with a worker has a worker.
func TestExamine(t *testing.T) {
	url, _ := startServer(t)
	c, err := Open(t.Context(), Options{URL: url, Namespace: "doctor-" + uuid.NewString()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	findings, err := c.Examine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for check, want := range map[string]bool{
		"version": true, "persistence": false, "eviction": true, "rights": true, "clock": true, "workers": false, "keys": true,
	} {
		if f := finding(t, findings, check); f.OK != want || !f.OK && f.Advice == "" {
			t.Errorf("%+v", f)
		}
	}
	if err := c.control.ConfigSet(t.Context(), "maxmemory-policy", "allkeys-lru").Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.control.ConfigSet(t.Context(), "appendonly", "yes").Err(); err != nil {
		t.Fatal(err)
	}
	findings, err = c.Examine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if f := finding(t, findings, "eviction"); f.OK || !strings.Contains(f.Found, "allkeys-lru") {
		t.Errorf("%+v", f)
	}
	if f := finding(t, findings, "persistence"); !f.OK {
		t.Errorf("%+v", f)
	}
	// A user without rights is told which.
	if err := c.control.Do(context.Background(), "ACL", "SETUSER", "poor", "on", ">x", "~*", "+ping", "+hello", "+client", "+time", "+info").Err(); err != nil {
		t.Fatal(err)
	}
	poor, err := Open(t.Context(), Options{URL: strings.Replace(url, "redis://", "redis://poor:x@", 1), Namespace: "doctor"})
	if err != nil {
		t.Fatal(err)
	}
	defer poor.Close()
	findings, err = poor.Examine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if f := finding(t, findings, "rights"); f.OK || !strings.Contains(f.Found, "eval") {
		t.Errorf("%+v", f)
	}
}
