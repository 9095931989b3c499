package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/lang/check"
)

// description is what DESCRIBE EXTENDED ... AS JSON says of a table, as far as it is read.
type description struct {
	Columns  []sparkField `json:"columns"`
	Provider string       `json:"provider"`
	Type     string       `json:"type"`
	// Partitions are the columns of which each file has one value, which is in its path and not in the file.
	Partitions []string `json:"partition_columns"`
}

type (
	sparkField = executor.Field
	sparkType  = executor.Type
)

// describe asks what a table is.
func (s *session) describe(ctx context.Context, a Address) (*description, error) {
	rows, err := s.query(ctx, "DESCRIBE EXTENDED "+a.sql()+" AS JSON")
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	for _, r := range rows {
		text.WriteString(r.text(0))
	}
	d := &description{}
	if err := json.Unmarshal([]byte(text.String()), d); err != nil {
		return nil, fmt.Errorf("what the cluster says of the table cannot be read, which Spark 4 does as JSON: %w", err)
	}
	if len(d.Columns) == 0 {
		return nil, errors.New("the table has no columns")
	}
	return d, nil
}

// chars is CHAR in the text of a type.
var chars = regexp.MustCompile(`\bchar\(`)

// padded says whether a table has texts of a fixed length, which are texts like others in what describe asks.
func (s *session) padded(ctx context.Context, a Address) (bool, error) {
	rows, err := s.query(ctx, "DESCRIBE "+a.sql())
	return slices.ContainsFunc(rows, func(r row) bool { return chars.MatchString(r.text(1)) }), err
}

// schema returns the type of a profile, and the paths of the fields that segq cannot ask about, which are left out of the columns.
func (d *description) schema() (profile *check.Type, left []string) {
	t := typing{}
	profile, d.Columns = t.object("", d.Columns)
	return profile, t.left
}

// columnsOf returns the columns of a table, as a statement has them: those that are to be piped. Of 32 bits, Spark writes the shortest digits, which are those of another number of
// 64 bits: such columns are made of these before.
func columnsOf(columns []sparkField) string {
	all := make([]string, len(columns))
	for i, f := range columns {
		all[i] = quote(f.Name)
		if wide, changed := widened(f.Type); changed {
			all[i] = "CAST(" + all[i] + " AS " + written(&wide) + ") AS " + all[i]
		}
	}
	return strings.Join(all, ", ")
}

// widened returns a type with doubles where it has floats, and whether it has any.
func widened(t sparkType) (wide sparkType, changed bool) {
	of := func(t **sparkType) {
		if *t != nil {
			one, c := widened(**t)
			*t, changed = &one, changed || c
		}
	}
	if t.Name == "float" {
		t.Name, changed = "double", true
	}
	of(&t.Element)
	of(&t.Value)
	fields := slices.Clone(t.Fields)
	for i := range fields {
		one, c := widened(fields[i].Type)
		fields[i].Type, changed = one, changed || c
	}
	t.Fields = fields
	return t, changed
}

// hasMaps says whether there are maps in a type.
func hasMaps(t *sparkType) bool {
	return t.Name == "map" || t.Element != nil && hasMaps(t.Element) || slices.ContainsFunc(t.Fields, func(f sparkField) bool { return hasMaps(&f.Type) })
}

// written returns a type as a statement has it.
func written(t *sparkType) string {
	switch t.Name {
	case "struct":
		fields := make([]string, len(t.Fields))
		for i := range t.Fields {
			fields[i] = quote(t.Fields[i].Name) + ": " + written(&t.Fields[i].Type)
		}
		return "STRUCT<" + strings.Join(fields, ", ") + ">"
	case "array":
		return "ARRAY<" + written(t.Element) + ">"
	case "map":
		return "MAP<STRING, " + written(t.Value) + ">"
	case "decimal":
		return fmt.Sprintf("DECIMAL(%d, %d)", t.Precision, t.Scale)
	case "varchar", "char":
		return "STRING"
	}
	return strings.ToUpper(t.Name)
}

// typing turns types of Spark into those of segq.
type typing struct{ left []string }

// object returns the type of an object, and those of its fields that are in it.
func (t *typing) object(path string, fields []sparkField) (*check.Type, []sparkField) {
	var own []*check.Field
	var kept []sparkField
	seen := map[string]bool{}
	for _, f := range fields {
		below := strings.TrimPrefix(path+"."+f.Name, ".")
		of := t.of(below, &f.Type)
		if of == nil || seen[f.Name] {
			t.left = append(t.left, below)
			continue
		}
		seen[f.Name] = true
		own, kept = append(own, &check.Field{Name: f.Name, Type: of}), append(kept, f)
	}
	return check.ObjectOf(own...), kept
}

// mostDigits is how many digits an integer has at most that fits into 64 bits whatever they are.
const mostDigits = 18

// of returns the type of values of Spark's, nil for what segq has none for.
func (t *typing) of(path string, s *sparkType) *check.Type {
	switch s.Name {
	case "string", "varchar", "char":
		return check.StringType
	case "tinyint", "smallint", "int", "integer", "bigint":
		return check.IntType
	case "float", "double":
		return check.FloatType
	case "decimal":
		if s.Scale == 0 && s.Precision <= mostDigits {
			return check.IntType
		}
		return check.FloatType
	case "boolean":
		return check.BoolType
	case "date", "timestamp", "timestamp_ltz", "timestamp_ntz":
		return check.TimestampType
	case "struct":
		var of *check.Type
		of, s.Fields = t.object(path, s.Fields)
		return of
	case "array":
		if s.Element != nil {
			if elem := t.of(path, s.Element); elem != nil {
				return check.ListOf(elem)
			}
		}
	case "map":
		if s.Key != nil && s.Key.Name == "string" && s.Value != nil {
			if value := t.of(path, s.Value); value != nil {
				return check.MapOf(value)
			}
		}
	}
	return nil
}
