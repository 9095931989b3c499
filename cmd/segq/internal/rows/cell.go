package rows

import "github.com/segq/segq/lang/check"

// right says whether values of a type are aligned to the right.
func right(t *check.Type) bool { return t.Kind == check.Int || t.Kind == check.Float }
