package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/loadreport"
	"github.com/segq/segq/cmd/segq/internal/peek"
	"github.com/segq/segq/cmd/segq/internal/plans"
	"github.com/segq/segq/cmd/segq/internal/values"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx"
)

// beside answers what is asked beside the queue, by those who type.
type beside struct {
	data    *dataset.Dataset
	values  *values.Store
	counter *peek.Counter
	// qualify answers which rules a profile is in.
	qualify func(ctx context.Context, body []byte) ([]byte, error)
	// load answers how the data was read, and plan how a query runs.
	load, plan func(ctx context.Context, body []byte) ([]byte, error)
}

// newBeside returns what answers over a dataset until ctx ends. It is to be closed.
func newBeside(ctx context.Context, d *dataset.Dataset) *beside {
	return &beside{data: d, values: values.NewStore(d), counter: peek.New(ctx, d)}
}

func (b *beside) close() { b.values.Close() }

// answer answers a request, which is anybody's. A fault in it is that of this request alone, and what it
// says may be somebody's query.
func (b *beside) answer(ctx context.Context, op string, body []byte) (answer []byte, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // the data may lie in a file
	defer ast.Guard(func(*ast.Fault) { answer, err = nil, errors.New("the worker has met an internal error") })
	op, _, _ = strings.Cut(op, ".") // a call has a number
	switch op {
	case qualifyOp:
		return b.qualify(ctx, body)
	case loadreport.Op:
		return b.load(ctx, body)
	case plans.Op:
		return b.plan(ctx, body)
	case values.Op:
		q, err := values.ReadQuestion(body)
		if err != nil {
			return nil, err
		}
		if own := b.data.Snapshot.Fingerprint; q.Snapshot != "" && q.Snapshot != own {
			return json.Marshal(values.Answer{All: -1, Values: []values.Value{}, Snapshot: own})
		}
		return b.fitting(b.values.Answer(ctx, q))
	case peek.Op:
		q, err := readPeek(body)
		if err != nil {
			return nil, err
		}
		r, own := peek.Result{}, b.data.Snapshot.Fingerprint
		if q.Snapshot == "" || q.Snapshot == own {
			r = b.counter.Count(ctx, q)
		}
		r.Snapshot = own
		return json.Marshal(r)
	}
	return nil, fmt.Errorf("requests are %s, %s, %s, %s and %s", values.Op, peek.Op, qualifyOp, loadreport.Op, plans.Op)
}

// fitting encodes an answer, of whose values so many are left out that it is none too long.
func (b *beside) fitting(a values.Answer) ([]byte, error) {
	for {
		text, err := json.Marshal(a)
		if err != nil || len(text) <= redisx.MaxRequest || len(a.Values) == 0 {
			return text, err
		}
		half := len(a.Values) / 2
		a.Values, a.More = a.Values[:half], a.More+len(a.Values)-half
	}
}

// readPeek reads the question for a count: it has the bounds of a query in the queue.
func readPeek(body []byte) (q peek.Question, err error) {
	if err := json.Unmarshal(body, &q); err != nil {
		return q, fmt.Errorf("the question cannot be read: %w", redisx.ReadError(err))
	}
	if strings.TrimSpace(q.Text) == "" {
		return q, errors.New("there is no text")
	}
	q.Cursor = max(0, min(q.Cursor, len(q.Text)))
	return q, redisx.Command{Op: "query", Query: q.Text, Params: q.Params, Segments: q.Segments}.Check()
}
