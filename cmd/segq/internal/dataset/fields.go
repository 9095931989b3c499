package dataset

import (
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// Walk visits the fields of t and, below each, those of its elements, in
// the order of the schema. Paths are as queries write them; {} stands for a key
// of a map.
func Walk(prefix string, t *check.Type, visit func(path string, t *check.Type)) {
	for _, f := range t.Fields {
		path := prefix + f.Name
		visit(path, f.Type)
		below := f.Type
		for below.Kind == check.List || below.Kind == check.Map {
			if below.Kind == check.Map {
				path += "{}"
			}
			below = below.Elem
		}
		Walk(path+".", below, visit)
	}
}

// Fields lists the fields of t and all below, as queries name them.
func Fields(t *check.Type) []record.Field {
	fields := []record.Field{}
	Walk("", t, func(path string, t *check.Type) {
		fields = append(fields, record.Field{Path: path, Type: t.String()})
	})
	return fields
}
