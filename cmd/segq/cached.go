package main

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
)

// cacheWithin is how long the cache is waited for: an answer is no later than that for
// its sake.
const cacheWithin = 50 * time.Millisecond

// cacheKey names the answer to a query: by this version of segq, the data, the query
// with all that it was given, the moment where it asks for that, and the tenant, whose
// answers nobody else sees. It is "" where nothing is cached.
func (h *handler) cacheKey(w *work) string {
	c := w.task.Command
	if h.client == nil || h.client.Embedded() || c.Op != "query" {
		return ""
	}
	params, err := json.Marshal(c.Params)
	if err != nil {
		return ""
	}
	now := ""
	if check.UsesNow(w.typed.Root) {
		now = w.record.Now.Format(time.RFC3339Nano)
	}
	return redisx.CacheKey(versionText(), h.snapshot.Fingerprint, c.Tenant, c.Query, string(params), now,
		strconv.Itoa(c.Sample), strconv.FormatUint(c.Seed, 10))
}

// recall answers a task from the cache, and says whether it did.
func (h *handler) recall(w *work) bool {
	w.cacheKey = h.cacheKey(w)
	if w.cacheKey == "" {
		return false
	}
	ctx, cancel := context.WithTimeout(w.task.Context(), cacheWithin)
	defer cancel()
	data, err := h.client.Cached(ctx, w.cacheKey)
	if err != nil || data == nil {
		return false
	}
	kept, err := decodeRecord(data)
	if err != nil {
		return false
	}
	kept.ID, kept.Name, kept.Query, kept.Now = w.record.ID, w.record.Name, w.record.Query, w.record.Now
	kept.Cached, kept.ElapsedMS = true, 0
	w.record = kept
	w.finish()
	return true
}

// keep puts the record of an answer into the cache.
func (h *handler) keep(w *work) {
	if w.cacheKey == "" || w.record.Error != nil {
		return
	}
	data, err := encodeRecord(w.record)
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(w.task.Context()), cacheWithin)
	defer cancel()
	_ = h.client.Cache(ctx, w.cacheKey, data) // what is not kept is answered again
}
