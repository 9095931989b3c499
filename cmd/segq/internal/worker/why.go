package worker

import (
	"context"
	"errors"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/cmd/segq/internal/why"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// why answers in which of the rules of a task a profile is, and what decided it. Whoever asks may know one id: those of
// others are told only where they say nothing of somebody.
func (h *handler) why(ctx context.Context, w *work) error {
	c := &w.task.Command
	name, _ := resident.IDColumn(h.Snapshot)
	q := why.Question{
		ID: c.Profile, Now: w.record.Now, Trees: c.Explain,
		Hidden: !h.client.Embedded() && h.Personal.And(personal.Read(c.Personal)).Personal(name),
	}
	definition := func(s *check.Segment) string { return c.Segments[s.ID] }
	if w.typed != nil {
		q.Rules = []why.Rule{{Name: c.Name, Query: c.Query, Typed: w.typed, Text: c.Query, Segment: definition}}
	} else {
		var typed []*check.Query
		for _, one := range h.ruleSetOf(w) {
			rule := why.Rule{Name: one.Name, Query: one.Text, Typed: one.Typed, Text: one.Text, Segment: definition}
			if one.Typed == nil {
				wrong := &record.Record{}
				answer.Refuse(wrong, one.Found, one.Text)
				rule.Error = wrong.Error
			} else {
				typed = append(typed, one.Typed)
			}
			q.Rules = append(q.Rules, rule)
		}
		h.Describe(w.record, typed)
	}
	err := why.Answer(ctx, h.Dataset, q, w.record)
	var unknown *why.UnknownError
	if errors.As(err, &unknown) {
		return refusal{unknown.Says}
	}
	return err
}
