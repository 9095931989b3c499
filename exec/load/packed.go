package load

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/lang/check"
)

// packed refuses a packed table. It is opened by itself (package pack), for it is one already.
func (l *loader) packed(context.Context, io.Reader) error {
	if object.Is(l.name) {
		return errors.New("a packed table is mapped into memory, and not read from elsewhere: download it, and name the file")
	}
	return errors.New("a packed table is opened alone and by its name, not together with other files and not through a pipe; segq pack takes what it was made of and other files together")
}

// Roles returns the field that identifies a profile and the one that holds the events, as the
// names of the options say or, where they say nothing, as they are found; nil for none.
func (o Options) Roles(schema *check.Type) (id, events *check.Field, err error) {
	if id, err = idField(schema, o.ID); err != nil {
		return nil, nil, err
	}
	events, err = eventsField(schema, o.Events)
	return id, events, err
}

// Accepts returns the error with which a load by these options would have ended for the rows
// that were left out, as a report says; nil for none. Options that say nothing of bad rows
// accept what others have accepted.
func (o Options) Accepts(r *Report) error {
	switch {
	case o.Strict && len(r.Rejects) > 0:
		return fmt.Errorf("%s", r.Rejects[0])
	case o.Strict && r.Rejected > 0:
		return fmt.Errorf("%s were left out, because they could not be read", counted(r.Rejected, "row"))
	case o.BadRows.Given:
		return (&loader{options: o, report: *r}).tooManyBad()
	}
	return nil
}
