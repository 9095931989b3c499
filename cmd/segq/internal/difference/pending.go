package difference

// entryBytes is about what a row takes that waits, beside its id and its set.
const entryBytes = 96

// compare goes on as far as the rows of both sides are there. Where both have the same row next, it is compared at
// once; else it is looked for among those of the other side that wait, and waits itself if it is not there. A
// row that one side has alone thereby puts the sides out of step for one row only.
func (c *Comparison) compare() error {
	for {
		before, hasBefore := c.next(Before)
		after, hasAfter := c.next(After)
		switch {
		case hasBefore && hasAfter:
			if err := c.both(before, after); err != nil {
				return err
			}
		case hasBefore && c.ended[After]:
			if err := c.one(Before, before); err != nil {
				return err
			}
		case hasAfter && c.ended[Before]:
			if err := c.one(After, after); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// next returns the next row of a side.
func (c *Comparison) next(s Side) (row, bool) {
	for len(c.queue[s]) > 0 {
		b := c.queue[s][0]
		if c.at[s] < b.Len() {
			id, set := b.row(c.at[s])
			return row{id, set}, true
		}
		c.queue[s][0] = nil
		c.queue[s], c.at[s] = c.queue[s][1:], 0
	}
	return row{}, false
}

type row struct{ id, set []byte }

// both goes on with the next rows of both sides.
func (c *Comparison) both(before, after row) error {
	if string(before.id) == string(after.id) {
		c.at[Before]++
		c.at[After]++
		if string(before.set) == string(after.set) {
			c.rows.Same++
			return nil
		}
		return c.pair(string(before.id), string(before.set), string(after.set))
	}
	found, err := c.match(Before, before)
	if err != nil || found {
		return err
	}
	if found, err = c.match(After, after); err != nil || found {
		return err
	}
	if err := c.wait(Before, before); err != nil {
		return err
	}
	return c.wait(After, after)
}

// one goes on with the next row of a side when the other is at its end.
func (c *Comparison) one(s Side, r row) error {
	found, err := c.match(s, r)
	if err != nil || found {
		return err
	}
	return c.wait(s, r)
}

// match compares the next row of a side with one of the other that waits, if that is there.
func (c *Comparison) match(s Side, r row) (bool, error) {
	set, ok := c.pending[1-s][string(r.id)]
	if !ok {
		return false, nil
	}
	delete(c.pending[1-s], string(r.id))
	c.held -= int64(len(r.id)+len(set)) + entryBytes
	c.at[s]++
	if s == Before {
		return true, c.pair(string(r.id), string(r.set), set)
	}
	return true, c.pair(string(r.id), set, string(r.set))
}

// wait lets the next row of a side wait.
func (c *Comparison) wait(s Side, r row) error {
	c.at[s]++
	id, set := string(r.id), string(r.set)
	c.pending[s][id] = set
	if c.held += int64(len(id)+len(set)) + entryBytes; c.held <= c.Memory/2 {
		return nil
	}
	return c.spill()
}

// spill lets all that waits for its counterpart wait for the end.
func (c *Comparison) spill() error {
	for s, rows := range c.pending {
		for id, set := range rows {
			c.waiting[s].put([]byte(id), []byte(set))
			if err := c.waiting[s].makeRoom(); err != nil {
				return err
			}
		}
		clear(rows)
	}
	c.held = 0
	return nil
}

// pair compares the two of one id.
func (c *Comparison) pair(id, before, after string) error {
	if before == after {
		c.rows.Same++
		return nil
	}
	c.before, c.after = appendCodes(c.before[:0], before), appendCodes(c.after[:0], after)
	return c.changed(Change{ID: id, Before: c.before, After: c.after})
}
