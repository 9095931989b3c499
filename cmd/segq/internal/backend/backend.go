// Package backend provides an interactive session with what it needs: the loaded data, or what
// workers elsewhere say about theirs (announcement.go), and the jobs of its queries, through the
// queue. While somebody types it says what can follow (complete.go, values_elsewhere.go) and what
// matches so far (peek.go).
package backend

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/live"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/version"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl"
)

// backend gives the session what it needs: what is loaded, from memory, and its
// queries' jobs, through the queue.
type backend struct {
	*ask.Queue
	options ask.Options
	info    repl.Info // what is known without the data, or of that elsewhere
	// now is the data here, nil where it is elsewhere, and before it is opened.
	now *live.Value[*here]
	ctx context.Context // of what is done in the background
	// reopening is held by who replaces it.
	reopening sync.Mutex
	// namespace is that of the workers elsewhere.
	namespace string
	// opening is that of what is asked, nil where it was open before.
	opening *opening

	// elsewhere is what workers elsewhere say of their data.
	elsewhere *announcement

	peeks peeking

	saved savedSegments

	privacy
	params parameters

	mu      sync.Mutex
	defined map[string]string // the queries that have names
}

// New returns the backend of a session that asks through a queue which is open; namespace is what it
// calls workers elsewhere.
func New(ctx context.Context, q *ask.Queue, o ask.Options, namespace string) repl.Backend {
	b := newBackend(q, o, namespace)
	b.describe(ctx)
	return b
}

func newBackend(q *ask.Queue, o ask.Options, namespace string) *backend {
	b := &backend{Queue: q, options: o, defined: map[string]string{}, namespace: namespace}
	b.info = repl.Info{Version: version.Short(), Dataset: Elsewhere(namespace), Profiles: -1, Events: -1, Loaded: -1}
	b.saved.open = o.Store
	q.Keeps(b.keeps)
	b.ShowPersonal(o.ShowPersonal)
	b.params.values = o.Params
	if o.Now != "" {
		b.info.Now, _ = rules.Instant(o.Now)
	}
	return b
}

// describe fills in what is known of what the session asks.
func (b *backend) describe(ctx context.Context) {
	context.AfterFunc(ctx, b.saved.close)
	if b.Data != nil {
		b.ctx = ctx
		b.now = live.New(newHere(ctx, b.Data, b.info), (*here).end)
		context.AfterFunc(ctx, b.now.Close)
		return
	}
	b.elsewhere = newAnnouncement(ctx, b.Client)
	b.describeElsewhere()
	b.factsElsewhere(ctx)
}

// describeElsewhere fills in what the workers say of their data.
func (b *backend) describeElsewhere() {
	if !b.elsewhere.served() {
		b.info.Notes = append(b.info.Notes, "no worker serves this data; start one: "+b.serving())
	} else if b.elsewhere.latest() == nil {
		b.info.Notes = append(b.info.Notes, "the workers do not say what their data is: queries are checked when one answers")
	}
}

// serving is how a worker is started that the session asks.
func (b *backend) serving() string {
	if b.namespace == "default" || b.namespace == "" {
		return "segq --serve DATA"
	}
	return "segq --serve --namespace " + b.namespace + " DATA"
}

// Cancelling is the command that ends a job of workers elsewhere.
func (b *backend) Cancelling(id string) string {
	switch {
	case b.elsewhere == nil:
		return ""
	case b.namespace == "default" || b.namespace == "":
		return "segq cancel " + id
	}
	return "segq cancel --namespace " + b.namespace + " " + id
}

// Elsewhere is what data is called that workers in a namespace have, as long as nobody says its name.
func Elsewhere(namespace string) string {
	if namespace == "default" {
		return "data of the workers"
	}
	return "data of the workers in " + namespace
}

// sessionFields lists the fields of t and all below.
func sessionFields(t *check.Type) []repl.Field {
	var fields []repl.Field
	dataset.Walk("", t, func(path string, t *check.Type) {
		fields = append(fields, repl.Field{Path: path, Type: t.String(), Filled: -1})
	})
	return fields
}

// Describe says what the session works on.
func (b *backend) Describe() repl.Info {
	if !b.opened() {
		return b.describeOpening()
	}
	if h, release := b.hold(); h != nil {
		defer release()
		return h.info
	}
	info := b.info
	if p := b.elsewhere.latest(); p != nil {
		info.Dataset, info.Snapshot, info.Profiles, info.Fields = p.Dataset, p.Snapshot, int64(p.Profiles), dataset.Leaves(p.Root)
	}
	return info
}

// Schema lists the fields of the data, or those that workers elsewhere say.
func (b *backend) Schema() []repl.Field {
	if !b.opened() {
		return nil
	}
	if h, release := b.hold(); h != nil {
		defer release()
		return h.filling.fields(h, b.now)
	}
	b.elsewhere.renewSoon()
	if fields := b.elsewhere.fields.Load(); fields != nil {
		return *fields
	}
	return nil
}

// Check finds what is wrong with a query, and remembers one that has a name. Where the
// data is elsewhere and no worker has said what it is, it looks at the form alone, and at
// the segments, and the worker at the rest. Before it refuses a query for what workers have
// said, it asks whether they have other data by now.
func (b *backend) Check(q repl.Query) ast.Diagnostics {
	x, ds := lang.Query(q.Text)
	if ds.Failed() {
		return b.spaced(ds, q.Text)
	}
	found := b.check(q, x)
	if b.elsewhere != nil && (found.Failed() || b.elsewhere.latest() == nil) && b.elsewhere.renewed() {
		found = b.check(q, x)
	}
	return b.savedHere(found)
}

