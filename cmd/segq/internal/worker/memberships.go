package worker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"
	"sync"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/memberships"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// memberships answers a task with a file of the rules that each profile is in, and how many are in each rule.
func (h *handler) memberships(ctx context.Context, w *work) (err error) {
	c := &w.task.Command
	q, err := h.membershipRules(w)
	if err != nil {
		return err
	}
	var all exportFiles
	defer all.remove(&err)
	f, err := all.create(h.exports, c, c.Name)
	if err != nil {
		return err
	}
	single := memberships.InPairs(f.format())
	out := memberships.Open(printer.RowsIn(f.format()), f.out, rows.Options{Fields: memberships.Fields(h.Snapshot, single)}, single)
	q.Begin = out.Begin
	if err := h.passOver(ctx, w, q, &all, single, out.Close); err != nil {
		return err
	}
	written := *w.record.Count
	if single {
		written = pairs(w.record)
	}
	w.record.Export = &record.Export{To: redisx.ToFile, Name: c.Name, File: path.Join(c.Tenant, c.Name), Bytes: f.bytes, Rows: &written, Holds: h.holds(w, true)}
	return nil
}

// pairs is how many profiles and audiences go together.
func pairs(r *record.Record) (n int) {
	for _, rule := range r.Rules {
		n += *rule.Count
	}
	return n
}

// membershipRules returns the rules of a task, each of which has a name of its own.
func (h *handler) membershipRules(w *work) (q resident.Memberships, err error) {
	if h.exports == nil {
		return q, errNoExports
	}
	all := h.ruleSetOf(w)
	q.Operation = w.operation()
	q.Sink = &gathered{task: w.task}
	for i, one := range all {
		if one.Typed == nil {
			return q, wrongQuery{i, one.Name, one.Text, one.Found}
		}
		q.Rules, q.Names = append(q.Rules, one.Typed), append(q.Names, cmp.Or(one.Name, strconv.Itoa(i+1)))
	}
	h.Describe(w.record, q.Rules)
	if i, j := memberships.Twice(q.Names); j > 0 {
		return q, wrongQuery{j, "", all[j].Text, ast.Diagnostics{{Code: "duplicate-name", Message: fmt.Sprintf("it is called %q, as query %d is", q.Names[j], i+1), Hint: "an audience needs a name of its own"}}}
	}
	return q, nil
}

// passOver gives the memberships to who takes them, until written, compares them with those of before where that is asked for,
// and gives all files their names.
func (h *handler) passOver(ctx context.Context, w *work, q resident.Memberships, all *exportFiles, single bool, written func() error) error {
	result, err := h.pass(ctx, w, q, all, single, written)
	if err = all.end(ctx, err); err != nil {
		return err
	}
	noteMemberships(w.record, q, result)
	if w.record.Changes == nil { // which tells of them too
		answer.NoteNameless(w.record, result.Nameless, h.Snapshot.ID != nil)
	}
	h.noteFiles(w, *all)
	return nil
}

// pass does so, but for the names of the files.
func (h *handler) pass(ctx context.Context, w *work, q resident.Memberships, all *exportFiles, single bool, written func() error) (result resident.MembershipsResult, err error) {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	earlier, err := h.compare(reading, w, &q, single, all)
	if err != nil {
		return result, err
	}
	whole := false
	if earlier != nil {
		defer func() {
			if !whole { // or a panic
				stop()
			}
			err = earlier.Close(err)
		}()
	}
	result, err = h.GiveMemberships(ctx, q)
	var rule *resident.RuleError
	if errors.As(err, &rule) {
		err = fmt.Errorf("%s: %w", q.Names[rule.Rule], rule.Err)
	}
	if err == nil {
		err = written()
	}
	if err == nil && earlier != nil {
		err = h.finish(w, earlier, q.Names, result, all)
	}
	whole = err == nil
	return result, err
}

// noteMemberships fills in the record: how many profiles are in any rule, and in each.
func noteMemberships(r *record.Record, q resident.Memberships, result resident.MembershipsResult) {
	r.Count, r.Total = &result.Rows, &result.Total
	for i, rule := range q.Rules {
		own := &record.Record{Name: q.Names[i], Status: record.OK, Count: &result.Counts[i]}
		if rule.Root.Type().Kind != check.Bool {
			own.Type = rule.Root.Type().String()
		}
		answer.NoteOverflow(own, result.Overflowed[i])
		r.Rules = append(r.Rules, answer.AsRule(own))
	}
}

// mostGathered is how many partitions a task tells of that is cut in many more parts.
const mostGathered = 64

// gathered shows a scan in many small parts as one in fewer partitions of several parts each.
type gathered struct {
	task *redisx.Task

	mu            sync.Mutex // guards what follows
	each          int        // parts of a partition
	rows, matched []int      // of each part, as far as it is known
	left          []int      // of each partition: parts that are not through
	seen, found   []int      // of each partition
}

// Start tells the task the rows of its partitions.
func (g *gathered) Start(_ string, parts []int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.each = max(1, (len(parts)+mostGathered-1)/mostGathered)
	n := (len(parts) + g.each - 1) / g.each
	g.rows, g.matched, g.left, g.seen, g.found = make([]int, len(parts)), make([]int, len(parts)), make([]int, n), make([]int, n), make([]int, n)
	sizes := make([]int, n)
	for i, rows := range parts {
		sizes[i/g.each] += rows
		g.left[i/g.each]++
	}
	g.task.Start(sizes)
}

// Load tells the task how far its data is.
func (g *gathered) Load(_ string, l exec.Loading) { g.task.Load(redisx.Load(l)) }

// Progress tells the task how far a partition is.
func (g *gathered) Progress(_ string, part int, p exec.Progress) {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := part / g.each
	g.seen[i] += p.Rows - g.rows[part]
	g.found[i] += p.Matched - g.matched[part]
	g.rows[part], g.matched[part] = p.Rows, p.Matched
	if p.Done {
		g.left[i]--
	}
	g.task.Progress(i, g.seen[i], g.found[i], g.left[i] == 0)
}
