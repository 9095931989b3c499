package worker

import (
	"cmp"
	"context"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/version"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// cacheWithin is how long the cache is waited for: an answer is no later than that for
// its sake.
const cacheWithin = 50 * time.Millisecond

// serves is what the answers of a dataset depend on beside the commands: as long as that is not known, on
// nothing that anybody else has, nor this worker when it has other data. An embedded
// broker keeps none: it has no room, and is as near as the data.
func serves(d *dataset.Dataset, c *redisx.Client) string {
	if c.Embedded() {
		return ""
	}
	what := version.Text() + " " + cmp.Or(d.Identity(), d.Nonce())
	for _, t := range d.Warnings() {
		if d.Lost() && t == d.Trouble() {
			continue // what was answered before is right
		}
		what += " " + t // which the answers say
	}
	return what
}

// cacheKeys returns the keys of the answer to a task in the cache.
func (w *work) cacheKeys() []string {
	switch {
	case w.task.Snapshot() != "" && w.task.Snapshot() != w.record.Snapshot:
		return nil // it was claimed over other data, and is kept for that
	case w.rules != nil:
		return w.task.CacheKeys("", w.rules.dated())
	case w.typed == nil:
		return nil
	}
	return w.task.CacheKeys(w.typed.Canonical, w.usesNow())
}

// recall answers tasks from the cache, in one round trip for all of them, and gives
// the rest. A query that was answered in the same words never comes here: Redis
// answers it when it is submitted. What is found here was asked in other words.
func (h *handler) recall(all []*work) []*work {
	var keys []string
	for _, w := range all {
		w.keys = w.cacheKeys()
		keys = append(keys, w.keys...)
	}
	if len(keys) == 0 {
		return all
	}
	ctx, cancel := context.WithTimeout(context.Background(), cacheWithin)
	defer cancel()
	found, err := h.client.Cached(ctx, keys)
	if err != nil {
		return all
	}
	var rest []*work
	for _, w := range all {
		own := found[:len(w.keys)]
		found = found[len(w.keys):]
		if !w.recalled(own) {
			if h.Lost() {
				w.keys = nil // what is answered now says so
			}
			rest = append(rest, w)
		}
	}
	return rest
}

// recalled ends the task with the first of the answers, and says whether there was one.
func (w *work) recalled(answers [][]byte) bool {
	for i, data := range answers {
		if data == nil {
			continue
		}
		kept, err := record.Decode(data)
		if err != nil {
			continue
		}
		kept.ID, kept.Name, kept.Query, kept.Now = w.record.ID, w.record.Name, w.record.Query, w.record.Now
		kept.Cached, kept.ElapsedMS = true, 0
		// Those before it are missing: the next time, Redis finds these words itself.
		w.record, w.keys = kept, w.keys[:i]
		w.finish()
		return true
	}
	return false
}
