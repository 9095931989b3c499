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

// turn is one that is under way.
type turn struct {
	job            *job
	began, charged time.Time
}

// charge counts the time since the last time.
func (t *turn) charge(now time.Time) {
	t.job.charge(now.Sub(t.charged))
	t.charged = now
}

// chargeAll charges for all turns under way. s.mu is held.
func (s *scheduler) chargeAll() {
	now := time.Now()
	for t := range s.turns {
		t.charge(now)
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
	for t := range s.turns {
		if now.Sub(t.began) >= reliefAfter {
			long++
		}
	}
	return long >= s.threads+s.extra
}

// relieve is the life of a goroutine beyond the number.
func (s *scheduler) relieve() {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.extra-- }()
	for !s.closed && s.all.starved() {
		j, t := s.first()
		if t == nil {
			return
		}
		s.take(j, t)
	}
}

// starved says whether a job waits that has no turn.
func (p *quota) starved() bool {
	if p.job != nil {
		return p.job.held == 0 && len(p.job.idle) > 0
	}
	return slices.ContainsFunc(p.parts, (*quota).starved)
}
