package resident

import (
	"slices"
	"time"
)

// A turn cannot be broken off, and that of a condition over all tuples of a profile's
// events may take minutes. It is charged for while it goes on, so that the goroutines that
// are left serve others first. When all goroutines have such turns, a job that has none
// gets a goroutine beyond their number, for as long as such a job waits: the operating
// system divides the processors then.

// reliefAfter is how old the turns must be for that, far more than turns are; watchEvery
// is how often they are looked at while a job waits.
const (
	reliefAfter = 2 * time.Second
	watchEvery  = reliefAfter / 8
)

// turn is what a goroutine does: its turn for a job, nil between two. What it used is
// charged for until charged, which between two is the end of the last, or when it began to
// look for the next.
type turn struct {
	job            *job
	began, charged time.Time
}

// charge counts the time since the last time.
func (t *turn) charge(now time.Time) {
	t.job.charge(now.Sub(t.charged))
	t.charged = now
}

// chargeAll charges for all turns under way that are longer than most. s.mu is held.
func (s *scheduler) chargeAll(now time.Time) {
	for _, t := range s.turns {
		if t.job != nil && now.Sub(t.charged) >= stepAside {
			t.charge(now)
		}
	}
}

// watch looks after the jobs in line while there are any. s.mu is held.
func (s *scheduler) watch() {
	if s.watching || s.closed {
		return
	}
	s.watching = true
	time.AfterFunc(watchEvery, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.watching = false
		if s.all.waiting == 0 || s.closed {
			return
		}
		if s.stuck() && s.all.starved() {
			s.extra++
			s.workers.Go(s.relieve)
		}
		s.watch()
	})
}

// stuck says whether all goroutines have turns that take long. s.mu is held.
func (s *scheduler) stuck() bool {
	long, now := 0, time.Now()
	for _, t := range s.turns {
		if t.job != nil && now.Sub(t.began) >= reliefAfter {
			long++
		}
	}
	return long >= s.threads+s.extra
}

// relieve is the life of a goroutine beyond the number.
func (s *scheduler) relieve() {
	s.mu.Lock()
	defer s.mu.Unlock()
	own := s.goroutine()
	defer func() {
		s.extra--
		s.turns = slices.DeleteFunc(s.turns, func(t *turn) bool { return t == own })
	}()
	for !s.closed && s.all.starved() {
		j, t := s.first(own.charged)
		if t == nil {
			return
		}
		s.take(own, j, t)
	}
}

// starved says whether a job waits that has no turn, and should have.
func (p *quota) starved() bool {
	switch {
	case p.last:
		return false
	case p.job != nil:
		return p.job.held == 0 && len(p.job.idle) > 0
	}
	return slices.ContainsFunc(p.parts, (*quota).starved)
}
