package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/segq/segq/cmd/segq/internal/loadreport"
	"github.com/segq/segq/cmd/segq/internal/plans"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
)

// reporting makes the report of how the data was read. Counting how the fields are filled takes seconds of many profiles, and anybody
// may ask: it is done once for the columns that are in memory, by one at a time. The zero value is ready.
type reporting struct {
	mu     sync.Mutex
	report *loadreport.Report
	loaded int64 // how many columns were in memory
	err    error
	done   chan struct{} // closed when the one under way has an end; nil where none is
}

// answerLoad answers a request for that report: one that is not there a moment later is pending.
func (s *service) answerLoad(ctx context.Context, body []byte) ([]byte, error) {
	var q loadreport.Question
	if err := json.Unmarshal(body, &q); err != nil {
		return nil, fmt.Errorf("the question cannot be read: %w", err)
	}
	a := loadreport.Answer{Snapshot: s.Snapshot.Fingerprint}
	if q.Snapshot == "" || q.Snapshot == a.Snapshot {
		var err error
		if a.Report, err = s.report(ctx); err != nil {
			return nil, errors.New("the data cannot be looked at now")
		}
		a.Pending = a.Report == nil
	}
	return a.Fitting(redisx.MaxRequest - 1024)
}

// reportPatience is how long a request waits for a report: others wait for their answers.
const reportPatience = time.Second

// report returns the report, nil where it is not there yet.
func (s *service) report(ctx context.Context) (*loadreport.Report, error) {
	r := &s.reports
	r.mu.Lock()
	loaded := s.Holds().Loaded
	if (r.report == nil || r.loaded != loaded) && r.done == nil {
		done := make(chan struct{})
		r.done, r.loaded = done, loaded
		s.working.Go(func() { s.count(done) })
	}
	done := r.done
	r.mu.Unlock()
	if done != nil {
		limited, cancel := context.WithTimeout(ctx, reportPatience)
		defer cancel()
		select {
		case <-done:
		case <-limited.Done():
			return nil, nil
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.report, r.err
}

// count makes the report.
func (s *service) count(done chan struct{}) {
	r := &s.reports
	var report *loadreport.Report
	err := errors.New("the worker has met an internal error")
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.report, r.err, r.done = report, err, nil
		close(done)
	}()
	defer ast.Guard(func(f *ast.Fault) { s.tell(s.ctx, "the report of the data has met a fault: "+f.Report(), f) })
	report, err = loadreport.Of(s.ctx, s.Dataset, false)
}

// answerPlan answers a request for how a query runs. What it reads is loaded for that, as for a query.
func (s *service) answerPlan(ctx context.Context, body []byte) ([]byte, error) {
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
	if q.Now.IsZero() {
		q.Now = time.Now().UTC().Truncate(time.Second)
	}
	var err error
	a.Canonical = typed.Canonical
	a.Plan, err = plans.Of(ctx, s.Dataset, []*check.Query{typed}, q.Now, plans.Sample)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(a)
	if err == nil && len(text) > redisx.MaxRequest-1024 {
		return nil, errors.New("the plan is too long to be told")
	}
	return text, err
}
