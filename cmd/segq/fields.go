package main

import (
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// walkFields visits the fields of t and, below each, those of its elements, in
// the order of the schema. Paths are as queries write them; {} stands for a key
// of a map.
func walkFields(prefix string, t *check.Type, visit func(path string, t *check.Type)) {
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
		walkFields(path+".", below, visit)
	}
}

// schemaFields lists the fields of t and all below, as queries name them.
func schemaFields(t *check.Type) []record.Field {
	fields := []record.Field{}
	walkFields("", t, func(path string, t *check.Type) {
		fields = append(fields, record.Field{Path: path, Type: t.String()})
	})
	return fields
}
