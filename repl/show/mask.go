package show

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strings"

	"github.com/segq/segq/redisx/record"
)

// Masked is what stands for a value that is not for the screen.
const Masked = "(masked)"

// maskedJSON is the same in a record.
var maskedJSON = json.RawMessage(`"` + Masked + `"`)

// Mask says which values of answers are not for the screen of a session, since they say who somebody is.
type Mask struct {
	// Field says whether the values of the field at a path do.
	Field func(path string) bool
	// Named returns the paths that an expression names, as it writes them.
	Named func(expression string) []string
	// ID is the field with the ids of profiles, "" where that is not known, and IDs says whether an id is not for the screen.
	ID  string
	IDs func(id string) bool
	// Looks says whether a value of the field at a path, "" for none that is known, looks as if it said who somebody is,
	// whatever the field is called. No Looks is for values that do not.
	Looks func(path, value string) bool
	// Query and Columns are the personal fields from which the values of a query are made, and those of each column of its
	// rows; nil where nobody knows, so that what is written has to say.
	Query   []string
	Columns [][]string
}

// Record returns an answer without the values that are not for the screen, of which [record.Record.Masked] names the fields. It is
// r itself where there are none: r is never changed.
func (m Mask) Record(r *record.Record) *record.Record {
	out := *r
	w := masking{Mask: m}
	out.Sample = w.ids(r.Sample)
	if r.Diff != nil {
		d := *r.Diff
		d.EnteredIDs, d.LeftIDs, out.Diff = w.ids(d.EnteredIDs), w.ids(d.LeftIDs), &d
	}
	out.Values, out.Breakdown, out.Lift = w.values(r), w.breakdown(r.Breakdown), w.lift(r.Lift)
	out.Rows, out.Why, out.Rules, out.Error = w.rows(r.Rows), w.why(r.Why), w.rules(r.Rules), w.failure(r.Error)
	if len(w.fields) == 0 {
		return r
	}
	slices.Sort(w.fields)
	out.Masked = slices.Compact(w.fields)
	return &out
}

// masking gathers the fields whose values it has masked.
type masking struct {
	Mask
	fields []string
}

// ids masks those ids that say who somebody is.
func (w *masking) ids(ids []string) []string {
	out := ids
	for i, id := range ids {
		if !w.IDs(id) {
			continue
		}
		if &out[0] == &ids[0] {
			out = slices.Clone(ids)
		}
		out[i] = Masked
		w.note(w.idField())
	}
	return out
}

func (w *masking) idField() string {
	if w.ID == "" {
		return "id"
	}
	return w.ID
}

func (w *masking) note(fields ...string) { w.fields = append(w.fields, fields...) }

// personal returns the personal fields that an expression about the elements of some lists names. What is said of an element may
// be named from it, or by its variable.
func (w *masking) personal(expression string, lists []string) (found []string) {
	for _, path := range w.Named(expression) {
		whole := []string{path}
		_, behind, named := strings.Cut(path, ".")
		for _, list := range lists {
			if whole = append(whole, list+"."+path); named {
				whole = append(whole, list+"."+behind)
			}
		}
		if i := slices.IndexFunc(whole, w.Field); i >= 0 {
			found = append(found, whole[i])
		}
	}
	return found
}

// values masks what values a query takes: single ones, and the figures, of which the least and the greatest are such. Sizes are no
// values of somebody.
func (w *masking) values(r *record.Record) *record.Values {
	fields := w.Query
	if fields == nil && r.Values != nil {
		fields = w.personal(r.Query, nil)
	}
	return w.valuesOf(r.Values, fields, r.Query)
}

