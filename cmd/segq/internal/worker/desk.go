package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/loadreport"
	"github.com/segq/segq/cmd/segq/internal/plans"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
)

// answerLoad answers a request for the report of how the data was read. Counting how the fields are filled takes seconds of many
// profiles: it is pending meanwhile, and holds for the columns that are in memory.
func (s *service) answerLoad(_ context.Context, body []byte) ([]byte, error) {
	var q loadreport.Question
	if err := json.Unmarshal(body, &q); err != nil {
		return nil, fmt.Errorf("the question cannot be read: %w", err)
	}
	a := loadreport.Answer{Snapshot: s.Snapshot.Fingerprint}
	if q.Snapshot == "" || q.Snapshot == a.Snapshot {
		report, there, err := s.reports.answer(s, "", fmt.Sprint(s.Holds().Loaded), q.Again, func(ctx context.Context) (*loadreport.Report, error) {
			return loadreport.Of(ctx, s.Dataset, false)
		})
		if err != nil {
			return nil, errors.New("the data cannot be looked at now")
		}
		a.Report, a.Pending = report, !there
	}
	return a.Fitting(redisx.MaxRequest - 1024)
}

// answerPlan answers a request for how a query runs. What it reads is loaded for that, as for a query: it is pending meanwhile.
func (s *service) answerPlan(_ context.Context, body []byte) ([]byte, error) {
	var q plans.Question
	if err := json.Unmarshal(body, &q); err != nil {
		return nil, fmt.Errorf("the question cannot be read: %w", err)
	}
	c := redisx.Command{Op: "query", Query: q.Text, Params: q.Params, Segments: q.Segments}
	if strings.TrimSpace(q.Text) == "" {
		return nil, errors.New("there is no text")
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	a := plans.Answer{Snapshot: s.Snapshot.Fingerprint}
	if q.Snapshot != "" && q.Snapshot != a.Snapshot {
		return json.Marshal(a)
	}
	typed, found := s.compilerOf(&c).compile(q.Text)
	if typed == nil || found.Failed() {
		return nil, errors.New("the query is not right: " + found[0].Message)
	}
	question, err := q.Key()
	if err != nil {
		return nil, err
	}
	plan, there, err := s.plans.answer(s, question, "", q.Again, func(ctx context.Context) (string, error) {
		now := q.Now
		if now.IsZero() {
			now = time.Now().UTC().Truncate(time.Second)
		}
		return plans.Of(ctx, s.Dataset, []*check.Query{typed}, now, plans.Sample)
	})
	if err != nil {
		return nil, err
	}
	a.Canonical, a.Plan, a.Pending = typed.Canonical, plan, !there
	text, err := json.Marshal(a)
	if err == nil && len(text) > redisx.MaxRequest-1024 {
		return nil, errors.New("the plan is too long to be told")
	}
	return text, err
}
