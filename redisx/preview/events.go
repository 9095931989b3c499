package preview

import (
	"context"
	"errors"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"

	"github.com/segq/segq/redisx"
)

// eventsInput asks to follow a preview.
type eventsInput struct {
	ID string `path:"id" pattern:"^[A-Za-z0-9_.-]{1,64}$"`
}

// exists refuses a preview that is not there before a stream begins, which has no
// status of its own.
func (s *Server) exists(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		var status huma.StatusError
		if _, _, err := s.read(ctx.Context(), ctx.Param("id")); errors.As(err, &status) {
			_ = huma.WriteErr(api, ctx, status.GetStatus(), status.Error())
			return
		}
		next(ctx)
	}
}

// repeatEvery is after how long an estimate is sent again that has not moved, so that
// what is between us and the client does not take the connection for dead.
const repeatEvery = 15 * time.Second

// events sends an estimate at once and whenever it has moved; the last one is final.
func (s *Server) events(ctx context.Context, in *eventsInput, send sse.Sender) {
	var last *Estimate
	var sent time.Time
	number := 0
	err := s.follow(ctx, in.ID, func(e *Estimate, j redisx.Job) (bool, error) {
		if reflect.DeepEqual(e, last) && time.Since(sent) < repeatEvery {
			return false, nil
		}
		number++
		last, sent = e, time.Now()
		return j.State.Final(), send(sse.Message{ID: number, Data: *e})
	})
	var status huma.StatusError
	if errors.As(err, &status) {
		_ = send.Data(Fault{Description: status.Error()})
	}
}
