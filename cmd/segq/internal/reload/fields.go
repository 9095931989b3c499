package reload

import (
	"fmt"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/dataset"
)

// mostFields is how many fields one line of the log names.
const mostFields = 8

// compare tells of fields that are not what they were: queries that name them may fail from now on.
func (r *Reloader) compare(before, next *dataset.Dataset) {
	now := map[string]string{}
	for _, f := range dataset.Fields(next.Snapshot.Schema) {
		now[f.Path] = f.Type
	}
	var gone, other []string
	for _, f := range dataset.Fields(before.Snapshot.Schema) {
		switch t, ok := now[f.Path]; {
		case !ok:
			gone = append(gone, f.Path)
		case t != f.Type:
			other = append(other, fmt.Sprintf("%s was %s, is now %s", f.Path, f.Type, t))
		}
	}
	if len(gone) > 0 {
		r.Log.Warn("fields are gone: queries that name them fail", "fields", listed(gone), "snapshot", next.Snapshot.Fingerprint)
	}
	if len(other) > 0 {
		r.Log.Warn("fields have other types: queries that name them may fail", "fields", listed(other), "snapshot", next.Snapshot.Fingerprint)
	}
}

// listed is the first of all texts in one.
func listed(all []string) string {
	if more := len(all) - mostFields; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:mostFields], "; "), more)
	}
	return strings.Join(all, "; ")
}