func (w *masking) valuesOf(v *record.Values, fields []string, query string) *record.Values {
	if v == nil || v.Present == 0 {
		return v
	}
	if len(fields) == 0 {
		return w.looked(v, query)
	}
	w.note(fields...)
	out := *v
	out.Top, out.Examples = maskedCounts(v.Top), nil
	examples := make([]json.RawMessage, len(v.Examples))
	for i, e := range v.Examples {
		examples[i] = json.RawMessage(e)
	}
	for _, e := range partly(examples, fields) {
		if bytes.Equal(e, maskedJSON) {
			e = []byte(Masked)
		}
		out.Examples = append(out.Examples, string(e))
	}
	if !v.Sizes {
		out.Numeric, out.Times, out.Quantiles, out.Bins = false, false, nil, nil
		out.Min, out.Average, out.Max, out.Sum = 0, 0, 0, 0
	}
	return &out
}

func maskedCounts(values []record.ValueCount) []record.ValueCount {
	out := slices.Clone(values)
	for i := range out {
		out[i].Value = Masked
	}
	return out
}

func (w *masking) breakdown(b *record.Breakdown) *record.Breakdown {
	if b == nil {
		return b
	}
	out := *b
	if !w.Field(b.By) {
		out.Values = w.lookedCounts(b.Values, b.By)
		return &out
	}
	w.note(b.By)
	out.Values = maskedCounts(b.Values)
	return &out
}

func (w *masking) lift(all []record.Lift) []record.Lift {
	out := slices.Clone(all)
	for i, x := range out {
		if !x.Null && (w.Field(x.Field) || w.looks(x.Field, x.Value)) {
			out[i].Value = Masked
			w.note(x.Field)
		}
	}
	return out
}

// rows masks the columns that tell a personal field, and of the one with the ids those ids that do.
func (w *masking) rows(rows *record.Rows) *record.Rows {
	if rows == nil {
		return nil
	}
	personal := make([][]string, len(rows.Columns))
	for i, c := range rows.Columns {
		switch {
		case len(w.Columns) == len(rows.Columns):
			personal[i] = w.Columns[i]
		case c.Type != "bool":
			personal[i] = w.personal(c.Name, nil)
		}
	}
	out := *rows
	out.Rows = make([][]json.RawMessage, len(rows.Rows))
	for k, row := range rows.Rows {
		out.Rows[k] = slices.Clone(row)
	}
	for i := range personal {
		w.column(out.Rows, i, rows.Columns[i].Name, personal[i])
	}
	return &out
}

// column masks the values of a column, in the rows that have it.
func (w *masking) column(rows [][]json.RawMessage, at int, name string, personal []string) {
	if len(personal) == 0 {
		for _, row := range rows {
			switch {
			case at >= len(row):
			case name == w.idField() && w.IDs(Cell(row[at])):
				row[at] = maskedJSON
				w.note(name)
			default:
				row[at] = w.lookedJSON(name, row[at])
			}
		}
		return
	}
	var values []json.RawMessage
	for _, row := range rows {
		if at < len(row) {
			values = append(values, row[at])
		}
	}
	hidden := partly(values, personal)
	for _, row := range rows {
		if at < len(row) {
			row[at], hidden = hidden[0], hidden[1:]
		}
	}
	if slices.ContainsFunc(values, func(v json.RawMessage) bool { return !bytes.Equal(v, []byte("null")) }) {
		w.note(personal...)
	}
}

// rules masks the answers to the rules of a job, of which the record does not have what they ask.
func (w *masking) rules(all []record.Rule) []record.Rule {
	out := slices.Clone(all)
	for i := range out {
		out[i].Sample = w.ids(out[i].Sample)
		if out[i].Type != "bool" {
			out[i].Values = w.valuesOf(out[i].Values, []string{"values of rules"}, "")
		}
	}
	return out
}

// failure masks the ids that an error names in place of one that there is not.
func (w *masking) failure(e *record.Error) *record.Error {
	if e == nil || e.Code != record.NoProfile {
		return e
	}
	ids, ok := strings.CutPrefix(e.Hint, "did you mean ")
	if !ok || !slices.ContainsFunc(strings.Split(strings.TrimSuffix(ids, "?"), ", "), w.IDs) {
		return e
	}
	w.note(w.idField())
	out := *e
	out.Hint = "some ids are like it: each letter counts, as capitals, blanks and zeros do"
	return &out
}

