package redisx

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// reconnecting is how long a connection may take that is made anew.
const reconnecting = 500 * time.Millisecond

// Missing returns which of the workers that [Stats] counts are not there any more, by their names, each with how long ago
// its last sign of life is. Cut are those among them whose connection has ended. Where one seems to be missing for
// that, it waits half a second and looks again.
func (c *Client) Missing(ctx context.Context) (quiet map[string]time.Duration, cut map[string]bool, err error) {
	var before map[string]bool
	for {
		r, err := c.Roster(ctx)
		if err != nil {
			return nil, nil, err
		}
		gone := r.cut()
		if len(gone) > 0 && before == nil {
			before = gone
			pause(ctx, reconnecting)
			continue
		}
		quiet = map[string]time.Duration{}
		for _, w := range r.Workers {
			if w.Quiet <= silent && (w.Silent() || gone[w.Name] && before[w.Name]) {
				quiet[w.Name] = w.Quiet
			}
		}
		return quiet, gone, nil
	}
}

// cut returns the workers whose connection has ended: as many as listen less than give signs of life and say what data they
// have, which those of versions that do not listen never do; and of these the ones that have been quiet for longest. Where
// nobody is counted it is not known.
func (r *Roster) cut() map[string]bool {
	var alive []Seen
	for _, w := range r.Workers {
		if !w.Silent() && w.Dataset != "" {
			alive = append(alive, w)
		}
	}
	if r.Listening == 0 || r.Listening >= len(alive) {
		return nil
	}
	slices.SortFunc(alive, func(a, b Seen) int { return cmp.Or(cmp.Compare(b.Quiet, a.Quiet), cmp.Compare(a.Name, b.Name)) })
	out := map[string]bool{}
	for _, w := range alive[:len(alive)-r.Listening] {
		out[w.Name] = true
	}
	return out
}
