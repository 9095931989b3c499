package worker

import (
	"fmt"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx"
)

// guard does a part of the work of a task, and says whether it was done. A panic in it
// ends this task, with a record that has a report, and nothing else: not the worker, and
// not the tasks beside it.
func (h *handler) guard(w *work, do func()) (done bool) {
	defer ast.Guard(func(f *ast.Fault) { h.broken(w, f) })
	do()
	return true
}

// guardGroup is guard for what is done for several tasks together.
func (h *handler) guardGroup(group []*work, do func()) {
	defer ast.Guard(func(f *ast.Fault) {
		for _, w := range group {
			h.broken(w, f)
		}
	})
	do()
}

// guardAll is guardGroup for tasks of which nothing is known yet.
func (h *handler) guardAll(tasks []*redisx.Task, do func()) {
	defer ast.Guard(func(f *ast.Fault) {
		for _, t := range tasks {
			h.broken(h.workOf(t, time.Now().UTC().Truncate(time.Millisecond)), f)
		}
	})
	do()
}

// broken ends the task, unless it has ended, with a record of its own: that which was
// being made may be half of one.
func (h *handler) broken(w *work, fault *ast.Fault) {
	failed := h.workOf(w.task, w.record.Now)
	answer.Fail(failed.record, fault)
	if h.log != nil {
		c := &w.task.Command
		// What the panic says may be somebody's query.
		h.log.Error("a command met an internal error: its record has a report", "job", c.ID, "op", c.Op, "tenant", c.Tenant, "type", fmt.Sprintf("%T", fault.Value))
		h.log.Debug("the report", "job", c.ID, "panic", fault.Value, "report", failed.record.Error.Hint)
	}
	failed.finish()
}
