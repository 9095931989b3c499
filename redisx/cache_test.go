package redisx

import (
	"bytes"
	"testing"
)

func TestCache(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		key := CacheKey("v1", "snapshot", "a = 1")
		if data, err := c.Cached(t.Context(), key); data != nil || err != nil {
			t.Fatalf("before: %q, %v", data, err)
		}
		if err := c.Cache(t.Context(), key, []byte("42")); err != nil {
			t.Fatal(err)
		}
		if data, err := c.Cached(t.Context(), key); string(data) != "42" || err != nil {
			t.Fatalf("after: %q, %v", data, err)
		}
		if left := c.control.PTTL(t.Context(), c.keys.cached(key)).Val(); left < cacheFor/2 || left > 2*cacheFor {
			t.Errorf("it stays for %v", left)
		}
		large := CacheKey("large")
		if err := c.Cache(t.Context(), large, bytes.Repeat([]byte("x"), maxCached+1)); err != nil {
			t.Fatal(err)
		}
		if data, _ := c.Cached(t.Context(), large); data != nil {
			t.Error("a large answer is kept")
		}
	})
}

func TestCacheKeysTellPartsApart(t *testing.T) {
	if CacheKey("ab", "c") == CacheKey("a", "bc") || CacheKey("a") == CacheKey("a", "") {
		t.Error("different parts have one key")
	}
}
