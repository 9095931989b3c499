package load

import (
	"fmt"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// repeatRows is the number of profiles up to which it is noted when some have the same id. More take
// too long for who only wants a count: about two seconds for ten million that all differ.
const repeatRows = 200_000

// noteRepeats notes how many profiles have the same id, where that takes no time.
func (l *loader) noteRepeats(s *column.Snapshot) {
	if s.ID == nil || l.options.SharedIDs {
		return
	}
	ids := s.Root.Fields[s.ID.Index]
	if _, counted := ids.(*column.Strings); counted || s.Rows() <= repeatRows {
		if note := Repeats(s); note != "" {
			l.note("%s", note)
		}
	}
}

// noteRepeats adds that of the ids to what was read, where they are among it.
func (t *Table) noteRepeats(r *reading) {
	id := t.now.Load().ID
	if id == nil {
		return
	}
	if f := r.schema.Field(id.Name); f != nil {
		l := &loader{options: t.options, report: Report{Notes: r.report.Notes}}
		l.noteRepeats(&column.Snapshot{Schema: r.schema, Root: r.root, ID: f})
		r.report.Notes = l.report.Notes
	}
}

// Repeats says how many profiles have an id that others have as well; "" for none, and where the ids are not resident,
// or no values.
func Repeats(s *column.Snapshot) string {
	if s.ID == nil || s.ID.Type.Kind == check.List || s.ID.Type.Kind == check.Map || s.ID.Type.Kind == check.Object {
		return ""
	}
	return RepeatsOf(s.ID, column.FillingOf(s.Root.Fields[s.ID.Index]))
}

// RepeatsOf says the same of the ids whose filling is known.
func RepeatsOf(id *check.Field, f column.Filling) string {
	switch f.Repeated {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("%s profiles have the same %s, the second of them is row %s: each is counted", thousands(f.Repeats), quotedName(id.Name), thousands(f.First+1))
	}
	return fmt.Sprintf("%s profiles share %s values of %s, the first that was there before is in row %s: each is counted",
		thousands(f.Repeats), thousands(f.Repeated), quotedName(id.Name), thousands(f.First+1))
}
