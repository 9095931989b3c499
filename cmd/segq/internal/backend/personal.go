package backend

import (
	"strings"
	"sync/atomic"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// privacy says whether the values of personal fields are shown. The zero value masks them.
type privacy struct{ shown atomic.Bool }

// ShowPersonal has them shown from now on, or masked.
func (p *privacy) ShowPersonal(shown bool) { p.shown.Store(shown) }

// PersonalShown says whether they are.
func (p *privacy) PersonalShown() bool { return p.shown.Load() }

// masked returns the answer to a command without the values that are not for the screen.
func (b *backend) masked(c *redisx.Command, r *record.Record) *record.Record {
	if b.PersonalShown() {
		return r
	}
	h, release := b.hold()
	defer release()
	return b.mask(h, c).Record(r)
}

// personal are the rules of the data, and those that workers elsewhere have.
func (b *backend) personal(h *here) *personal.Rules {
	if h != nil {
		return h.data.Personal
	}
	return b.options.Personal
}

// mask is what is masked of the answer to a command, or, without one, of what is said of fields.
func (b *backend) mask(h *here, c *redisx.Command) show.Mask {
	own, id := b.personal(h), b.idField(h)
	hidden := own.Masked(id)
	m := show.Mask{
		ID: id, Named: namedIn,
		IDs:   func(id string) bool { return hidden || personal.Identifies(id) },
		Looks: own.Looks,
		Field: func(path string) bool { return own.Masked(strings.ReplaceAll(path, "`", "")) },
	}
	if c == nil {
		return m
	}
	given := func(t *check.Type, q *check.Query) []string { return append([]string{}, own.Given(t, q.Root)...) }
	t := b.profileType(h)
	if q := b.typed(h, c); q != nil && t != nil {
		m.Query = given(t, q)
	}
	if c.Columns.Select != "" && t != nil {
		m.Columns = b.columns(h, c, given)
	}
	return m
}

// columns are the personal fields of each column of the rows that a command asks for, nil where these are not known.
func (b *backend) columns(h *here, c *redisx.Command, given func(*check.Type, *check.Query) []string) (all [][]string) {
	set := rules.New(rules.Named(c.Segments))
	b.bind(set, h)
	t := b.profileType(h)
	columns, found := set.Columns(nil, c.Columns.Select, b.catalog(h))
	if found.Failed() {
		return nil
	}
	if c.Columns.IDs {
		all = append(all, nil)
	}
	for _, q := range columns.Select {
		all = append(all, given(t, q))
	}
	return all
}

// typed returns the query of a command as it is checked, nil for one that cannot be.
func (b *backend) typed(h *here, c *redisx.Command) *check.Query {
	x, ds := lang.Query(c.Query)
	if ds.Failed() {
		return nil
	}
	one := &rules.Rule{Label: "the query", Text: c.Query, X: x}
	set := rules.New(append(rules.Named(c.Segments), one))
	b.bind(set, h)
	set.Check(one)
	return one.Typed
}

// profileType is the type of a profile, nil where nobody has said it.
func (b *backend) profileType(h *here) *check.Type {
	if h != nil {
		return h.data.Snapshot.Schema
	}
	if p := b.published(); p != nil {
		return p.Root
	}
	return nil
}

// published is what workers elsewhere say of their data, nil where they say nothing.
func (b *backend) published() *dataset.Published {
	if b.elsewhere == nil {
		return nil
	}
	return b.elsewhere.latest()
}

// idField is the field with the ids, "" where there is none. That of workers elsewhere is known by the names that it has where
// nobody says another.
func (b *backend) idField(h *here) string {
	if h != nil {
		if f := h.data.Snapshot.ID; f != nil {
			return f.Name
		}
		return ""
	}
	if t := b.profileType(nil); t != nil {
		for _, name := range []string{"_id", "id"} {
			if t.Field(name) != nil {
				return name
			}
		}
	}
	return ""
}

// namedIn returns the paths that an expression names: the words with dots between them, without the functions at their ends.
func namedIn(expression string) (paths []string) {
	path, dotted := "", false
	end := func() {
		if path != "" {
			paths = append(paths, path)
		}
		path, dotted = "", false
	}
	for _, t := range lang.Tokens(expression) {
		word := expression[t.At.Start:t.At.End]
		switch {
		case t.Kind == parse.Comment:
		case t.Kind == parse.Ident || t.Kind == parse.Quoted:
			if !dotted {
				end()
			}
			path, dotted = path+strings.Trim(word, "`"), false
		case word == "." && path != "":
			path, dotted = path+".", true
		default:
			path = strings.TrimSuffix(path, ".")
			end()
		}
	}
	path = strings.TrimSuffix(path, ".")
	end()
	return paths
}
