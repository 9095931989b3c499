package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/segq/segq/lang/check"
)

// description is what DESCRIBE EXTENDED ... AS JSON says of a table, as far as it is read.
type description struct {
	Columns  []sparkField `json:"columns"`
	Provider string       `json:"provider"`
	Type     string       `json:"type"`
	Location string       `json:"location"`
}

type sparkField struct {
	Name string    `json:"name"`
	Type sparkType `json:"type"`
}

type sparkType struct {
	Name      string       `json:"name"`
	Fields    []sparkField `json:"fields"`
	Element   *sparkType   `json:"element_type"`
	Key       *sparkType   `json:"key_type"`
	Value     *sparkType   `json:"value_type"`
	Precision int          `json:"precision"`
	Scale     int          `json:"scale"`
}

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

// schema returns the type of a profile, and the paths of the fields that segq cannot ask about.
func (d *description) schema() (profile *check.Type, left []string) {
	t := typing{}
	profile = t.object("", d.Columns)
	return profile, t.left
}

// columnsOf returns the columns of a schema, as a statement has them.
func columnsOf(schema *check.Type) string {
	names := make([]string, len(schema.Fields))
	for i, f := range schema.Fields {
		names[i] = "`" + strings.ReplaceAll(f.Name, "`", "``") + "`"
	}
	return strings.Join(names, ", ")
}

// typing turns types of Spark into those of segq.
type typing struct{ left []string }

func (t *typing) object(path string, fields []sparkField) *check.Type {
	var own []*check.Field
	seen := map[string]bool{}
	for _, f := range fields {
		below := strings.TrimPrefix(path+"."+f.Name, ".")
		of := t.of(below, &f.Type)
		if of == nil || seen[f.Name] {
			t.left = append(t.left, below)
			continue
		}
		seen[f.Name] = true
		own = append(own, &check.Field{Name: f.Name, Type: of})
	}
	return check.ObjectOf(own...)
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
		return t.object(path, s.Fields)
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
