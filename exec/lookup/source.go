// Package lookup makes the fields of another table readable as if they were nested beside a key:
// products by their SKU, stores by their number. A [Table] wraps a table of profiles: what is
// named of a lookup becomes ordinary columns, made of the column of keys and of the rows that a
// [Source] has for them. It may not know files, queries or Redis.
package lookup

import (
	"context"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Source has rows that are found by a key. It is safe for concurrent use.
type Source interface {
	// Schema is an Object: the fields of a row, without the key.
	Schema() *check.Type
	// Key is what keys are: String, Int, Float, Timestamp or Bool.
	Key() *check.Type
	// Fingerprint names the contents; it does not depend on where they are held.
	Fingerprint() string
	// Rows returns rows of keys, in their order: a Struct of as many rows as there are keys,
	// null where a key has no row, with a column for each of the named fields of Schema, in
	// the order of fields. Keys are distinct and none is null; they are a [column.Strings] or
	// [column.Texts], [column.Ints], [column.Floats], [column.Timestamps] or [column.Bools], by Key.
	// Where no field is named, only whether there are rows is asked. Columns of texts should be Strings
	// whose dictionary is the same each time, where that costs nothing.
	Rows(ctx context.Context, keys column.Column, fields []string) (*column.Struct, error)
	// Close frees what it holds. What Rows has returned stays good.
	Close() error
}
