package backend

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/values"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl"
)

// The bounds of looking for an example: so many values make a field good for one, and so many fields are
// looked at, in so much time.
const (
	fewestValues, mostValues = 3, 12
	mostFields               = 60
	longestValue             = 20
	exampleTime              = 150 * time.Millisecond
)

// plain says whether a path can be written into a query as it is.
func plain(path string) bool {
	for name := range strings.SplitSeq(path, ".") {
		if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			return false
		}
	}
	return true
}

// short says whether a value looks well in a query.
func short(value string) bool {
	return value != "" && utf8.RuneCountInString(value) <= longestValue && value == strings.TrimSpace(value) &&
		!strings.ContainsFunc(value, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" _.-", r)
		})
}

// example returns a query to try first: a field that tells profiles apart, and one of its values; where no
// values are known, the field alone.
func (b *backend) example(ctx context.Context, d *dataset.Dataset) string {
	limited, cancel := context.WithTimeout(ctx, exampleTime)
	defer cancel()
	for _, path := range textFields(d) {
		if limited.Err() != nil {
			break
		}
		value := typical(limited, d, strings.Split(path, "."))
		if value == "" {
			continue
		}
		query := fmt.Sprintf("%s = %q", path, value)
		if len(b.Check(repl.Query{Text: query})) == 0 {
			return query
		}
	}
	if f := d.Snapshot.EventsField; f != nil {
		if query := f.Name + ".count() >= 3"; len(b.Check(repl.Query{Text: query})) == 0 {
			return query
		}
	}
	found := ""
	walkObjects("", d.Snapshot.Schema, func(path string, t *check.Type) {
		if query := "isNotNull(" + path + ")"; found == "" && plain(path) && !d.Personal.Personal(path) && len(b.Check(repl.Query{Text: query})) == 0 {
			found = query
		}
	})
	return found
}

// sortingWords are in names of fields that sort profiles, those first that everybody understands.
var sortingWords = []string{"tier", "level", "plan", "segment", "category", "status", "country", "gender"}

// textFields lists fields of profiles that hold texts and do not say who somebody is. Those whose names
// say that they sort profiles come first.
func textFields(d *dataset.Dataset) []string {
	ranked := make([][]string, len(sortingWords)+1)
	walkObjects("", d.Snapshot.Schema, func(path string, t *check.Type) {
		if t.Kind != check.String || !plain(path) || d.Personal.Personal(path) {
			return
		}
		leaf := strings.ToLower(path[strings.LastIndexByte(path, '.')+1:])
		rank := slices.IndexFunc(sortingWords, func(w string) bool { return strings.Contains(leaf, w) })
		if rank < 0 {
			rank = len(sortingWords)
		}
		ranked[rank] = append(ranked[rank], path)
	})
	all := slices.Concat(ranked...)
	return all[:min(len(all), mostFields)]
}

// walkObjects visits the fields of t that a profile has at most once.
func walkObjects(prefix string, t *check.Type, visit func(path string, t *check.Type)) {
	for _, f := range t.Fields {
		if f.Type.Kind == check.Object {
			walkObjects(prefix+f.Name+".", f.Type, visit)
			continue
		}
		visit(prefix+f.Name, f.Type)
	}
}

// typical returns a value of a field that neither all nor few have, "" where there is none that can be told.
func typical(ctx context.Context, d *dataset.Dataset, path []string) (value string) {
	f := values.Field{Path: path}
	_ = d.FirstRows(ctx, f.Reads(d.Snapshot.Schema), func(s *column.Snapshot, all bool) { // else there is none
		found, err := values.Count(ctx, s, f, all, d.Personal)
		if err != nil || found.All < fewestValues || found.All > mostValues {
			return
		}
		for _, v := range found.Values {
			if short(v.Text) && 2*int(v.Count) < s.Rows() {
				value = v.Text
				return
			}
		}
	})
	return value
}
