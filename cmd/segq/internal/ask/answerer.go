package ask

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/segq/segq/cmd/segq/internal/analysis"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// Options say how queries are asked, and where what is said meanwhile goes.
type Options struct {
	Params map[string]any
	// Now is what now means, as its author wrote it; "" for the time of the run.
	Now    string
	Sample int
	Seed   uint64
	Values bool
	// Analysis is what is asked of the queries beside their size.
	Analysis analysis.Spec
	// Rows are the columns of the profiles that match, where these are asked for and not their number.
	Rows redisx.Columns
	// Of commands. Snapshot names the data that the answers are to come from, "" for what the workers have.
	Tenant, Class, Snapshot string
	// Personal says of which fields no values are told, whatever workers tell.
	Personal *personal.Rules
	// ShowPersonal says that a session shows the values of such fields in answers.
	ShowPersonal bool
	Timeout      time.Duration
	// Store opens what was saved, for a session, which finds out later what it asks about; nil for nothing.
	Store store.Opener

	Progress string // auto, tty, err or off
	Console  console.Streams
	Notes    io.Writer
}

// CommandOf returns the command that asks a text through the queue.
func (o Options) CommandOf(text, name string, segments map[string]string, now string) redisx.Command {
	op, a := "query", o.Analysis
	switch {
	case o.Rows.Any():
		op = "rows"
	case a.Op != "" && !a.Joint():
		op = a.Op
	}
	return redisx.Command{
		ID: uuid.NewString(), Op: op, By: a.By, Top: a.Top, Tenant: o.Tenant, Class: o.Class,
		Query: text, Name: name, Segments: segments, Params: o.Params, Now: now,
		Sample: o.Sample, Seed: o.Seed, Values: o.Values, DeadlineMS: (o.Timeout + time.Millisecond - 1).Milliseconds(), // 0 is no limit
		Personal: o.Personal.Texts(), Columns: o.Rows, Snapshot: o.Snapshot,
	}
}

// Command returns the command that asks a question of a run through the queue.
func (o Options) Command(q *Question, now time.Time) redisx.Command {
	c := o.CommandOf(strings.TrimSpace(q.Record.Query), q.Name, q.segments(), o.nowFor(q, now))
	c.SegmentVersions = rules.Versions(q.below)
	if asked := rules.AskedBySelection(o.Rows.Select); len(asked) > 0 {
		below := q.Beyond.Named(asked)
		c.Segments, c.SegmentVersions = withSegments(c.Segments, rules.Texts(below)), withSegments(c.SegmentVersions, rules.Versions(below))
	}
	return c
}

// nowFor returns what now means for a query, as its command says it: nothing where nobody
// has said it and the query does not ask, so that it is the same command tomorrow. The
// answer to that may be in the cache, or on its way.
func (o Options) nowFor(q *Question, now time.Time) string {
	if o.Now == "" && !q.asksNow() {
		if now, _ := rules.SelectionForm(o.Rows.Select); !now || o.Rows.Select == "" {
			return ""
		}
	}
	return now.Format(time.RFC3339Nano)
}

// Answerer answers queries: the engine in this process, or the workers behind a
// queue. Prepare finds what is wrong without running; Answer hands every record
// to done once, from any goroutine, the wrong ones too: one for each query, or one for
// all where the analysis is about all.
type Answerer interface {
	Prepare(queries []rules.Written, now time.Time) []*Question
	Answer(ctx context.Context, asked []*Question, done func(*record.Record)) error
	Close()
}

// Open opens the data or the queue of a place.
func Open(ctx context.Context, p Place, o Options) (Answerer, error) {
	if p.Broker.URL != "" {
		return openQueueAnswerer(ctx, p, o)
	}
	return openLocalAnswerer(ctx, p, o)
}
