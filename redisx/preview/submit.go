package preview

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/segq/segq/redisx"
)

// submission is a request for a preview.
type submission struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"Requests with one key are one preview, so that it is safe to send one again"`
	Body struct {
		Op        string            `json:"op,omitempty" enum:"query,breakdown,funnel,near,lift,sample,rows,rules,overlap" default:"query" doc:"What to ask of the audience, or of the audiences in queries: rules for the size of each; rows for profiles with the columns of ids and select"`
		Query     string            `json:"query,omitempty" maxLength:"61440" doc:"The rule, as PQL" example:"loyalty.tier = \"gold\""`
		Queries   []string          `json:"queries,omitempty" maxItems:"1000" doc:"The rules of an overlap, at most 64, or of op rules"`
		Names     []string          `json:"names,omitempty" maxItems:"1000" doc:"Names for the answers to op rules, one for each or none"`
		Set       string            `json:"set,omitempty" pattern:"^[A-Za-z0-9_.-]{1,64}$" doc:"A set of rules that is kept (segq rules put), in place of queries, for op rules"`
		Version   int               `json:"setVersion,omitempty" minimum:"0" doc:"Its version, the latest if left out"`
		Segments  map[string]string `json:"segments,omitempty" doc:"The rules that others ask about, beside those that are saved (segq save), such as gold of inSegment(\"gold\"): PQL by name"`
		By        string            `json:"by,omitempty" maxLength:"1024" doc:"The field of a breakdown; the fields of a lift, with commas between them, or all"`
		Top       int               `json:"top,omitempty" minimum:"0" maximum:"100000" doc:"How many values a breakdown or a lift has at most; if left out, 1000 of a breakdown and all of a lift"`
		Name      string            `json:"name,omitempty" maxLength:"256" doc:"A name for the answer"`
		Class     string            `json:"class,omitempty" enum:"interactive,normal,batch" default:"interactive"`
		Priority  int               `json:"priority,omitempty" minimum:"-1000" maximum:"1000" doc:"A smaller one goes first among yours of this class"`
		IDs       bool              `json:"ids,omitempty" doc:"Of rows: a column with the ids of the profiles, before those of select"`
		Select    string            `json:"select,omitempty" maxLength:"61440" doc:"Of rows: fields and expressions, with commas" example:"homeAddress.city, xEvent.count()"`
		Limit     int               `json:"limit,omitempty" minimum:"0" doc:"Of rows: how many profiles at most, in the order of the data; 0 for all, of which there may be 10000"`
		Sample    int               `json:"sample,omitempty" minimum:"0" maximum:"10000" doc:"How many ids of matching profiles to return; of rows: how many profiles, chosen by the seed"`
		Seed      uint64            `json:"seed,omitempty" doc:"Seed of the sample; 1 if left out"`
		Values    bool              `json:"values,omitempty" doc:"Describe the values of a query that is not a condition, in the answer; for op query, sample and rules"`
		Params    redisx.Params     `json:"params,omitempty" doc:"Values of @name in the query"`
		Now       string            `json:"now,omitempty" maxLength:"64" doc:"What now means in the query; the time of the run if left out"`
		Snapshot  string            `json:"snapshot,omitempty" pattern:"^[A-Za-z0-9_.-]{1,64}$" doc:"The data that the answer is to come from, as answers and GET /schema name it; refused where the workers have other data"`
		TimeoutMS int64             `json:"timeoutMs,omitempty" minimum:"0" maximum:"86400000" doc:"The preview expires after this time"`
	}
}

// submitted is the answer to a submission.
type submitted struct {
	Location string `header:"Location"`
	Body     *Estimate
}

// submit puts a preview in the queue. What was answered lately is answered at once.
func (s *Server) submit(ctx context.Context, in *submission) (*submitted, error) {
	command := in.command(tenantOf(ctx))
	id, err := s.queue.Submit(ctx, command)
	switch {
	case errors.Is(err, redisx.ErrBusy):
		return nil, huma.ErrorWithHeaders(huma.Error429TooManyRequests("too many previews wait: "+err.Error()), http.Header{"Retry-After": {"5"}})
	case errors.Is(err, redisx.ErrSnapshot):
		return nil, huma.Error409Conflict(err.Error() + ": leave out snapshot for an answer from what there is")
	case errors.Is(err, redisx.ErrCommand):
		return nil, huma.Error422UnprocessableEntity(err.Error())
	case err != nil:
		return nil, s.unavailable("submit", err)
	}
	e, j, err := s.read(ctx, id)
	if err != nil {
		return nil, err
	}
	if in.Key != "" && !sameSpec(j.Command, command) {
		return nil, huma.Error409Conflict("this Idempotency-Key was used for another preview: choose a new one")
	}
	return &submitted{Location: "/preview/" + id, Body: e}, nil
}

// command returns the command that a submission asks for. Its id is made of the tenant
// and the key, so that keys of different tenants do not meet, or by chance.
func (in *submission) command(tenant string) redisx.Command {
	b := &in.Body
	id := make([]byte, 16)
	_, _ = rand.Read(id) // never fails
	if in.Key != "" {
		sum := sha256.Sum256([]byte(tenant + "\x00" + in.Key))
		id = sum[:16]
	}
	return redisx.Command{
		V: redisx.Version, ID: hex.EncodeToString(id), Op: b.Op, Tenant: tenant, Class: b.Class, Priority: b.Priority,
		DeadlineMS: b.TimeoutMS, Query: b.Query, Queries: b.Queries, Names: b.Names, By: b.By, Top: b.Top, Name: b.Name, Segments: b.Segments,
		Set: b.Set, SetVersion: b.Version,
		Params: b.Params, Now: b.Now, Sample: b.Sample, Seed: cmp.Or(b.Seed, redisx.DefaultSeed), Values: b.Values,
		Snapshot: b.Snapshot,
		Columns:  redisx.Columns{IDs: b.IDs, Select: b.Select, Limit: b.Limit},
	}
}

// sameSpec says whether two commands with one id are one.
func sameSpec(a, b redisx.Command) bool {
	form := func(c redisx.Command) (v map[string]any) {
		text, err := json.Marshal(c)
		if err == nil {
			_ = json.Unmarshal(text, &v)
		}
		return v
	}
	return reflect.DeepEqual(form(a), form(b))
}

// read returns a job of the tenant of a request. That of another tenant is unknown.
func (s *Server) read(ctx context.Context, id string) (*Estimate, redisx.Job, error) {
	jobs, err := s.queue.Status(ctx, id)
	if err != nil {
		return nil, redisx.Job{}, s.unavailable("read", err)
	}
	j := jobs[0]
	if j.State == redisx.Lost || j.Tenant != tenantOf(ctx) {
		return nil, j, s.missing(ctx, id)
	}
	var result []byte
	if j.State.Final() && j.State != redisx.Truncated { // half a record is no answer
		if result, err = s.queue.Result(ctx, j); err != nil {
			return nil, j, s.unavailable("result", err)
		}
	}
	return estimateOf(j, result), j, nil
}

// missing says why the tenant of a request has no preview with this id.
func (s *Server) missing(ctx context.Context, id string) error {
	gone, err := s.queue.Forgotten(ctx, tenantOf(ctx), id)
	switch {
	case err != nil:
		return s.unavailable("read", err)
	case gone:
		return huma.Error410Gone("this preview has ended and was forgotten to make room for newer ones: submit it again")
	}
	return huma.Error404NotFound("there is no such preview: it never existed, or was forgotten a day after its end")
}

// pollEvery is how often a job is looked at that somebody waits for.
const pollEvery = 50 * time.Millisecond

// follow calls step with the job now, and again whenever it may have moved, until step
// says that it is enough, or ctx ends.
func (s *Server) follow(ctx context.Context, id string, step func(*Estimate, redisx.Job) (enough bool, err error)) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		e, j, err := s.read(ctx, id)
		if err != nil {
			return err
		}
		if enough, err := step(e, j); enough || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
