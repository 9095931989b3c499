package preview

import (
	"context"

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

// list gives the newest previews of a tenant, without their answers.
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
	for _, j := range jobs {
		if j.State != redisx.Lost {
			out.Body.Previews = append(out.Body.Previews, estimateOf(j, nil))
		}
	}
	return out, nil
}
