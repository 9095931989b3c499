package resident

import (
	"maps"
	"slices"
	"time"

	"github.com/segq/segq/exec"
)

// weights are the parts of the classes; Idle has what they leave.
var weights = [...]time.Duration{exec.Normal: 3, exec.Interactive: 8, exec.Bulk: 1, exec.Idle: 1}

// tenant is somebody's jobs in one class.
type tenant struct {
	class exec.Class
	name  string
}

// quota is a part of the processors: of a class, of a tenant, of a batch, of a job. What is
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
	// last says that it comes after all others, whatever these have used.
	last bool
}

// place gives a job its quota.
func (s *scheduler) place(j *job, class exec.Class, name string, batch *run) {
	c := quotaOf(s.classes, class, &s.all, weights[class])
	c.last = class == exec.Idle
	j.above = quotaOf(s.tenants, tenant{class, name}, c, 1)
	if batch != nil {
		j.above = quotaOf(s.batches, batch, j.above, 1)
	}
	j.begin()
	for p := j.above; p != nil; p = p.above {
		p.jobs++
	}
}

// quotaOf returns the quota of somebody below another, a new one where there is none.
func quotaOf[K comparable](known map[K]*quota, who K, above *quota, weight time.Duration) *quota {
	p := known[who]
	if p == nil {
		p = &quota{above: above, weight: weight}
		p.begin()
		known[who] = p
	}
	return p
}

// begin makes a newcomer even with who had the last turn.
func (p *quota) begin() { p.used = max(p.used, p.above.clock) }

// leave takes a job that is done off the quotas, and forgets those that nobody has.
func (s *scheduler) leave(j *job) {
	for p := j.above; p != nil; p = p.above {
		p.jobs--
	}
	forget(s.batches)
	forget(s.tenants)
	forget(s.classes)
}

// forget drops the quotas that no job has.
func forget[K comparable](known map[K]*quota) {
	maps.DeleteFunc(known, func(_ K, p *quota) bool { return p.jobs == 0 })
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
		if part.before(p.parts[least]) {
			least = i
		}
	}
	next := p.parts[least]
	if !next.last { // what it has used is no measure for the others
		p.clock = max(p.clock, next.used)
	}
	// Among equals it is after the others the next time.
	p.parts = slices.Delete(p.parts, least, least+1)
	if next.waiting > 1 {
		p.parts = append(p.parts, next)
	}
	return next.pick()
}

// before says whether the turn of p comes before that of another that waits.
func (p *quota) before(other *quota) bool {
	if p.last != other.last {
		return other.last
	}
	return p.used < other.used
}

// charge counts the time of a turn.
func (p *quota) charge(took time.Duration) {
	for ; p.above != nil; p = p.above {
		p.used += took / p.weight
	}
}
