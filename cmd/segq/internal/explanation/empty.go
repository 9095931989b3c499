package explanation

import (
	"context"

	"github.com/segq/segq/redisx/record"
)

// Audience is one of the audiences that a record is about: its name, and the answer to its query.
type Audience struct {
	Name string
	Answer
}

// Empty notes in a record why audiences are empty that are taken out or analysed; where there are
// several, by their names. Of others nothing is said.
func (x *Explainer) Empty(ctx context.Context, r *record.Record, audiences ...Audience) {
	if r.Error != nil {
		return
	}
	var notes []record.Note
	for i, a := range audiences {
		switch {
		case r.Overlap != nil && i < len(r.Overlap.Both):
			a.Count = r.Overlap.Both[i][i]
		case r.Count == nil:
			continue
		default:
			a.Count = *r.Count
		}
		if r.Total != nil {
			a.Total = *r.Total
		}
		if a.Count > 0 || !x.Wants(a.Answer) {
			continue
		}
		for _, n := range x.Notes(ctx, a.Answer) {
			if len(audiences) > 1 {
				n.Text = a.Name + ": " + n.Text
			}
			notes = append(notes, n)
		}
	}
	r.Notes = append(notes, r.Notes...)
}
