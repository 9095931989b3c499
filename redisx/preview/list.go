package preview

import (
	"context"
	"slices"

	"github.com/segq/segq/redisx"
)

// listInput bounds a list.
type listInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"20"`
}

// listOutput is a list of previews, the newest first.
type listOutput struct {
	Body struct {
		Previews []*Estimate `json:"previews"`
	}
}

// list returns the newest previews of a tenant, without their answers.
func (s *Server) list(ctx context.Context, in *listInput) (*listOutput, error) {
	ids, err := s.queue.RecentOf(ctx, tenantOf(ctx), in.Limit)
	if err != nil {
		return nil, s.unavailable("list", err)
	}
	jobs, err := s.queue.Status(ctx, ids...)
	if err != nil {
		return nil, s.unavailable("list", err)
	}
	out := &listOutput{}
	out.Body.Previews = []*Estimate{}
	kept := slices.DeleteFunc(slices.Clone(jobs), func(j redisx.Job) bool { return j.Source == "" || !j.State.Final() })
	results, errs := s.queue.Results(ctx, kept)
	answers := map[string][]byte{} // of those without counters of their own
	for i, j := range kept {
		if errs[i] == nil {
			answers[j.ID] = results[i]
		}
	}
	for _, j := range jobs {
		if j.State == redisx.Lost {
			continue
		}
		e := estimateOf(j, answers[j.ID])
		e.Answer = nil
		out.Body.Previews = append(out.Body.Previews, e)
	}
	return out, nil
}
