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

// A replica that cannot be written to is no place for a queue.
func TestExamineReplica(t *testing.T) {
	url, _ := startServer(t)
	c, err := Open(t.Context(), Options{URL: url, Namespace: "doctor-" + uuid.NewString()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.control.Do(t.Context(), "REPLICAOF", "127.0.0.1", "1").Err(); err != nil {
		t.Fatal(err)
	}
	findings, err := c.Examine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if f := finding(t, findings, "rights"); f.Level != Fault || !strings.Contains(f.Found, "replica") {
		t.Errorf("%+v", f)
	}
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
	for check, want := range map[string]Level{
		"version": Good, "persistence": Works, "eviction": Good, "memory": Good, "rights": Good, "clock": Good, "workers": Fault, "jobs": Good, "keys": Good,
	} {
		if f := finding(t, findings, check); f.Level != want || f.OK != (want == Good) || !f.OK && f.Advice == "" {
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
	if f := finding(t, findings, "eviction"); f.Level != Works || !strings.Contains(f.Found, "allkeys-lru") {
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
	if f := finding(t, findings, "rights"); f.Level != Fault || !strings.Contains(f.Found, "eval") {
		t.Errorf("%+v", f)
	}
}

// What works is told from what does not by what the server says of itself.
func TestFaultsAndAdvice(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		check func(map[string]string) Finding
		info  map[string]string
		want  Level
	}{
		{version, map[string]string{"redis_version": "6.2.14"}, Fault},
		{version, map[string]string{"redis_version": "8.0.1"}, Good},
		{version, nil, Good}, // it may not be asked
		{persistence, map[string]string{"aof_enabled": "1", "aof_last_write_status": "ok", "rdb_last_bgsave_status": "ok"}, Good},
		{persistence, map[string]string{"aof_enabled": "0", "aof_last_write_status": "ok", "rdb_last_bgsave_status": "ok"}, Works},
		{persistence, map[string]string{"aof_enabled": "1", "aof_last_write_status": "err"}, Fault},
		{persistence, map[string]string{"aof_enabled": "0", "rdb_last_bgsave_status": "err"}, Fault},
		{eviction, map[string]string{"maxmemory_policy": "noeviction"}, Good},
		{eviction, map[string]string{"maxmemory_policy": "volatile-lru", "maxmemory": "1000", "evicted_keys": "7"}, Good}, // of the cache
		{eviction, map[string]string{"maxmemory_policy": "allkeys-lru", "evicted_keys": "0"}, Works},
		{eviction, map[string]string{"maxmemory_policy": "allkeys-lru", "maxmemory": "1000", "evicted_keys": "7"}, Fault},
		{memory, map[string]string{"used_memory": "1000", "maxmemory": "0"}, Good},
		{memory, map[string]string{"used_memory": "800", "maxmemory": "1000", "maxmemory_policy": "noeviction"}, Good},
		{memory, map[string]string{"used_memory": "950", "maxmemory": "1000", "maxmemory_policy": "noeviction"}, Works},
		{memory, map[string]string{"used_memory": "1001", "maxmemory": "1000", "maxmemory_policy": "noeviction"}, Fault},
		{memory, nil, Good},
	} {
		if f := test.check(test.info); f.Level != test.want || (f.Advice == "") != (f.Level == Good) {
			t.Errorf("%v: %+v, and not %s", test.info, f, test.want)
		}
	}
}

// A server that is full is told from one whose log has to be looked at.
func TestExamineFull(t *testing.T) {
	url, _ := startServer(t)
	c := openReal(t, url, "doctor-full")
	if err := c.control.ConfigSet(t.Context(), "maxmemory", "1mb").Err(); err != nil {
		t.Fatal(err)
	}
	if f := c.rights(t.Context()); f.Level != Fault || !strings.Contains(f.Found, "OOM") || !strings.Contains(f.Advice, "maxmemory") {
		t.Errorf("%+v", f)
	}
}
