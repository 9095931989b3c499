package peek

import "github.com/segq/segq/redisx/record"

// maxRecent is how many answers are remembered.
const maxRecent = 256

// answer is what was counted, no counts where there is nothing to show.
type answer struct {
	counts []int64
	total  int64
	why    record.Note // nothing matches
}

// recent holds the last answers, so that who goes back and forth in a text asks for nothing twice. The zero
// value is ready.
type recent struct {
	answers map[key]answer
	order   []key // the oldest first
}

func (r *recent) put(k key, a answer) {
	if r.answers == nil {
		r.answers = map[key]answer{}
	}
	if _, ok := r.answers[k]; !ok {
		r.order = append(r.order, k)
	}
	r.answers[k] = a
	if len(r.order) > maxRecent {
		delete(r.answers, r.order[0])
		r.order = r.order[1:]
	}
}

// remember keeps what was counted for a draft, unless the next moment makes it another. That there is nothing to
// show does not change with the time.
func (c *Counter) remember(d *draft, a answer) {
	if d.passing && a.counts != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.recent.put(d.key, a)
}

// known returns what is to be shown for a draft, if that is remembered.
func (c *Counter) known(d *draft) (Result, bool) {
	c.mu.Lock()
	a, ok := c.recent.answers[d.key]
	c.mu.Unlock()
	if !ok || a.counts == nil {
		return Result{}, ok
	}
	return d.result(a), true
}
