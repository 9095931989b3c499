package load

import (
	"bytes"
	"context"

	"github.com/segq/segq/lang/check"
)

// Unfit returns what there is to say of the profile that was read last, which line is: that values did not fit their
// fields and are null, or that not all of it could count. It says what the report of a table says of such a row, since it asks
// a loader: that takes longer than to read the profile, and few profiles need it.
func (p *Profiles) Unfit(ctx context.Context, line []byte) (misfits []Misfit, notes []string) {
	if !p.walk.unfit && !p.twice && !p.strange {
		return nil, nil
	}
	if p.twice {
		notes = append(notes, "a key is there twice in an object: the last value counts")
	}
	if p.strange {
		notes = append(notes, "NaN, which JSON does not have, is read as null")
	}
	if !p.walk.unfit {
		return nil, notes
	}
	var read []*check.Field
	for i, f := range p.own.Fields {
		if p.root.fields[i] != nil {
			read = append(read, &check.Field{Name: f.Name, Type: f.Type})
		}
	}
	o := Options{Schema: check.ObjectOf(read...), Threads: 1, SharedIDs: true, Strict: true}
	_, report, err := Reader(ctx, bytes.NewReader(line), "json", "the profile", o)
	if err != nil {
		return nil, append(notes, "some values do not fit their fields, and are null")
	}
	return report.Misfits, notes
}

// Said returns a misfit without its place.
func (m Misfit) Said() string {
	said := m.Field + " is " + m.Type + ": null where it was " + m.Found
	if m.Count > 1 {
		said += " (" + thousands(m.Count) + " values)"
	}
	return said
}
