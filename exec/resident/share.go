package resident

// share is what one partition has seen of one query, beside how many rows matched.
// It belongs to the task of the partition.
type share struct {
	overflowed bool
	sample     *sample
	tally      *tally
	groups     *groups
}

// share returns an empty share.
func (q *query) share() *share {
	s := new(share)
	if q.Sample > 0 {
		s.sample = newSample(q.Sample, q.Seed)
	}
	if q.by != nil {
		s.groups = newGroups(q)
	}
	if q.values != nil {
		s.tally = newTally(q.Typed.Root.Type(), &q.meter)
	}
	return s
}
