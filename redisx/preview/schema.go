package preview

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/sync/singleflight"

	"github.com/segq/segq/redisx"
)

// Field is one field of the data.
type Field struct {
	Path string `json:"path" doc:"The field, as a query names it"`
	Type string `json:"type"`
}

// fieldsOutput is the schema of the data.
type fieldsOutput struct {
	Body schemaBody
}

type schemaBody struct {
	Snapshot string  `json:"snapshot" doc:"Fingerprint of the data"`
	Fields   []Field `json:"fields"`
}

// schemaCache keeps the schema of the data that the workers have. It belongs to no
// tenant: all of them query the same data.
type schemaCache struct {
	asking singleflight.Group // of a worker: once is enough for all who wait

	mu     sync.Mutex // guards what follows
	serves string
	body   schemaBody
}

// get gives the schema that is kept for what workers serve, if there is one.
func (c *schemaCache) get(serves string) (schemaBody, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.body, serves != "" && serves == c.serves
}

func (c *schemaCache) put(serves string, body schemaBody) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.serves, c.body = serves, body
}

// schemaWithin is how long a worker may take to tell its schema.
const schemaWithin = 10 * time.Second

// fields gives the schema of the data. A worker tells it, once for each snapshot.
func (s *Server) fields(ctx context.Context, _ *struct{}) (*fieldsOutput, error) {
	serves, err := s.queue.Serves(ctx)
	if err != nil {
		return nil, s.unavailable("schema", err)
	}
	if body, ok := s.schema.get(serves); ok {
		return &fieldsOutput{Body: body}, nil
	}
	workers, err := s.queue.Workers(ctx)
	if err != nil {
		return nil, s.unavailable("schema", err)
	}
	if len(workers) == 0 {
		return nil, untold("no worker is there to tell the schema: start one")
	}
	answer := s.schema.asking.DoChan(serves, func() (_ any, err error) {
		defer s.contain("schema", &err)
		// Others wait for it too: it does not end with this request.
		body, err := s.askSchema(context.WithoutCancel(ctx))
		if err == nil {
			s.schema.put(serves, body)
		}
		return body, err
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-answer:
		if r.Err != nil {
			return nil, r.Err
		}
		return &fieldsOutput{Body: r.Val.(schemaBody)}, nil
	}
}

// untold is the error of a schema that no worker has told.
func untold(why string) error {
	return huma.ErrorWithHeaders(huma.Error504GatewayTimeout(why), http.Header{"Retry-After": {"5"}})
}

// askSchema asks a worker.
func (s *Server) askSchema(ctx context.Context) (body schemaBody, err error) {
	ctx, cancel := context.WithTimeout(ctx, schemaWithin)
	defer cancel()
	id := make([]byte, 16)
	_, _ = rand.Read(id) // never fails
	_, err = s.queue.Submit(ctx, redisx.Command{
		ID: hex.EncodeToString(id), Op: "schema", Tenant: tenantOf(ctx), Class: "interactive", DeadlineMS: schemaWithin.Milliseconds(),
	})
	if err != nil {
		return body, s.unavailable("schema", err)
	}
	answered := false
	err = s.follow(ctx, hex.EncodeToString(id), func(_ *Estimate, j redisx.Job) (bool, error) {
		if j.State != redisx.Done {
			return j.State.Final(), nil
		}
		data, err := s.queue.Result(ctx, j)
		if err != nil {
			return true, s.unavailable("schema", err)
		}
		var r struct {
			Snapshot string  `json:"snapshot"`
			Schema   []Field `json:"schema"`
		}
		if err := json.Unmarshal(data, &r); err != nil {
			return true, s.unavailable("schema", err)
		}
		body, answered = schemaBody{r.Snapshot, r.Schema}, true
		return true, nil
	})
	if !answered && (err == nil || ctx.Err() != nil) {
		err = untold("no worker has told the schema in time: all of them are busy, or stopped")
	}
	return body, err
}
