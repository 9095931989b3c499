package main

import "github.com/segq/segq/lang"

// namedRules gives rules of texts by their names.
func namedRules(texts map[string]string) []*rule {
	all := make([]*rule, 0, len(texts))
	for name, text := range texts {
		one := &rule{label: name, names: []string{name}, text: text}
		x, ds := lang.Query(text)
		if one.x = x; ds.Failed() {
			one.found, one.state = ds, ruleWrong
		}
		all = append(all, one)
	}
	return all
}

// textsOf gives the texts of rules by their names, nil for none.
func textsOf(below map[string]*rule) map[string]string {
	if len(below) == 0 {
		return nil
	}
	out := make(map[string]string, len(below))
	for name, one := range below {
		out[name] = one.text
	}
	return out
}
