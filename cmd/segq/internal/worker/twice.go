package worker

import (
	"sync"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/redisx"
)

// twice shows two scans of one task over the same data, one after the other, as one: each
// counts for half of the rows, so that what matched of those seen stays a fair share.
type twice struct {
	task *redisx.Task

	mu sync.Mutex // guards what follows
	// sizes are the rows of the partitions, and matched those of each that the first scan
	// has found; second says that it is through.
	sizes, matched []int
	second         bool
}

// Start tells the task the rows of its partitions, once.
func (t *twice) Start(_ string, partitions []int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sizes != nil {
		t.second = true
		return
	}
	t.sizes, t.matched = partitions, make([]int, len(partitions))
	t.task.Start(partitions)
}

// Load tells the task how far its data is.
func (t *twice) Load(_ string, l exec.Loading) { t.task.Load(redisx.Load(l)) }

// Progress tells the task how far a partition is.
func (t *twice) Progress(_ string, partition int, p exec.Progress) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.second {
		t.matched[partition] = p.Matched
		t.task.Progress(partition, p.Rows/2, p.Matched/2, false)
		return
	}
	size, matched := t.sizes[partition], t.matched[partition]
	t.task.Progress(partition, size-(size-p.Rows+1)/2, matched-(matched-p.Matched+1)/2, p.Done)
}
