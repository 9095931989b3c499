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
	mu     sync.Mutex // held while a worker is asked: once is enough
	serves string
	body   schemaBody
}

// schemaWithin is how long a worker may take to tell its schema.
const schemaWithin = 10 * time.Second

// fields gives the schema of the data. A worker tells it, once for each snapshot.
func (s *Server) fields(ctx context.Context, _ *struct{}) (*fieldsOutput, error) {
	serves, err := s.queue.Serves(ctx)
	if err != nil {
		return nil, s.unavailable("schema", err)
	}
	s.schema.mu.Lock()
	defer s.schema.mu.Unlock()
	if serves == "" || serves != s.schema.serves {
		body, err := s.askSchema(ctx)
		if err != nil {
			return nil, err
		}
		s.schema.serves, s.schema.body = serves, body
	}
	return &fieldsOutput{Body: s.schema.body}, nil
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
	if err == nil && !answered {
		err = huma.ErrorWithHeaders(huma.Error504GatewayTimeout("no worker has told the schema in time: is one running?"), http.Header{"Retry-After": {"5"}})
	}
	return body, err
}
