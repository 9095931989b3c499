package resident

import "github.com/segq/segq/exec/plan"

// worker is what one goroutine needs for a turn. It is lent from turn to turn.
type worker struct {
	plan    *plan.Evaluator
	values  map[*query]*valuer
	current *query // being evaluated
	stop    func() bool
}

// borrow lends a worker.
func (r *run) borrow() *worker {
	r.mu.Lock()
	defer r.mu.Unlock()
	if last := len(r.workers) - 1; last >= 0 {
		w := r.workers[last]
		r.workers = r.workers[:last]
		return w
	}
	w := &worker{plan: r.plan.Evaluator(), values: map[*query]*valuer{}}
	w.stop = func() bool { return r.halted(w.current) }
	w.plan.Stop = w.stop
	return w
}

func (r *run) release(w *worker) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.workers = append(r.workers, w)
}
