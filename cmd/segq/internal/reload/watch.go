package reload

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
)

// changed is what is known of files that are not what they were when they were loaded.
type changed struct {
	stamp string           // as they were when they were last looked at
	since time.Time        // since when they are so
	first time.Time        // since when they are not what was loaded, and were not quiet; zero if they are that
	told  bool             // that they are not
	tried string           // as they were when they were last to be loaded
	heard *dataset.Dataset // of which it is known that it was lost
	lost  lost             // why they cannot be looked at
}

// lost is that files cannot be looked at: for a moment that is nothing, as where one folder takes the place of another.
type lost struct {
	why   string    // "" where they can be
	since time.Time // since when
	told  bool      // to those who ask
}

// How often files are looked at: at most, at least, and those that lie elsewhere.
const (
	often  = 50 * time.Millisecond
	seldom = time.Second
	remote = 30 * time.Second
)

// every is how often the files are looked at. Where they lie elsewhere, each look costs something.
func (r *Reloader) every() time.Duration {
	if r.Options.Clustered() && len(r.Paths) == 0 {
		return remote
	}
	for _, path := range r.Paths {
		if strings.Contains(path, "://") {
			return remote
		}
	}
	return min(max(r.Quiet/4, often), seldom)
}

// next is when to look again after a look: those that lie elsewhere, when they may have been quiet for long enough,
// unless somebody writes to them all the time.
func (r *Reloader) next() time.Duration {
	c, every := &r.changed, r.every()
	if c.stamp != "" && c.since.Equal(c.first) {
		return min(every, max(r.Quiet, often))
	}
	return every
}

// overwritten is closed when a read has found that somebody has written to the data; that is heard once.
func (r *Reloader) overwritten() <-chan struct{} {
	if r.Quiet <= 0 || r.changed.heard == r.Now {
		return nil
	}
	return r.Now.Overwritten()
}

// due says whether the files have changed, and have been as they are for long enough.
func (r *Reloader) due(ctx context.Context) bool {
	c := &r.changed
	stamp, err := dataset.Stamp(ctx, r.Paths, r.Options)
	switch {
	case ctx.Err() != nil:
		return false
	case err != nil:
		r.lose(err)
		return false
	}
	c.lost = lost{}
	switch {
	case stamp == r.Now.Stamp() && r.Now.Trouble() != "" && stamp != c.tried: // it is again what was loaded
		r.Worker.Stale(nil)
		r.Log.Info("the data is again what was loaded", "snapshot", r.Now.Snapshot.Fingerprint)
		c.tried = stamp
		c.rest()
		return false
	case stamp == r.Now.Stamp(), stamp == c.tried:
		c.rest()
		return false
	case stamp != c.stamp:
		c.stamp, c.since = stamp, time.Now()
		if c.first.IsZero() {
			c.first = c.since
		}
		r.tellWriting()
		return false
	}
	return time.Since(c.since) >= r.Quiet
}

// rest notes that there is nothing to load.
func (c *changed) rest() { c.stamp, c.first, c.told = "", time.Time{}, false }

// tellWriting says, once, that the files are written to all the time, so that what was loaded is old.
func (r *Reloader) tellWriting() {
	c := &r.changed
	if c.told || time.Since(c.first) < max(10*r.Quiet, time.Minute) {
		return
	}
	c.told = true
	err := fmt.Errorf("the files have changed since %s, and are still being written", c.first.UTC().Format("2006-01-02 15:04:05 MST"))
	r.Worker.Stale(err)
	r.Log.Warn("cannot reload yet: the data from before is served on", "error", err, "snapshot", r.Now.Snapshot.Fingerprint)
}

// lose notes that the files cannot be looked at. When that has been so for as long as files are to be quiet, all answers
// say so.
func (r *Reloader) lose(err error) {
	c := &r.changed
	c.rest()
	if c.lost.why != err.Error() {
		c.lost = lost{why: err.Error(), since: time.Now()}
	}
	if c.lost.told || time.Since(c.lost.since) < r.Quiet {
		return
	}
	c.lost.told, c.tried = true, "" // when they are there again, they are loaded, or are what was
	r.Worker.Stale(err)
	r.Log.Error("cannot look at the data: what was loaded is served on", "error", err, "snapshot", r.Now.Snapshot.Fingerprint)
}
