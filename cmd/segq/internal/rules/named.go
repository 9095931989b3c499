package rules

import "github.com/segq/segq/lang"

// Named returns rules of texts by their names.
func Named(texts map[string]string) []*Rule {
	all := make([]*Rule, 0, len(texts))
	for name, text := range texts {
		one := &Rule{Label: name, Names: []string{name}, Text: text}
		x, ds := lang.Query(text)
		if one.X = x; ds.Failed() {
			one.Found, one.State = ds, Wrong
		}
		all = append(all, one)
	}
	return all
}

// Texts returns the texts of rules by their names, nil for none.
func Texts(below map[string]*Rule) map[string]string {
	if len(below) == 0 {
		return nil
	}
	out := make(map[string]string, len(below))
	for name, one := range below {
		out[name] = one.Text
	}
	return out
}
