package show

import (
	"slices"
	"strings"

	"github.com/segq/segq/redisx/record"
)

// qualifyParts lists the rules that a profile is in, those that have no answer, and what of the profile did not fit.
func qualifyParts(r *record.Record) []Part {
	q := r.Qualify
	if q == nil {
		return nil
	}
	p := Part{Columns: []Column{{Head: Clean(strings.Trim(string(q.ID), `"`)) + " is in", Fold: true, Role: Name}}}
	for _, name := range q.In {
		p.Rows = append(p.Rows, []string{Clean(name)})
	}
	if len(q.In) == 0 {
		p.Below = append(p.Below, "in none of the rules")
	}
	var failed []string
	for name, why := range q.Failed {
		failed = append(failed, Clean(name)+": "+Clean(why))
	}
	slices.Sort(failed)
	p.Below = append(p.Below, failed...)
	for _, text := range q.Warnings {
		p.Below = append(p.Below, Clean(text))
	}
	return []Part{p}
}
