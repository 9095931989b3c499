package resident

// longOnes gathers queries that may be long in sets, so that those which have a long part
// in common are in one.
type longOnes struct {
	sets  []*longSet
	parts map[int]*longSet
}

// longSet is some of them. One that has become a part of another is empty.
type longSet struct {
	queries []*query
	parts   []int
}

// add takes in a query with its long parts.
func (l *longOnes) add(q *query, parts []int) {
	var own *longSet
	for _, part := range parts {
		if s := l.parts[part]; s != nil {
			own = l.join(own, s)
		}
	}
	if own == nil {
		own = &longSet{}
		l.sets = append(l.sets, own)
	}
	own.queries = append(own.queries, q)
	for _, part := range parts {
		if l.parts[part] == nil {
			own.parts = append(own.parts, part)
			l.put(part, own)
		}
	}
}

// join makes two sets one, the smaller a part of the larger.
func (l *longOnes) join(a, b *longSet) *longSet {
	if a == nil || a == b {
		return b
	}
	if len(a.queries) < len(b.queries) {
		a, b = b, a
	}
	a.queries, a.parts = append(a.queries, b.queries...), append(a.parts, b.parts...)
	for _, part := range b.parts {
		l.put(part, a)
	}
	b.queries, b.parts = nil, nil
	return a
}

func (l *longOnes) put(part int, s *longSet) {
	if l.parts == nil {
		l.parts = map[int]*longSet{}
	}
	l.parts[part] = s
}

// scans returns the sets, spread over so many scans where there are more.
func (l *longOnes) scans(most int) [][]*query {
	var scans [][]*query
	next := 0
	for _, s := range l.sets {
		switch {
		case len(s.queries) == 0:
		case len(scans) < most:
			scans = append(scans, s.queries)
		default:
			scans[next%most] = append(scans[next%most], s.queries...)
			next++
		}
	}
	return scans
}
