// Package memberships writes in which of many rules, the audiences, each profile is: a row for each profile
// with the list of its audiences, or a row for each pair of the two.
//
// The tour: [Names] says what audiences are called, [Fields] which columns there are, and [Output] is a file of
// any format of package rows.
package memberships

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// Names returns what the audiences of rules are called: by the name, else by the id of a rule file, else by the
// number of the rule. The error says that two have one name.
func Names(queries []rules.Written) ([]string, error) {
	names := make([]string, len(queries))
	for i, q := range queries {
		names[i] = cmp.Or(q.Name, q.ID, strconv.Itoa(i+1))
	}
	if i, j := Twice(names); j > 0 {
		return nil, fmt.Errorf("rules %d and %d are both called %q: an audience needs a name of its own", i+1, j+1, show.Clean(names[i]))
	}
	return names, nil
}

// Twice returns the first two that have one name, 0 and 0 for none.
func Twice(names []string) (int, int) {
	first := map[string]int{}
	for j, name := range names {
		if i, ok := first[name]; ok {
			return i, j
		}
		first[name] = j
	}
	return 0, 0
}

// The names of the column of audiences.
const (
	several = "audiences"
	// Single is that of pairs.
	Single = "audience"
	// instead is that of a table whose ids are called like that.
	instead = "in_audience"
)

// ColumnNames returns the names that the column of audiences may have, of lists and of pairs.
func ColumnNames() []string { return []string{several, Single, instead} }

// Fields returns the columns of memberships over data: the ids of profiles, and the audiences. pairs says that
// there is a row for each pair.
func Fields(s *column.Snapshot, pairs bool) []*check.Field {
	id, t := resident.IDColumn(s)
	audiences := &check.Field{Name: several, Type: check.ListOf(check.StringType)}
	if pairs {
		audiences = &check.Field{Name: Single, Type: check.StringType}
	}
	if audiences.Name == id {
		audiences.Name = instead
	}
	return []*check.Field{{Name: id, Type: t}, audiences}
}

// InPairs says whether memberships in a format are a row for each pair, where nobody says so: in those
// that have no lists.
func InPairs(format string) bool { return slices.Contains([]string{"csv", "tsv"}, format) }

// Output writes memberships.
type Output struct {
	rows.Writer
	pairs bool
}

// Open begins memberships in a format.
func Open(open rows.Open, w io.Writer, o rows.Options, pairs bool) *Output {
	return &Output{open(w, o), pairs}
}

// Begin begins rows that follow each other, of ids and lists of audiences.
func (o *Output) Begin() resident.Stretch {
	if o.pairs {
		return pairsOf{o.Writer.Begin()}
	}
	return o.Writer.Begin()
}

// pairsOf makes pairs of lists.
type pairsOf struct{ rows.Part }

// pairsAtOnce is about how many pairs are written together.
const pairsAtOnce = 8 << 10

// Add adds the pairs of n profiles.
func (p pairsOf) Add(n int, columns []column.Column) error {
	lists := columns[1].(*column.List)
	for from := 0; from < n; {
		to := from + 1
		for to < n && lists.Offsets[to+1]-lists.Offsets[from] <= pairsAtOnce {
			to++
		}
		first, last := lists.Offsets[from], lists.Offsets[to]
		pairs := []column.Column{picked(columns[0], repeated(lists.Offsets, from, to)), slice(lists.Elem.(*column.Strings), first, last)}
		if last > first {
			if err := p.Part.Add(int(last-first), pairs); err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

// slice returns some of the names of a column that has no nulls.
func slice(c *column.Strings, from, to uint32) column.Column {
	out := &column.Strings{Dict: c.Dict}
	if c.Codes.U16 != nil {
		out.Codes.U16 = c.Codes.U16[from:to]
	} else {
		out.Codes.U32 = c.Codes.U32[from:to]
	}
	return out
}
