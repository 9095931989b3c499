package backend

import (
	"context"
	"fmt"
	"slices"

	"github.com/segq/segq/cmd/segq/internal/values"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl"
)

// Complete offers what follows from the fields of the data and from the values that they have, whether it is
// here or workers elsewhere have it.
func (b *backend) Complete(ctx context.Context, text string, cursor int) (found repl.Completion) {
	// A fault offers nothing; the query has errors enough when it is run.
	defer ast.Guard(func(*ast.Fault) { found = repl.Completion{} })
	h, release := b.hold()
	defer release()
	cat := b.catalog(h)
	if cat == nil {
		return found
	}
	s := &source{ctx: ctx, answer: func(ctx context.Context, q values.Question) values.Answer { return b.valuesOf(ctx, h, q) }}
	found.Completion = lang.Completions(text, cursor, cat, s)
	found.Pending, found.Note = s.pending, b.note(found.Completion, text, s)
	if len(found.Items) == 0 && !s.pending && s.asked.Path != nil {
		found.None = s.none()
	}
	return found
}

// catalog is what is known of the data, with the names that the session has given; nil for nothing.
func (b *backend) catalog(h *here) check.Catalog {
	c := namedCatalog{b: b}
	switch {
	case h != nil:
		c.Catalog = h.data.Catalog
	case b.elsewhere != nil && b.elsewhere.latest() != nil:
		c.Catalog = b.elsewhere.latest().Schema
	default:
		return nil
	}
	return c
}

// namedCatalog is a catalog that also knows the queries of the session that have names.
type namedCatalog struct {
	check.Catalog
	b *backend
}

// Segments returns these names.
func (c namedCatalog) Segments() []string {
	names := append(slices.Clone(c.Catalog.Segments()), c.b.saved.all()...)
	c.b.mu.Lock()
	defer c.b.mu.Unlock()
	for name := range c.b.defined {
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// valuesOf answers a question about values: here, or by what workers elsewhere say.
func (b *backend) valuesOf(ctx context.Context, h *here, q values.Question) values.Answer {
	switch {
	case q.Personal(b.options.Personal):
		return values.Answer{All: -1, Personal: true}
	case h == nil:
		return b.elsewhere.values.answer(ctx, q)
	}
	return h.values.Answer(ctx, q)
}

// source is the [lang.ValueSource] of one completion, and knows afterwards what was asked.
type source struct {
	ctx    context.Context
	answer func(context.Context, values.Question) values.Answer

	asked   values.Field
	last    values.Answer
	pending bool
}

// Values returns the values of a field.
func (s *source) Values(path []string, typed string, limit int) ([]lang.Value, int) {
	return s.ask(values.Field{Path: path}, typed, limit)
}

// Keys returns the keys of a map.
func (s *source) Keys(path []string, typed string, limit int) ([]lang.Value, int) {
	return s.ask(values.Field{Path: path, Keys: true}, typed, limit)
}

func (s *source) ask(f values.Field, typed string, limit int) ([]lang.Value, int) {
	s.asked, s.last = f, s.answer(s.ctx, values.Question{Field: f, Typed: typed, Limit: limit})
	s.pending = s.pending || s.last.Pending
	return values.Lang(s.last.Values), s.last.More
}

// none says why no value of the field that was asked for is offered, "" where nothing is known of it.
func (s *source) none() string {
	const hidden = "values of this field are not shown"
	if s.last.Personal {
		return hidden + ": they look personal"
	}
	if s.last.Filled == 0 && s.last.Places > 0 {
		return "no profile has a value of this field"
	}
	any := s.answer(s.ctx, values.Question{Field: s.asked, Limit: 1})
	switch all := s.last.All; {
	case any.Pending || s.last.Places == 0:
		return ""
	case len(any.Values) > 0:
		return "no known value begins so"
	case all < 0:
		return hidden + ": there are too many, or none is a text"
	case 2*all > s.last.Filled:
		return hidden + ": most profiles have their own"
	default:
		return hidden + ": few profiles have the same"
	}
}

// note says what is known of what is completed: of the field whose values are offered, or else of the
// field that was typed to its end.
func (b *backend) note(c lang.Completion, text string, s *source) string {
	if s.asked.Path != nil {
		return beside(s.last.Note(s.asked), c)
	}
	if len(c.Items) == 0 || c.Items[0].Kind != lang.FieldItem || c.Items[0].Path == "" || c.Span.End > len(text) || text[c.Span.Start:c.Span.End] != c.Items[0].Text {
		return ""
	}
	return b.fieldNote(c.Items[0].Path)
}

// beside adds to what is said about values how many fields are offered below them, which are none of these.
func beside(note string, c lang.Completion) string {
	values, fields := 0, 0
	for _, it := range c.Items {
		switch it.Kind {
		case lang.ValueItem:
			values++
		case lang.FieldItem:
			fields++
		}
	}
	switch {
	case note == "" || values == 0 || fields == 0:
		return note
	case fields == 1:
		return note + "; then 1 field"
	}
	return fmt.Sprintf("%s; then %d fields", note, fields)
}

// fieldNote says what is known of a field without looking at the data.
func (b *backend) fieldNote(path string) string {
	fields := b.Schema()
	i := slices.IndexFunc(fields, func(f repl.Field) bool { return f.Path == path })
	if i < 0 {
		return ""
	}
	switch f := fields[i]; {
	case f.Doc != "":
		return f.Doc
	case f.Filled >= 0 && f.Filled < 1:
		return fmt.Sprintf("%.1f %% null", 100*(1-f.Filled))
	}
	return ""
}
