package pack

import (
	"math"

	"github.com/segq/segq/exec/load"
)

// report writes what of the data was left out when it was loaded, so that those who count it
// say so.
func (w *writer) report(r *load.Report) {
	w.number(r.Rejected)
	w.number(len(r.Rejects))
	for _, reject := range r.Rejects {
		w.text(reject.File)
		w.number(reject.Line)
		w.number(reject.Row)
		w.yes(reject.Shared)
		w.text(reject.Message)
	}
	w.number(len(r.Misfits))
	for _, m := range r.Misfits {
		w.text(m.Field)
		w.text(m.Type)
		w.text(m.Found)
		w.number(m.Count)
		w.text(m.File)
		w.number(m.Line)
		w.number(m.Row)
		w.yes(m.Shared)
	}
	w.number(len(r.Notes))
	for _, n := range r.Notes {
		w.text(n)
	}
}

func (r *reader) report() load.Report {
	var out load.Report
	out.Rejected = r.number(maxRows)
	for range r.count(5) {
		out.Rejects = append(out.Rejects, load.Reject{
			File: r.text(), Line: r.number(math.MaxInt), Row: r.number(math.MaxInt), Shared: r.yes(), Message: r.text(),
		})
		if r.err != nil {
			return out
		}
	}
	for range r.count(8) {
		out.Misfits = append(out.Misfits, load.Misfit{
			Field: r.text(), Type: r.text(), Found: r.text(), Count: r.number(math.MaxInt),
			File: r.text(), Line: r.number(math.MaxInt), Row: r.number(math.MaxInt), Shared: r.yes(),
		})
		if r.err != nil {
			return out
		}
	}
	for range r.count(1) {
		out.Notes = append(out.Notes, r.text())
	}
	return out
}
