package preview

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/segq/segq/redisx"
)

// maxWait is how long an answer may be waited for in one request.
const maxWait = 30 * time.Second

// lookInput asks how far a preview is.
type lookInput struct {
	ID   string `path:"id" pattern:"^[A-Za-z0-9_.-]{1,64}$"`
	Wait string `query:"wait" doc:"Wait this long for the end, at most 30s" example:"10s"`
}

// estimateOutput is the answer about one preview.
type estimateOutput struct {
	Body *Estimate
}

// look tells how far a preview is, at once or when it has ended.
func (s *Server) look(ctx context.Context, in *lookInput) (*estimateOutput, error) {
	wait, err := parseWait(in.Wait)
	if err != nil {
		return nil, err
	}
	deadline := time.Now().Add(wait)
	out := &estimateOutput{}
	err = s.follow(ctx, in.ID, func(e *Estimate, j redisx.Job) (bool, error) {
		out.Body = e
		return j.State.Final() || !time.Now().Before(deadline), nil
	})
	return out, err
}

// parseWait reads how long to wait, in Go's form, such as 1.5s, or as seconds.
func parseWait(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		d, err = time.ParseDuration(text + "s")
	}
	if err != nil || d < 0 || d > maxWait {
		return 0, huma.Error422UnprocessableEntity("wait: write a time from 0 to 30s, such as 10s")
	}
	return d, nil
}

// cancelInput names a preview.
type cancelInput struct {
	ID string `path:"id" pattern:"^[A-Za-z0-9_.-]{1,64}$"`
}

// cancel asks for the end of a preview, and tells how it is after that. One that has
// ended stays as it is.
func (s *Server) cancel(ctx context.Context, in *cancelInput) (*estimateOutput, error) {
	if _, _, err := s.read(ctx, in.ID); err != nil {
		return nil, err
	}
	if _, err := s.queue.Cancel(ctx, in.ID); err != nil {
		return nil, s.unavailable("cancel", err)
	}
	e, _, err := s.read(ctx, in.ID)
	return &estimateOutput{Body: e}, err
}
