package preview_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/preview"
	"github.com/segq/segq/redisx/redistest"
)

// TestReadyWithoutRights: a server that refuses the user is not one that cannot be reached.
func TestReadyWithoutRights(t *testing.T) {
	t.Parallel()
	addr, stop, err := redistest.Start()
	redistest.Need(t, err)
	t.Cleanup(stop)
	admin := redis.NewClient(&redis.Options{Addr: addr})
	defer admin.Close()
	if err := admin.Do(t.Context(), "ACL", "SETUSER", "u", "on", ">p", "~*", "&*", "+@all").Err(); err != nil {
		t.Fatal(err)
	}
	queue, err := redisx.Open(context.Background(), redisx.Options{URL: (&url.URL{Scheme: "redis", User: url.UserPassword("u", "p"), Host: addr}).String()})
	if err != nil {
		t.Fatal(err)
	}
	defer queue.Close()
	a := serve(t, queue, preview.Options{})
	if err := admin.Do(t.Context(), "ACL", "SETUSER", "u", "-eval", "-evalsha").Err(); err != nil {
		t.Fatal(err)
	}
	if got := a.want(503, a.do("GET", "/readyz", "")); !strings.Contains(got.text, "Redis refuses") {
		t.Errorf("%s", got.text)
	}
	stop()
	if got := a.want(503, a.do("GET", "/readyz", "")); !strings.Contains(got.text, "cannot be reached") {
		t.Errorf("%s", got.text)
	}
}

// TestReadyWhenFull: where Redis has no memory nothing can be queued.
func TestReadyWhenFull(t *testing.T) {
	t.Parallel()
	addr, stop, err := redistest.Start()
	redistest.Need(t, err)
	t.Cleanup(stop)
	admin := redis.NewClient(&redis.Options{Addr: addr})
	defer admin.Close()
	queue, err := redisx.Open(context.Background(), redisx.Options{URL: "redis://" + addr})
	if err != nil {
		t.Fatal(err)
	}
	defer queue.Close()
	a := serve(t, queue, preview.Options{})
	if err := admin.ConfigSet(t.Context(), "maxmemory", "1mb").Err(); err != nil {
		t.Fatal(err)
	}
	if got := a.want(503, a.do("GET", "/readyz", "")); !strings.Contains(got.text, "out of memory") {
		t.Errorf("%s", got.text)
	}
	if err := admin.ConfigSet(t.Context(), "maxmemory", "0").Err(); err != nil {
		t.Fatal(err)
	}
	if got := a.want(503, a.do("GET", "/readyz", "")); !strings.Contains(got.text, "no worker") {
		t.Errorf("%s", got.text)
	}
}
