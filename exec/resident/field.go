package resident

import (
	"fmt"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// field returns the column at the end of a path of fields from the profile, through
// objects, and says what is wrong with the path.
func field(snap *column.Snapshot, path []string) (column.Column, error) {
	var col column.Column = snap.Root
	t := snap.Schema
	for i, name := range path {
		s, ok := col.(*column.Struct)
		f := (*check.Field)(nil)
		if t.Kind == check.Object {
			f = t.Field(name)
		}
		if none(col) && f != nil {
			t = f.Type
			continue
		}
		if t.Kind == check.List || t.Kind == check.Map {
			return nil, fmt.Errorf("%s is in %s, a %s: profiles are counted by fields with one value", path[i], strings.Join(path[:i], "."), t)
		}
		if !ok || f == nil {
			return nil, fmt.Errorf("there is no field %s", strings.Join(path[:i+1], "."))
		}
		col, t = s.Fields[f.Index], f.Type
	}
	switch t.Kind {
	case check.List, check.Map, check.Object:
		return nil, fmt.Errorf("%s is of type %s: profiles are counted by fields with one value", strings.Join(path, "."), t)
	}
	return col, nil
}

// none says whether the column of an object has no fields to go on with.
func none(col column.Column) bool {
	switch col.(type) {
	case *column.Nulls, *column.Unloaded:
		return true
	}
	return false
}
