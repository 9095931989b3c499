package load

import (
	"fmt"
	"strings"

	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/spelling"
)

// FieldError says that one of the options names a field that the data does not have.
type FieldError struct {
	// Option is the name of the option: Types, ID or Events.
	Option string

	message string
}

// unknownField makes the error of an option, with what the field was to be good for.
func unknownField(option, path, purpose string, t *check.Type) *FieldError {
	meant := ""
	if near := nearField(strings.Trim(path, `"`), t); near != "" {
		meant = "did you mean " + near + "? "
	}
	return &FieldError{option, fmt.Sprintf("there is no field %s %s; %sthe fields are %s", path, purpose, meant, names(t))}
}

// Error returns the path, and the fields that there are.
func (e *FieldError) Error() string { return e.message }

// nearField returns the path of the field that is meant by one that there is not, "" for none.
func nearField(path string, t *check.Type) string {
	before := ""
	for _, name := range strings.Split(path, ".") {
		for t.Kind == check.List || t.Kind == check.Map {
			t = t.Elem
		}
		f := t.Field(name)
		if f == nil {
			all := make([]string, len(t.Fields))
			for i, f := range t.Fields {
				all[i] = f.Name
			}
			if near := spelling.Nearest(name, all); near != "" {
				return before + near
			}
			return ""
		}
		before, t = before+name+".", f.Type
	}
	return ""
}
