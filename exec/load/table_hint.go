package load

import "github.com/segq/segq/lang/check"

// hintTexts adds to the hints of a table what to do about texts of the files where an expression
// needs something else: whether they are all dates or numbers, nobody has looked.
func hintTexts(path string, t *check.Type, b *branch, hints map[*check.Field]check.Mixture) {
	for _, f := range t.Fields {
		own, below := quotedName(f.Name), f.Type
		if path != "" {
			own = path + "." + own
		}
		at := b.fields[f.Name]
		for below.Kind == check.List && at != nil && at.elem != nil {
			below, at = below.Elem, at.elem
		}
		switch {
		case at == nil:
		case below.Kind == check.Object && at.unit == nil:
			hintTexts(own, below, at, hints)
		case below.Kind == check.String && at.unit != nil && !at.unit.doubtful && !at.unit.cast:
			hints[f] = check.Mixture{Path: own, Hint: own + " is text in the file: --type " + own +
				"=timestamp reads the texts that are dates, --type " + own + "=number those that are numbers"}
		}
	}
}
