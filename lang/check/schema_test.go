package check_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/segq/segq/lang/check"
)

// A schema that went through JSON is the same schema.
func TestSchemaAsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := check.Schema{Root: object(t, 3), EventsField: rapid.SampledFrom([]string{"", "xEvent"}).Draw(t, "events")}
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got check.Schema
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !got.Root.Equal(want.Root) || got.EventsField != want.EventsField {
			t.Fatalf("%s came back as another", text)
		}
		for i, f := range got.Root.Fields {
			if got.Root.Field(f.Name) != f || f.Index != i {
				t.Fatalf("%s: field %s is not found", text, f.Name)
			}
		}
	})
}

func TestSchemaThatIsNone(t *testing.T) {
	for _, text := range []string{`{"root":"number"}`, `{"root":{"kind":"list"}}`, `{"root":{"kind":"object","fields":[{"name":"a"}]}}`, `{"root":7}`} {
		if err := json.Unmarshal([]byte(text), &check.Schema{}); err == nil {
			t.Errorf("%s is no schema", text)
		}
	}
}

func object(t *rapid.T, depth int) *check.Type {
	var fields []*check.Field
	for _, name := range rapid.SliceOfNDistinct(rapid.StringN(1, 5, -1), 0, 4, rapid.ID).Draw(t, "names") {
		fields = append(fields, &check.Field{Name: name, Type: anyType(t, depth)})
	}
	return check.ObjectOf(fields...)
}

func anyType(t *rapid.T, depth int) *check.Type {
	kind := rapid.SampledFrom([]check.Kind{check.Any, check.Bool, check.Int, check.Float, check.String, check.Timestamp, check.List, check.Map, check.Object}).Draw(t, "kind")
	switch {
	case kind < check.List:
		return &check.Type{Kind: kind}
	case depth == 0:
		return check.AnyType
	case kind == check.List:
		return check.ListOf(anyType(t, depth-1))
	case kind == check.Map:
		return check.MapOf(anyType(t, depth-1))
	}
	return object(t, depth-1)
}
