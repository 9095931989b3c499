package analysis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// WrongField is the error of fields that do not exist, or by whose values nothing can be counted.
type WrongField struct {
	// Text is the list of fields as it was given, of which the diagnostics speak.
	Text        string
	Diagnostics ast.Diagnostics
}

// Error is the first of the diagnostics.
func (w WrongField) Error() string { return w.Diagnostics[0].Message }

// Refuse makes r say what is wrong with the fields. It has no place, which would be taken for one
// in the query.
func (w WrongField) Refuse(r *record.Record) {
	answer.Refuse(r, w.Diagnostics, w.Text)
	r.Error.Message = fmt.Sprintf("by %q: %s", w.Text, r.Error.Message)
	r.Error.Line, r.Error.Column = 0, 0
}

// Paths returns the paths of the fields, and of the objects that these are in.
func (s Spec) Paths(schema *column.Snapshot) (all []string) {
	if s.By == "" {
		return nil
	}
	found, _ := s.fields(schema)
	for _, f := range found {
		for i := range f.path {
			all = append(all, strings.Join(f.path[:i+1], "."))
		}
	}
	return all
}

// fields returns the fields that the spec names.
func (s Spec) fields(schema *column.Snapshot) ([]field, error) {
	if s.Op == Lift && s.By == All {
		return every(schema), nil
	}
	all, err := fieldsOf(s.By, schema)
	if err == nil && s.Op == Breakdown && len(all) > 1 {
		err = WrongField{s.By, ast.Diagnostics{{Code: "not-a-field", Message: "a breakdown is by one field", Hint: "ask for one after another, or for the lift of several"}}}
	}
	return all, err
}

// field is one field of a list, with its name and its path through objects.
type field struct {
	name string
	path []string
}

// fieldsOf reads a list of fields.
func fieldsOf(text string, schema *column.Snapshot) ([]field, error) {
	if path := strings.Split(text, "."); known(schema.Schema, path) {
		return []field{{text, path}}, nil // be its names such as no query can write
	}
	columns, found := rules.ColumnsOf(nil, text, column.Catalog{Snapshot: schema}, check.Options{})
	var all []field
	for i, typed := range columns.Select {
		name := columns.Fields[i].Name
		path, ok := pathOf(typed.Root)
		if t := typed.Root.Type(); !ok || !single(t) {
			at := strings.Index(text, name)
			d := ast.Diagnostic{
				Code: "not-a-field", At: ast.Span{Start: at, End: at + len(name)},
				Message: fmt.Sprintf("profiles are counted by fields with one value, and %s %s", name, kindOf(typed.Root, ok)),
			}
			if !ok && single(t) {
				d.Hint = "--values, in a session .values, describes what an expression gives"
			}
			found = append(found, d)
			continue
		}
		all = append(all, field{name, path})
	}
	if found.Failed() {
		return nil, WrongField{text, found}
	}
	return all, nil
}

// single says whether values of a type are values to count by.
func single(t *check.Type) bool {
	return t.Kind != check.List && t.Kind != check.Map && t.Kind != check.Object
}

// kindOf says what an expression is that is not a field with one value.
func kindOf(n check.Node, field bool) string {
	if of, ok := n.(*check.Gather); ok {
		path := listOf(of)
		return "has a value for each element of " + strings.Join(path, ".") + ", not one for each profile"
	}
	if !field {
		return "is an expression"
	}
	return "is of type " + n.Type().String()
}

// listOf returns the path of what is in lists.
func listOf(n *check.Gather) []string {
	var path []string
	for at := n.X; ; {
		switch of := at.(type) {
		case *check.Member:
			path, at = append(path, of.F.Name), of.X
		case *check.Gather:
			path, at = append(path, of.F.Name), of.X
		default:
			slices.Reverse(path)
			return path
		}
	}
}

// pathOf returns the path of a field of the profile.
func pathOf(n check.Node) ([]string, bool) {
	switch n := n.(type) {
	case *check.Slot:
		return nil, n.N == 0
	case *check.Member:
		path, ok := pathOf(n.X)
		return append(path, n.F.Name), ok
	}
	return nil, false
}

// known says whether there is a field at a path.
func known(t *check.Type, path []string) bool {
	for _, name := range path {
		if t.Kind != check.Object {
			return false
		}
		f := t.Field(name)
		if f == nil {
			return false
		}
		t = f.Type
	}
	return single(t)
}