// spaced makes what is wrong with the form of a query name the field that is meant, if it is known.
func (b *backend) spaced(ds ast.Diagnostics, text string) ast.Diagnostics {
	if h, release := b.hold(); h != nil {
		defer release()
		return lang.Spaced(ds, text, h.data.Catalog)
	}
	if p := b.elsewhere.latest(); p != nil {
		return lang.Spaced(ds, text, p.Schema)
	}
	return ds
}

// check checks a query by what is known of the data, and remembers one that has a name.
func (b *backend) check(q repl.Query, x ast.Expr) ast.Diagnostics {
	one := b.checked(q, x)
	if q.Name != "" && !one.Found.Failed() {
		b.mu.Lock()
		b.defined[q.Name] = q.Text
		b.mu.Unlock()
	}
	return one.Found
}

// checked returns a query as it was checked, by what is known of the data. A long one holds up nobody else.
func (b *backend) checked(q repl.Query, x ast.Expr) *rules.Rule {
	b.mu.Lock()
	defined := maps.Clone(b.defined)
	b.mu.Unlock()
	one := &rules.Rule{Label: "the query", Text: q.Text, X: x}
	if q.Name != "" {
		one.Label, one.Names = q.Name, []string{q.Name}
	}
	beyond, err := b.saved.beyond(rules.Asked(x), defined)
	if err != nil {
		one.Found = unreadable(x, err)
		return one
	}
	r := beyond.With(append(rules.Named(defined), one))
	h, release := b.hold()
	defer release()
	b.bind(r, h)
	r.Check(one)
	return one
}

// bind makes rules check themselves against what is known of the data, which is here or nil.
func (b *backend) bind(r *rules.Set, h *here) {
	options := check.Options{Params: b.params.all()}
	if h != nil {
		r.Over(h.data.Catalog, options)
		return
	}
	if p := b.elsewhere.latest(); p != nil {
		r.OverSchema(p.Schema, options)
		return
	}
	r.Unbound()
}

// Submit queues a query.
func (b *backend) Submit(ctx context.Context, q repl.Query) (string, error) {
	c := b.command(q, b.definitions())
	c.ID = cmp.Or(q.ID, c.ID)
	switch c.Op {
	case repl.Diff:
		id, err := b.submitDiff(ctx, c, q.Asks)
		return cmp.Or(id, c.ID), b.reached(err)
	case repl.Export:
		id, err := b.export(ctx, c, q.Asks)
		return cmp.Or(id, c.ID), b.reached(err)
	}
	_, err := b.Client.Submit(ctx, c)
	return c.ID, b.reached(err)
}

// definitions are the queries that have names, by these.
func (b *backend) definitions() map[string]string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.defined)
}

// Cancel asks for the end of a job.
func (b *backend) Cancel(ctx context.Context, id string) error {
	_, err := b.Client.Cancel(ctx, id)
	return b.reached(err)
}

// Poll returns the state of jobs, with the answers of those that are done.
func (b *backend) Poll(ctx context.Context, ids []string) ([]repl.Job, error) {
	jobs, err := b.Client.Status(ctx, ids...)
	if err != nil {
		return nil, b.reached(err)
	}
	out := make([]repl.Job, len(jobs))
	for i, j := range jobs {
		if out[i], err = b.job(ctx, j); err != nil {
			return nil, b.reached(err)
		}
	}
	return out, nil
}

// progressOf returns how far a job is in the session's terms.
func progressOf(j redisx.Job) repl.Job {
	out := repl.Job{ID: j.ID, State: repl.State(j.State), Error: j.Error, Place: j.Place, Before: j.Before, Alone: j.Alone, Worker: j.Owner, Attempt: j.Attempt, Snapshot: j.Snapshot}
	if j.Loading() {
		out.Loading = repl.Loading(j.Load)
	}
	for _, p := range j.Partitions {
		out.Partitions = append(out.Partitions, repl.Partition{
			Total: int64(p.Total), Rows: int64(p.Rows), Matched: int64(p.Matched),
		})
	}
	return out
}

// job returns a job in the session's terms, with its answer.
func (b *backend) job(ctx context.Context, j redisx.Job) (repl.Job, error) {
	out := progressOf(j)
	if out.State.Final() {
		b.Delivered(j.ID)
	}
	if !out.State.Final() && b.elsewhere != nil && !b.elsewhere.served() {
		out.Unserved = b.serving()
	}
	if j.State == redisx.Truncated {
		out.State = repl.Failed // half of a record is no answer
	}
	if j.State != redisx.Done {
		out.Error = b.withHint(ctx, j)
		return out, nil
	}
	data, err := b.Client.Result(ctx, j)
	if err != nil {
		return out, err
	}
	r, err := answer.Of(j, data)
	if err != nil {
		return out, err
	}
	if p := b.elsewhere; p != nil && r.Snapshot != "" && (p.latest() == nil || p.latest().Snapshot != r.Snapshot) {
		p.renewed() // the worker has other data than the session knows
	}
	told := map[string]bool{} // by Check, before the query was sent
	for _, d := range b.Check(repl.Query{Text: r.Query}) {
		told[answer.Warning(d, r.Query)] = true
	}
	r.Warnings = slices.DeleteFunc(r.Warnings, func(w string) bool { return told[w] })
	if r.Saved != nil {
		b.saved.changed()
	}
	out.Answer = b.masked(&j.Command, r)
	return out, nil
}
