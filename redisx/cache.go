package redisx

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/redis/go-redis/v9"
)

// What the cache keeps: answers of up to maxCached bytes, for about cacheFor; not all
// for the same time, so that those which were made together do not end together.
const (
	maxCached = 64 << 10
	cacheFor  = 10 * time.Minute
)

// CacheKey names an answer by all that it depends on, in order: two lists of parts
// have one key only when they are equal.
func CacheKey(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		sum := sha256.Sum256([]byte(p))
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Cached gives the answer that was kept under a key, nil when there is none.
func (c *Client) Cached(ctx context.Context, key string) ([]byte, error) {
	data, err := c.bulk.Get(ctx, c.keys.cached(key)).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	return data, err
}

// Cache keeps an answer under a key for some minutes. One that is large is not kept,
// which is no error.
func (c *Client) Cache(ctx context.Context, key string, data []byte) error {
	if len(data) > maxCached {
		return nil
	}
	ttl := cacheFor + rand.N(cacheFor/5)
	return c.bulk.Set(ctx, c.keys.cached(key), data, ttl).Err()
}

// cached is a STRING, an answer. TTL some minutes.
func (k keys) cached(key string) string { return k.prefix + "cache:" + key }
