package backend

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/plans"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/meaning"
	"github.com/segq/segq/repl"
	"github.com/segq/segq/repl/show"
)

// errUntyped says that a query cannot be explained.
var errUntyped = errors.New("the query is not right any more: run it again, to see what is wrong")

// Explain says in words what a query means, which times it accepts, and which fields it reads.
func (b *backend) Explain(ctx context.Context, q repl.Query, l show.Look) ([]string, error) {
	x, ds := lang.Query(q.Text)
	if ds.Failed() {
		return nil, errUntyped
	}
	one := b.checked(q, x)
	if one.Found.Failed() {
		return nil, errUntyped
	}
	var lines []string
	for _, line := range meaning.Of(x, one.Typed == nil || one.Typed.Root.Type().Kind == check.Bool) {
		lines = append(lines, hung(line, l.Width)...)
	}
	below := b.asked(q)
	for _, name := range slices.Sorted(maps.Keys(below)) {
		lines = append(lines, b.segmentLines(ctx, name, below[name], l)...)
	}
	if one.Typed == nil { // nobody has said what the data is
		return lines, nil
	}
	now := b.present()
	for i, w := range plans.Windows(one.Typed, q.Text, now) {
		if i == 0 {
			lines = append(lines, l.As(show.Faint, "times, as of "+now.Format(time.RFC3339)+":"))
		}
		lines = append(lines, "  "+show.Clean(w.Text)+": "+w.Accepts)
	}
	if fields := b.fieldsOf(x, below); len(fields) > 0 {
		lines = append(lines, show.Flow(append([]string{l.As(show.Faint, "reads")}, fields...), "  ", l.Width)...)
	}
	return lines, nil
}

// Gives is the type of the values of a query, "" for a condition.
func (b *backend) Gives(q repl.Query) string {
	x, ds := lang.Query(q.Text)
	if ds.Failed() {
		return ""
	}
	one := b.checked(q, x)
	if one.Typed == nil || one.Found.Failed() || one.Typed.Root.Type().Kind == check.Bool {
		return ""
	}
	return one.Typed.Root.Type().String()
}

// asked returns the rules that a query asks about, and those that these do, by their names.
func (b *backend) asked(q repl.Query) map[string]*rules.Rule {
	b.mu.Lock()
	defined := maps.Clone(b.defined)
	b.mu.Unlock()
	if q.Name != "" {
		delete(defined, q.Name) // a query that asks about its own name means another
	}
	return b.below(q.Text, defined)
}

// segmentLines say what a rule is that a query asks about.
func (b *backend) segmentLines(ctx context.Context, name string, r *rules.Rule, l show.Look) []string {
	from := "of this session"
	if r.Version > 0 {
		from = fmt.Sprintf("saved, version %d", r.Version)
	} else if versions, err := b.SavedVersions(ctx, name); err == nil && len(versions) > 0 {
		from += ", in the place of the saved one"
	}
	text := fmt.Sprintf("%q (%s): %s", show.Clean(name), from, show.OneLine(r.Text))
	return show.Words(text, l.Width)
}

// hung breaks a line of a meaning into those of a screen, below where it begins.
func hung(line meaning.Line, width int) []string {
	before := strings.Repeat("  ", line.Depth)
	text := show.OneLine(line.Text)
	if width == 0 {
		return []string{before + text}
	}
	lines := show.Words(text, max(width-len(before)-2, 20))
	for i := range lines {
		if i > 0 {
			lines[i] = "  " + lines[i]
		}
		lines[i] = before + lines[i]
	}
	return lines
}

// fieldsOf says of the fields that a query and the rules below it name what they are and how they are filled.
func (b *backend) fieldsOf(x ast.Expr, below map[string]*rules.Rule) []string {
	all := []ast.Expr{x}
	for _, r := range below {
		if r.X != nil {
			all = append(all, r.X)
		}
	}
	var out []string
	for _, f := range b.named(all) {
		text := show.Clean(f.Path) + " (" + show.Clean(f.Type)
		if f.Filled >= 0 {
			text += ", " + show.Share(int64(f.Filled*1e6), 1e6) + " filled"
		}
		text += ")"
		out = append(out, text)
	}
	return out
}

// named returns the fields that expressions name by their whole paths, in the order of the schema.
func (b *backend) named(all []ast.Expr) []repl.Field {
	paths := map[string]bool{}
	for _, x := range all {
		ast.Walk(x, func(x ast.Expr) bool {
			switch x.(type) {
			case *ast.Name, *ast.Member:
				paths[strings.ReplaceAll(ast.Format(x), "`", "")] = true
			}
			return true
		})
	}
	var out []repl.Field
	for _, f := range b.Schema() {
		if paths[f.Path] && f.Type != "object" {
			out = append(out, f)
		}
	}
	return out
}

// Plan says how a query runs, over the data here or that of a worker.
func (b *backend) Plan(ctx context.Context, q repl.Query) ([]string, error) {
	h, release := b.hold()
	defer release()
	if h == nil {
		lines, err := b.planElsewhere(ctx, q)
		if errors.Is(err, errUntold) {
			return nil, errors.New("the workers are of a version that does not tell how a query runs: segq explain -c QUERY DATA does, where the data is")
		}
		return lines, err
	}
	x, ds := lang.Query(q.Text)
	if ds.Failed() {
		return nil, errUntyped
	}
	one := b.checked(q, x)
	if one.Typed == nil || one.Found.Failed() {
		return nil, errUntyped
	}
	text, err := plans.Of(ctx, h.data, []*check.Query{one.Typed}, b.present(), plans.Sample)
	if err != nil {
		return nil, err
	}
	return planLines(one.Typed.Canonical, text), nil
}

// present is what now means to queries that are asked now.
func (b *backend) present() time.Time {
	if b.options.Now != "" {
		if now, ok := rules.Instant(b.options.Now); ok {
			return now
		}
	}
	return time.Now().UTC().Truncate(time.Second)
}
