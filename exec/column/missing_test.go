package column

import (
	"testing"

	"github.com/segq/segq/lang/check"
)

// TestMissing counts what a query reads and what is not resident, below objects and lists.
func TestMissing(t *testing.T) {
	t.Parallel()
	person := check.ObjectOf(&check.Field{Name: "name", Type: check.StringType}, &check.Field{Name: "age", Type: check.IntType})
	events := &check.Type{Kind: check.List, Elem: check.ObjectOf(&check.Field{Name: "type", Type: check.StringType}, &check.Field{Name: "at", Type: check.TimestampType})}
	schema := check.ObjectOf(&check.Field{Name: "person", Type: person}, &check.Field{Name: "xEvent", Type: events}, &check.Field{Name: "id", Type: check.StringType})
	s := &Snapshot{Schema: schema, Partial: true, Root: &Struct{Fields: []Column{
		&Struct{Fields: []Column{&Unloaded{}, &Constant{}}}, &Unloaded{}, &Unloaded{},
	}}}
	for _, test := range []struct {
		name string
		read func(*check.Reads)
		want int
	}{
		{"nothing", func(*check.Reads) {}, 0},
		{"a resident leaf", func(r *check.Reads) { r.Field("person").Field("age") }, 0},
		{"a leaf beside it", func(r *check.Reads) { r.Field("person").Field("age"); r.Field("person").Field("name") }, 1},
		{"the number of events", func(r *check.Reads) { r.Field("xEvent") }, 1},
		{"of events both fields", func(r *check.Reads) {
			r.Field("xEvent").Element().Field("type")
			r.Field("xEvent").Element().Field("at")
			r.Field("id")
		}, 3},
		{"all", func(r *check.Reads) { r.All = true }, 4},
	} {
		r := &check.Reads{}
		test.read(r)
		if got := s.Missing(r); got != test.want || (got == 0) != s.Covers(r) {
			t.Errorf("%s: %d, want %d; covered: %v", test.name, got, test.want, s.Covers(r))
		}
	}
}
