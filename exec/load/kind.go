package load

import "strings"

// kinds is the set of kinds of values that were seen at one path.
type kinds uint16

const (
	kindBool    kinds = 1 << iota
	kindInt           // a number without fraction or exponent, within int64
	kindFloat         // any other number
	kindISO           // a text that is an ISO-8601 date or date-time
	kindText          // any other text
	kindInstant       // a timestamp of a typed format
	kindString        // a text column of a typed format, with or without values
	kindLarge         // a number beyond int64 if it is whole, beyond float64 if not
	kindObject
	kindList
	kindMap

	// kindForms are the kinds of values that have others inside.
	kindForms = kindObject | kindList | kindMap
)

// mapDepth returns how many levels of maps the objects under a field of this name
// are. Their keys are data: namespaces, ids of segments, channels.
func mapDepth(name string) int {
	switch name {
	case "segmentMembership":
		return 2
	case "identityMap", "optInOut":
		return 1
	}
	return 0
}

// path writes where n is: names with dots between, [] for an element of a list,
// {} for a value of a map.
func path(n *node) string {
	var b strings.Builder
	var write func(n *node)
	write = func(n *node) {
		if n.parent == nil {
			return
		}
		write(n.parent)
		if n.name != "" && b.Len() > 0 {
			b.WriteByte('.')
		}
		switch {
		case n.name != "":
			b.WriteString(n.name)
		case n.parent.seen&kindMap != 0:
			b.WriteString("{}")
		default:
			b.WriteString("[]")
		}
	}
	write(n)
	return b.String()
}
