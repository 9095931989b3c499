package load

import "github.com/segq/segq/lang/check"

// Coercion says that values of one kind at one path were read as the type of the field, which is
// another one.
type Coercion struct {
	// Field is the path of the field, as the language writes it.
	Field string
	// Type is what the field is, Found what the values were, with an article.
	Type, Found string
	// Count is the number of values.
	Count int
}

// coerced reports the values of a survey that are not of a type by themselves, but for those that were lost.
// Dates of texts, and whole numbers among fractions, are.
func (d *decision) coerced(a at, t *check.Type, s *survey, lost *tallies) {
	own := [...]string{check.Bool: "a boolean", check.Int: "a number", check.Float: "a number", check.String: "a text", check.Timestamp: "a timestamp", check.Map: ""}[t.Kind]
	texts := s.iso + s.plain
	if t.Kind == check.Timestamp {
		texts = s.plain
	}
	for _, k := range []struct {
		found string
		count int
	}{{"a boolean", s.bools}, {"a number", s.numbers()}, {"a timestamp", s.times}, {"a text", texts}} {
		if k.found == own {
			continue
		}
		for _, m := range lost.all {
			if m.found == k.found {
				k.count -= m.count
			}
		}
		d.addCoercion(a, t, k.found, k.count)
	}
}

func (d *decision) addCoercion(a at, t *check.Type, found string, count int) {
	if count > 0 {
		all := &d.loader.report.Coerced
		*all = append(*all, Coercion{Field: a.path, Type: typeName(t), Found: found, Count: count})
	}
}
