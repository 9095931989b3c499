package resident

import (
	"slices"
	"time"

	"github.com/segq/segq/exec"
)

// weights are the parts of the classes.
var weights = [...]time.Duration{exec.Normal: 3, exec.Interactive: 8, exec.Bulk: 1}

// tenant is somebody's jobs in one class.
type tenant struct {
	class exec.Class
	name  string
}

// quota is a part of the processors: of a class, of a tenant, of a job. What is
// below it shares it by the time that each has used.
type quota struct {
	above *quota
	// parts are those below in the order in which they began to wait; waiting counts
	// the jobs in line, of this and all below, jobs those that are not done.
	parts         []*quota
	waiting, jobs int
	// used is the time, divided by the weight; clock is that of the part that had the
	// last turn.
	used, clock time.Duration
	weight      time.Duration
	job         *job // of a job
}

// place gives a job its quota.
func (s *scheduler) place(j *job, class exec.Class, name string) {
	c := s.classes[class]
	if c == nil {
		c = &quota{above: &s.all, weight: weights[class]}
		c.begin()
		s.classes[class] = c
	}
	who := tenant{class, name}
	t := s.tenants[who]
	if t == nil {
		t = &quota{above: c, weight: 1}
		t.begin()
		s.tenants[who] = t
	}
	j.above, j.weight = t, 1
	j.begin()
	for p := t; p != nil; p = p.above {
		p.jobs++
	}
}

// begin makes a newcomer even with who had the last turn.
func (p *quota) begin() { p.used = max(p.used, p.above.clock) }

// leave takes a job that is done off the quotas, and forgets those that nobody has.
func (s *scheduler) leave(j *job) {
	for p := j.above; p != nil; p = p.above {
		p.jobs--
	}
	for who, t := range s.tenants {
		if t.jobs == 0 {
			delete(s.tenants, who)
		}
	}
	for class, c := range s.classes {
		if c.jobs == 0 {
			delete(s.classes, class)
		}
	}
}

// wait puts a job in line.
func (p *quota) wait() {
	for ; p != nil; p = p.above {
		if p.waiting++; p.waiting == 1 && p.above != nil {
			p.above.parts = append(p.above.parts, p)
		}
	}
}

// pick takes the job out of the line whose turn it is. Somebody must be waiting.
func (p *quota) pick() *job {
	p.waiting--
	if p.job != nil {
		return p.job
	}
	least := 0
	for i, part := range p.parts {
		if part.used < p.parts[least].used {
			least = i
		}
	}
	next := p.parts[least]
	p.clock = max(p.clock, next.used)
	// Among equals it is behind the others the next time.
	p.parts = slices.Delete(p.parts, least, least+1)
	if next.waiting > 1 {
		p.parts = append(p.parts, next)
	}
	return next.pick()
}

// charge counts the time of a turn.
func (p *quota) charge(took time.Duration) {
	for ; p.above != nil; p = p.above {
		p.used += took / p.weight
	}
}
