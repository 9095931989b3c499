package redisx

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// What the cache keeps: answers of up to maxCached bytes, for about cacheFor; not all
// for the same time, so that those which were made together do not end together.
const (
	maxCached = 64 << 10
	cacheFor  = 10 * time.Minute
)

// SourceCache is the Source of a job that was answered from the cache.
const SourceCache = "cache"

// shared says whether others who ask the same may have a command's answer: it has no
// effect but its answer, and its answer depends on nothing that is kept and may have another version by
// the time that somebody asks again.
func (c *Command) shared() bool {
	return (slices.Contains([]string{"schema", "overlap", "rules"}, c.Op) || asksQuery(c.Op) && c.Op != "export" && c.Op != "save") && !c.open()
}

// open says whether a command names something that is kept, and not its version.
func (c *Command) open() bool {
	return c.Set != "" && c.SetVersion == 0 || c.asksBeyond(c.Query) || slices.ContainsFunc(c.Queries, c.asksBeyond) || c.asksBeyond(c.Select) ||
		slices.ContainsFunc(slices.Collect(maps.Values(c.Segments)), c.asksBeyond)
}

var segmentPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`inSegment\s*\(\s*["']([^"']*)`) })

// asksBeyond says whether a query seems to ask about a segment that the command does not bring.
func (c *Command) asksBeyond(query string) bool {
	if !strings.Contains(query, "inSegment") {
		return false
	}
	for _, found := range segmentPattern().FindAllStringSubmatch(query, -1) {
		if _, ok := c.Segments[found[1]]; !ok {
			return true
		}
	}
	return false
}

// ask names what a command asks, with its query and its segments in these words and at this moment;
// who asks is part of it: nobody sees what was made for another tenant.
func (c *Command) ask(query, now string) string {
	params, err := json.Marshal(c.Params)
	if err != nil {
		return ""
	}
	if len(c.Params) == 0 {
		params = nil // which of the empty ones does not survive the wire
	}
	op := c.Op
	if c.Values {
		op += " values"
	}
	if len(c.Personal) > 0 {
		text, err := json.Marshal(c.Personal)
		if err != nil {
			return ""
		}
		op += " personal " + string(text)
	}
	if c.Set != "" {
		op += " set " + c.Set + "@" + strconv.Itoa(c.SetVersion)
		if asksQuery(c.Op) {
			op += " rule " + c.Name
		}
	}
	if len(c.SegmentVersions) > 0 {
		text, err := json.Marshal(c.SegmentVersions)
		if err != nil {
			return ""
		}
		op += " versions " + string(text)
	}
	if c.Top > 0 {
		op += " top " + strconv.Itoa(c.Top)
	}
	parts := append([]string{
		op, c.Tenant, query, now, string(params), c.By, strconv.Itoa(c.Sample), strconv.FormatUint(c.Seed, 10),
		strconv.Itoa(len(c.Queries)),
	}, c.Queries...)
	parts = append(parts, c.Names...)
	if c.Op == "rows" {
		parts = append(parts, c.parts()...)
	}
	if len(c.Segments) > 0 {
		text, err := json.Marshal(c.Segments) // in order of their names
		if err != nil {
			return ""
		}
		// An operation looks like no JSON: this is no ask without segments.
		parts = append([]string{string(text)}, parts...)
	}
	h := sha256.New()
	for _, p := range parts {
		sum := sha256.Sum256([]byte(p))
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// asks returns the names under which the answer to a command may have been kept: that
// of a query which does not depend on the moment, and that for its moment.
func (c *Command) asks() []string {
	switch {
	case !c.shared():
		return nil
	case c.Now == "":
		return []string{c.ask(c.Query, "")}
	}
	return []string{c.ask(c.Query, ""), c.ask(c.Query, c.Now)}
}

// flight names what a command asks, of which data, and how urgently, "" for one that shares nothing.
func (c *Command) flight() string {
	if !c.shared() {
		return ""
	}
	return c.ask(c.Query, c.Now) + ":" + c.Class + ":" + strconv.Itoa(c.Priority) + c.Snapshot
}

// CacheKeys returns the keys under which the answer to a task is kept: for its query as
// it was written, and for the same in its canonical words. dated says that the answer
// depends on what now means. There are none for an answer that nobody else may have,
// or that nobody could ask for again.
func (t *Task) CacheKeys(canonical string, dated bool) []string {
	now := t.worker.data.Load()
	c, serves := &t.asked, now.serves
	if now.snapshot != t.data.snapshot || serves == "" || !c.shared() || dated && c.Now == "" {
		return nil
	}
	at := ""
	if dated {
		at = c.Now
	}
	keys := []string{cacheKey(serves, c.ask(c.Query, at))}
	if canonical != c.Query {
		keys = append(keys, cacheKey(serves, c.ask(canonical, at)))
	}
	return keys
}

// cacheKey is where the enqueue script looks for the answer to ask.
func cacheKey(serves, ask string) string {
	sum := sha1.Sum([]byte(serves + ask))
	return hex.EncodeToString(sum[:])
}

// Cached returns the answers that were kept under keys, in one round trip; nil for
// each that was not.
func (c *Client) Cached(ctx context.Context, keys []string) ([][]byte, error) {
	out := make([][]byte, len(keys))
	if len(keys) == 0 {
		return out, nil
	}
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = c.keys.cached(k)
	}
	values, err := c.control.MGet(ctx, names...).Result()
	for i, v := range values {
		if text, ok := v.(string); ok && len(text) >= 64 && checksum([]byte(text[64:])) == text[:64] {
			out[i] = []byte(text[64:])
		}
	}
	return out, err
}

// Keep says under which keys the result of Finish is kept for some minutes, if it is
// small. It is called before Finish.
func (t *Task) Keep(keys []string) { t.keep = keys }

// cache puts an answer and its checksum under keys, with a pipeline. What cannot be kept
// is answered again.
func (c *Client) cache(ctx context.Context, p redis.Pipeliner, keys []string, sum string, data []byte) {
	if len(data) > maxCached || len(keys) == 0 {
		return
	}
	ttl := cacheFor + rand.N(cacheFor/5)
	entry := slices.Concat([]byte(sum), data)
	for _, k := range keys {
		p.Set(ctx, c.keys.cached(k), entry, ttl)
	}
}

// cached is a STRING, the SHA-256 of an answer in hexadecimal and the answer. TTL some
// minutes.
func (k keys) cached(key string) string { return k.prefix + "cache:" + key }
