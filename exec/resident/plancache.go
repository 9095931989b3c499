package resident

import (
	"encoding/binary"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/lang/check"
)

// The plans that are kept: so many, of so many queries together.
const (
	maxPlans   = 64
	maxPlanned = 20_000
)

// planCache keeps the plans of the last batches, so that a batch of queries that
// were planned before is run at once. Queries are known by their identity: who
// wants to profit keeps the checked query, which is immutable.
type planCache struct {
	mu sync.Mutex
	// kept is in order of use, the last one last.
	kept []*kept
}

// kept is a plan with what it was made of. It holds on to the queries, so that no
// other query can get their addresses. A dated one is for that now alone.
type kept struct {
	key     string
	queries []*check.Query
	plan    *plan.Plan
	now     time.Time
	dated   bool
}

// get returns the plan that is kept for a key and a present moment, nil for none.
func (c *planCache) get(key string, now time.Time) *plan.Plan {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, k := range c.kept {
		if k.key == key && (!k.dated || k.now.Equal(now)) {
			c.kept = append(append(c.kept[:i:i], c.kept[i+1:]...), k)
			return k.plan
		}
	}
	return nil
}

// put keeps a plan, and forgets those that were not used for longest.
func (c *planCache) put(key string, now time.Time, queries []*check.Query, p *plan.Plan) {
	dated := slices.ContainsFunc(queries, func(q *check.Query) bool { return check.UsesNow(q.Cond) })
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = append(c.kept, &kept{key, queries, p, now, dated})
	n := 0
	for _, k := range c.kept {
		n += len(k.queries)
	}
	for len(c.kept) > 1 && (len(c.kept) > maxPlans || n > maxPlanned) {
		n -= len(c.kept[0].queries)
		c.kept[0] = nil
		c.kept = c.kept[1:]
	}
}

// planKey tells queries apart.
func planKey(queries []*check.Query) string {
	k := make([]byte, 0, 8*len(queries))
	for _, q := range queries {
		k = binary.LittleEndian.AppendUint64(k, uint64(reflect.ValueOf(q).Pointer()))
	}
	return string(k)
}
