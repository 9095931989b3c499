package backend

import (
	"context"
	"errors"
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
func (b *backend) Explain(_ context.Context, q repl.Query, l show.Look) ([]string, error) {
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
	if fields := b.fieldsOf(x); len(fields) > 0 {
		lines = append(lines, show.Flow(append([]string{l.As(show.Faint, "reads")}, fields...), "  ", l.Width)...)
	}
	return lines, nil
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

// fieldsOf says of the fields that a query names what they are and how they are filled.
func (b *backend) fieldsOf(x ast.Expr) []string {
	var out []string
	for _, f := range b.named(x) {
		text := show.Clean(f.Path) + " (" + show.Clean(f.Type)
		if f.Filled >= 0 {
			text += ", " + show.Share(int64(f.Filled*1e6), 1e6) + " filled"
		}
		text += ")"
		out = append(out, text)
	}
	return out
}

// named returns the fields that a query names by their whole paths, in the order of the schema.
func (b *backend) named(x ast.Expr) []repl.Field {
	paths := map[string]bool{}
	ast.Walk(x, func(x ast.Expr) bool {
		switch x.(type) {
		case *ast.Name, *ast.Member:
			paths[strings.ReplaceAll(ast.Format(x), "`", "")] = true
		}
		return true
	})
	var out []repl.Field
	for _, f := range b.Schema() {
		if paths[f.Path] && f.Type != "object" {
			out = append(out, f)
		}
	}
	return out
}

// Plan says how a query runs over the data here.
func (b *backend) Plan(ctx context.Context, q repl.Query) ([]string, error) {
	h, release := b.hold()
	defer release()
	if h == nil {
		return nil, errors.New("how a query runs is told where the data is: segq explain -c QUERY DATA")
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
	lines := []string{show.Clean(one.Typed.Canonical)}
	return append(lines, show.CleanLines(strings.TrimRight(text, "\n"))...), nil
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
