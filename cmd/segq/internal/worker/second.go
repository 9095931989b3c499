package worker

import (
	"sync"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/redisx"
)

// second shows the second scan of a task where it cuts the data in other parts than the first: as
// that of the partitions of the first, one after another, by how many rows were seen.
type second struct {
	first *twice

	mu sync.Mutex // guards what follows
	// seen are the rows seen of each part, and all is their sum.
	seen []int
	all  int
	// at is the first partition that is not through, which begins at row start.
	at, start int
}

// Start notes the parts.
func (s *second) Start(_ string, parts []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = make([]int, len(parts))
}

// Load tells the task how far its data is.
func (s *second) Load(_ string, l exec.Loading) { s.first.task.Load(redisx.Load(l)) }

// Progress tells the task how far it is. A part that is made again goes back, which nobody is told.
func (s *second) Progress(_ string, part int, p exec.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if more := p.Rows - s.seen[part]; more > 0 {
		s.seen[part], s.all = p.Rows, s.all+more
		s.tell()
	}
}

// complete says that all is through: of parts that were not needed nobody hears.
func (s *second) complete() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.all = s.start; s.at < len(s.first.sizes); s.tell() {
		s.all += s.first.sizes[s.at]
	}
}

// tell tells how far the partitions are. s.mu is held.
func (s *second) tell() {
	for sizes := s.first.sizes; s.at < len(sizes); s.at++ {
		size, matched := sizes[s.at], s.first.matched[s.at]
		rows := min(s.all-s.start, size)
		found := matched
		if size > 0 {
			found = int(int64(matched) * int64(rows) / int64(size))
		}
		s.first.task.Progress(s.at, size-(size-rows+1)/2, matched-(matched-found+1)/2, rows == size)
		if rows < size {
			return
		}
		s.start += size
	}
}
