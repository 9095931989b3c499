package worker

import (
	"slices"

	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/redisx"
)

// holdIDs are the kinds of segments that have the ids of profiles in them; of the others nobody reads one.
var holdIDs = []string{"set", "stream", redisx.ToFile}

// holds names the personal fields whose values the task gives away: in its columns, and in ids if they are given.
func (h *handler) holds(w *work, ids bool) []string {
	id := ""
	if ids && h.Snapshot.ID != nil {
		id, _ = resident.IDColumn(h.Snapshot)
	}
	return h.Personal.And(personal.Read(w.task.Command.Personal)).Held(h.Snapshot.Schema, id, w.columns.Select)
}

// published says the same of what is published as a kind of segment.
func (h *handler) published(w *work, kind string) []string {
	return h.holds(w, slices.Contains(holdIDs, kind))
}
