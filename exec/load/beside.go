package load

import "time"

// A table may be opened while another one is still asked: then both are within the limits together.

// meterLimit is what loading may hold now, 0 for any number.
func (o *Options) meterLimit() int64 { return besides(o.Memory, o.Beside) }

// columnLimit is what columns may hold now, 0 for any number.
func (o *Options) columnLimit() int64 { return besides(o.Columns, o.Beside) }

// beside is what others hold of both.
func (o *Options) beside() int64 {
	if o.Beside == nil {
		return 0
	}
	return o.Beside()
}

// besides returns what is left of a limit.
func besides(limit int64, beside func() int64) int64 {
	if limit <= 0 || beside == nil {
		return limit
	}
	return max(limit-beside(), 1)
}

// shrinkEvery is how often who waits for memory looks whether others hold less by now.
const shrinkEvery = 20 * time.Millisecond

// shrinking returns what wakes those who wait for memory that others hold, nil where these hold none.
func (t *Table) shrinking() <-chan time.Time {
	if t.options.beside() == 0 {
		return nil
	}
	return time.After(shrinkEvery)
}

// GiveUp gives up the columns that nobody uses, which are read again when they are asked for, and says
// whether there were any.
func (t *Table) GiveUp() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.evict(func() bool { return false })
}
