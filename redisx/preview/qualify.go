package preview

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// qualification asks which rules a profile is in that is in no data.
type qualification struct {
	Body struct {
		Profile  json.RawMessage   `json:"profile" doc:"The profile, as the data would have it: fields that it lacks are null, and fields that the data does not have are passed over"`
		Set      string            `json:"set,omitempty" pattern:"^[A-Za-z0-9_.-]{1,64}$" doc:"A set of rules that is kept (segq rules put); those are compiled once"`
		Version  int               `json:"setVersion,omitempty" minimum:"0" doc:"Its version, the latest if left out"`
		Queued   int               `json:"set_version,omitempty" minimum:"0" doc:"The same as setVersion, as commands of the queue have it"`
		Rules    []string          `json:"rules,omitempty" maxItems:"1000" doc:"The rules, as PQL, in place of a set"`
		Queries  []string          `json:"queries,omitempty" maxItems:"1000" doc:"The same as rules, as commands of the queue have it"`
		Names    []string          `json:"names,omitempty" maxItems:"1000" doc:"Names for the rules, one for each or none; a rule without a name goes by its number, from 1"`
		Segments map[string]string `json:"segments,omitempty" doc:"The rules that others ask about, beside those that are saved, by name"`
		Params   redisx.Params     `json:"params,omitempty" doc:"Values of @name in the rules"`
		Now      string            `json:"now,omitempty" maxLength:"64" doc:"What now means in the rules; the time of the answer if left out"`
	}
}

// Qualified is the answer.
type Qualified struct {
	ID       json.RawMessage   `json:"id" doc:"The id of the profile, null where it has none"`
	In       []string          `json:"in" doc:"The names of the rules that it is in, in their order"`
	Failed   map[string]string `json:"failed,omitempty" doc:"Why rules have no answer, by name: they are wrong, with the line and the column, or make too much of this profile"`
	Warnings []string          `json:"warnings,omitempty" doc:"What of the profile did not fit the fields that the rules read, and is null"`
	RuleSet  *record.RuleSet   `json:"rule_set,omitempty" doc:"The set that was asked, and its version"`
	Versions map[string]int    `json:"segment_versions,omitempty" doc:"The versions of the kept segments that rules asked about, by name"`
	Snapshot string            `json:"snapshot" doc:"The data whose fields the rules were checked against"`
	Now      time.Time         `json:"now" doc:"What now meant"`
}

type qualificationOutput struct{ Body *Qualified }

const (
	// maxQualify is how long a request may be: as text in JSON it is longer, and has to fit a request of the queue.
	maxQualify = redisx.MaxRequest / 2
	// qualifiesAtOnce is how many profiles are asked about at a time; others wait.
	qualifiesAtOnce = 32
	// qualifyWithin is how long a worker is waited for.
	qualifyWithin = 5 * time.Second
)

// qualify asks a worker, beside the queue: nothing of the profile is kept.
func (s *Server) qualify(ctx context.Context, in *qualification) (*qualificationOutput, error) {
	b := &in.Body
	if len(b.Rules) > 0 && len(b.Queries) > 0 || b.Version > 0 && b.Queued > 0 {
		return nil, huma.Error422UnprocessableEntity("rules and queries are the same, and so are setVersion and set_version: give one")
	}
	b.Rules, b.Version = append(b.Rules, b.Queries...), max(b.Version, b.Queued)
	if (b.Set == "") == (len(b.Rules) == 0) {
		return nil, huma.Error422UnprocessableEntity("give rules, or the name of a set of them")
	}
	body, err := json.Marshal(redisx.Command{
		Op: "qualify", Tenant: tenantOf(ctx), Document: string(b.Profile), Set: b.Set, SetVersion: b.Version,
		Queries: b.Rules, Names: b.Names, Segments: b.Segments, Params: b.Params, Now: b.Now,
	})
	if err != nil {
		return nil, huma.Error422UnprocessableEntity(err.Error())
	}
	if len(body) > redisx.MaxRequest {
		return nil, huma.NewError(http.StatusRequestEntityTooLarge, "the profile and the rules are too long as text in JSON: give the rules as a set")
	}
	ctx, cancel := context.WithTimeout(ctx, qualifyWithin)
	defer cancel()
	select {
	case s.qualifying <- struct{}{}:
		defer func() { <-s.qualifying }()
	case <-ctx.Done():
		return nil, huma.ErrorWithHeaders(huma.Error429TooManyRequests("too many profiles wait"), http.Header{"Retry-After": {"1"}})
	}
	answer, err := s.queue.Call(ctx, "qualify", body)
	switch {
	case errors.Is(err, redisx.ErrRequest):
		return nil, huma.Error422UnprocessableEntity(err.Error())
	case errors.Is(err, context.DeadlineExceeded):
		return nil, untold("no worker has answered: start one, or try again")
	case err != nil:
		return nil, s.unavailable("qualify", err)
	}
	var out struct {
		Qualified
		Error *record.Error `json:"error"`
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		return nil, s.unavailable("qualify", err)
	}
	if out.Error != nil {
		return nil, huma.Error422UnprocessableEntity(out.Error.Message)
	}
	return &qualificationOutput{&out.Qualified}, nil
}
