package main

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/redisx"
)

// internalError is the code of an error that is not the query's but ours.
const internalError = "internal"

// guard does a part of the work of a task, and says whether it was done. A panic in it
// ends this task, with a record that has a report, and nothing else: not the worker, and
// not the tasks beside it.
func (h *handler) guard(w *work, do func()) (done bool) {
	defer func() {
		if v := recover(); v != nil {
			h.broken(w, &exec.PanicError{Value: v, Stack: debug.Stack()})
		}
	}()
	do()
	return true
}

// guardGroup is guard for what is done for several tasks together.
func (h *handler) guardGroup(group []*work, do func()) {
	defer func() {
		if v := recover(); v != nil {
			fault := &exec.PanicError{Value: v, Stack: debug.Stack()}
			for _, w := range group {
				h.broken(w, fault)
			}
		}
	}()
	do()
}

// guardAll is guardGroup for tasks of which nothing is known yet.
func (h *handler) guardAll(tasks []*redisx.Task, do func()) {
	defer func() {
		if v := recover(); v != nil {
			fault := &exec.PanicError{Value: v, Stack: debug.Stack()}
			for _, t := range tasks {
				h.broken(h.workOf(t, time.Now().UTC().Truncate(time.Millisecond)), fault)
			}
		}
	}()
	do()
}

// broken ends the task, unless it has ended, with a record of its own: that which was
// being made may be half of one.
func (h *handler) broken(w *work, fault *exec.PanicError) {
	failed := h.workOf(w.task, w.record.Now)
	failed.record.fail(fault)
	if h.log != nil {
		c := &w.task.Command
		// What the panic says may be somebody's query.
		h.log.Error("a command met an internal error: its record has a report", "job", c.ID, "op", c.Op, "tenant", c.Tenant, "type", fmt.Sprintf("%T", fault.Value))
		h.log.Debug("the report", "job", c.ID, "panic", fault.Value, "report", failed.record.Error.Hint)
	}
	failed.finish()
}

// maxReport is the most places of a report.
const maxReport = 12

// reportOf gives what to report of an internal error: the version, and where in the
// program it was met, without arguments and addresses.
func reportOf(fault *exec.PanicError) string {
	lines := []string{"this is a mistake of segq, not of the query; please report it with the query and this: " + versionText()}
	stack := strings.Split(strings.TrimSpace(string(fault.Stack)), "\n")
	for i, line := range stack {
		if strings.HasPrefix(line, "panic(") { // above it is the guard
			stack = stack[i:]
			break
		}
	}
	for i := 0; i+1 < len(stack) && len(lines) < maxReport; i += 2 {
		where, place := stack[i], strings.TrimSpace(stack[i+1])
		if strings.HasPrefix(where, "panic(") || strings.HasPrefix(where, "runtime.") {
			continue
		}
		if end := strings.LastIndexByte(where, '('); end > 0 {
			where = where[:end]
		}
		place, _, _ = strings.Cut(place, " +0x")
		lines = append(lines, where+" "+place)
	}
	return strings.Join(lines, " < ")
}
