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
	kindObject
	kindList
	kindMap
)

// agree lists the greatest sets of kinds that one field may have. Whole numbers
// among timestamps are milliseconds since 1970.
var agree = [...]kinds{
	kindBool,
	kindInt | kindFloat,
	kindString | kindISO | kindText,
	kindString | kindISO | kindInt | kindInstant,
	kindObject,
	kindList,
	kindMap,
}

// compatible says whether a field may have all the kinds of k.
func (k kinds) compatible() bool {
	for _, set := range agree {
		if k&^set == 0 {
			return true
		}
	}
	return false
}

// timestamps says whether values of the kinds k are timestamps.
func (k kinds) timestamps() bool {
	return k&(kindISO|kindInstant) != 0 && k&kindText == 0
}

// String names what values of the kinds k are, with an article.
func (k kinds) String() string {
	switch {
	case k.timestamps():
		return "a timestamp"
	case k&(kindText|kindISO|kindString) != 0:
		return "a text"
	case k&(kindInt|kindFloat) != 0:
		return "a number"
	case k&kindBool != 0:
		return "true or false"
	case k&kindObject != 0:
		return "an object"
	case k&kindMap != 0:
		return "a map"
	case k&kindList != 0:
		return "a list"
	}
	return "anything"
}

// mapDepth gives how many levels of maps the objects under a field of this name
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

// shape is what is known of the paths of all chunks that were taken in: the
// seeds of the chunks to come.
type shape struct {
	seen   kinds
	fields map[string]*shape
	elem   *shape
}

// check finds the first path below n whose kinds do not agree with s, and the
// kinds that s has there; nil when there is none.
func (s *shape) check(n *node) (bad *node, want kinds) {
	if s == nil {
		return nil, 0
	}
	if !(s.seen | n.seen).compatible() {
		return n, s.seen
	}
	for _, c := range n.children {
		if bad, want = s.fields[c.name].check(c); bad != nil {
			return bad, want
		}
	}
	if n.elem != nil {
		return s.elem.check(n.elem)
	}
	return nil, 0
}

// add takes in the kinds of n and of all below it.
func (s *shape) add(n *node) {
	s.seen |= n.seen
	for _, c := range n.children {
		if s.fields == nil {
			s.fields = make(map[string]*shape, len(n.children))
		}
		if s.fields[c.name] == nil {
			s.fields[c.name] = &shape{}
		}
		s.fields[c.name].add(c)
	}
	if n.elem != nil {
		if s.elem == nil {
			s.elem = &shape{}
		}
		s.elem.add(n.elem)
	}
}

func (s *shape) field(name string) *shape {
	if s == nil {
		return nil
	}
	return s.fields[name]
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