// why masks the values that decided.
func (w *masking) why(y *record.Why) *record.Why {
	if y == nil {
		return nil
	}
	out := *y
	out.Rules = slices.Clone(y.Rules)
	for i, rule := range out.Rules {
		if rule.Tree != nil {
			tree := w.clause(*rule.Tree, nil)
			out.Rules[i].Tree = &tree
		}
	}
	return &out
}

// clause masks what is said of a clause, about the elements of some lists.
func (w *masking) clause(c record.WhyClause, lists []string) record.WhyClause {
	c.Values, c.Lists, c.Of = slices.Clone(c.Values), slices.Clone(c.Lists), slices.Clone(c.Of)
	for i, v := range c.Values {
		if v.Type == "bool" || len(v.Value) == 0 || bytes.Equal(v.Value, []byte("null")) {
			continue
		}
		if fields := w.personal(v.Of, lists); len(fields) > 0 {
			w.note(fields...)
			c.Values[i].Value, c.Values[i].Type, c.Values[i].Cut = maskedJSON, "string", false
			continue
		}
		c.Values[i].Value = w.lookedJSON(v.Of, v.Value)
	}
	for i := range c.Lists {
		c.Lists[i] = w.list(c.Lists[i], lists)
	}
	for i := range c.Of {
		c.Of[i] = w.clause(c.Of[i], lists)
	}
	return c
}

func (w *masking) list(l record.WhyList, lists []string) record.WhyList {
	fields, inside := w.personal(l.Of, lists), slices.Concat(lists, w.Named(l.Of))
	l.Nearest = slices.Clone(l.Nearest)
	for i, e := range l.Nearest {
		e.Of, e.Parts = slices.Clone(e.Of), slices.Clone(e.Parts)
		for k, m := range e.Of {
			if len(fields) == 0 || m.Key == "" && len(m.Value) == 0 {
				continue
			}
			w.note(fields...)
			if m.Key != "" {
				e.Of[k].Key = Masked
			}
			if len(m.Value) > 0 {
				e.Of[k].Value = maskedJSON
			}
		}
		for k := range e.Parts {
			e.Parts[k] = w.clause(e.Parts[k], inside)
		}
		l.Nearest[i] = e
	}
	return l
}

// MaskedIn says which values are not shown of an answer as it is drawn, and how to have them.
func MaskedIn(r *record.Record, l Look) []string {
	if len(r.Masked) == 0 {
		return nil
	}
	var fields []string
	for _, field := range r.Masked {
		if inSight(r, l, field) {
			fields = append(fields, Clean(field))
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return MaskedFields(fields, l)
}

// MaskedOf is the line for an answer of which all is shown, in a form of its own; none where nothing is masked.
func MaskedOf(r *record.Record, l Look) []string {
	l.Top = math.MaxInt
	return MaskedIn(r, l)
}

// inSight says whether a field whose values are masked is one of those that are shown: of a lift, only the outline may be.
func inSight(r *record.Record, l Look, field string) bool {
	of := func(x record.Lift) bool { return x.Field == field }
	if !slices.ContainsFunc(r.Lift, of) {
		return true
	}
	shown, _ := outline(r, l)
	return slices.ContainsFunc(shown, func(x record.Lift) bool { return of(x) && x.Value == Masked })
}

// mostMasked is how many fields are named whose values are masked.
const mostMasked = 6

// Personal names personal fields whose values are somewhere.
func Personal(fields []string) string {
	return Clean(nameSome(fields)) + " (personal)"
}

// nameSome names as many fields as one reads.
func nameSome(fields []string) string {
	names := strings.Join(fields[:min(len(fields), mostMasked)], ", ")
	if more := len(fields) - mostMasked; more > 0 {
		names += " and " + Plural(more, "other", "others")
	}
	return names
}

// MaskedFields is the line below what is shown without the values of some fields.
func MaskedFields(fields []string, l Look) []string {
	line := "masked: " + nameSome(fields)
	if how := l.More[Unmasked]; how != "" {
		line += "; " + how
	}
	return l.Said(Faint, line)
}
