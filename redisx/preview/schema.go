package preview

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
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

// fields returns the schema of the data, as a worker has published it.
func (s *Server) fields(ctx context.Context, _ *struct{}) (*fieldsOutput, error) {
	data, err := s.queue.Schema(ctx)
	if err != nil {
		return nil, s.unavailable("schema", err)
	}
	if data == nil {
		return nil, untold("no worker is there to tell the schema: start one")
	}
	out := &fieldsOutput{}
	if err := json.Unmarshal(data, &out.Body); err != nil {
		return nil, s.unavailable("schema", err)
	}
	return out, nil
}

// untold is the error of a schema that no worker has told.
func untold(why string) error {
	return huma.ErrorWithHeaders(huma.Error504GatewayTimeout(why), http.Header{"Retry-After": {"5"}})
}
