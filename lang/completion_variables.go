package lang

import (
	"maps"
	"slices"
	"strings"

	"github.com/segq/segq/lang/check"
)

// variables offers the variables that are known here, and where something was typed their fields.
func (c *completer) variables(end int, want want) {
	seen := map[string]bool{}
	for k := end - 1; k >= 0; k-- {
		for _, name := range c.declared(k, end) {
			if seen[name] || !c.visible(k, end) {
				continue
			}
			seen[name] = true
			p := c.named(name, end)
			it, weight := Item{Text: written(name, false), Kind: VariableItem, Doc: "a variable", Path: strings.Join(p.path, ".")}, int8(weightFitting)
			if p.t != nil {
				it.Type, weight = p.t.String(), weightOf(p.t, want)
			}
			c.offer(it, name, weight)
			c.fieldsBehind(it.Text+".", p, weightFar, nil)
		}
	}
}

// laterVariables offers those that are declared behind the cursor.
func (c *completer) laterVariables(end int, want want) {
	for _, name := range slices.Sorted(maps.Keys(c.later)) {
		if p := c.named(name, end); p.t != nil {
			c.offer(Item{Text: written(name, false), Kind: VariableItem, Type: p.t.String(), Doc: "a variable", Path: strings.Join(p.path, ".")}, name, weightOf(p.t, want))
			c.fieldsBehind(written(name, false)+".", p, weightFar, nil)
		}
	}
}

// declared returns the names that the form declares whose word is token k: from, let or =>.
func (c *completer) declared(k, end int) (names []string) {
	switch c.words[k] {
	case "from", "FROM":
		if !c.windowFrom(k) && k+1 < end {
			names = append(names, c.name(k-1))
		}
	case "let", "LET":
		if c.word(k+2) == "=" && c.opens[k] == c.opens[min(k+2, len(c.words))] && c.bound(k, end) {
			names = append(names, c.name(k+1))
		}
	case "=>":
		names = c.parameters(k)
	}
	if len(names) > 0 && names[0] == "" {
		return nil
	}
	return names
}

// bound says whether the in of the let at token k is before token end.
func (c *completer) bound(k, end int) bool {
	for i := k + 3; i < end; i++ {
		if w := c.words[i]; c.opens[i] == c.opens[k] && (w == "in" || w == "IN") && c.letIn(i) {
			return true
		}
	}
	return false
}

// parameters returns the names before the => at token k: (K, G) =>.
func (r *reader) parameters(k int) (names []string) {
	if r.word(k-1) != ")" || r.mates[k-1] < 0 {
		return nil
	}
	for i := r.mates[k-1] + 1; i < k-1; i++ {
		if name := r.name(i); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// parameter returns the place of the parameter called name of the function whose => is token k, if it has one:
// those of a map's map are a key and what is there.
func (r *reader) parameter(name string, k int) (place, bool) {
	names := r.parameters(k)
	for i, n := range names {
		if n != name {
			continue
		}
		open := r.opens[k]
		if len(names) != 2 || open < 0 || r.word(open-2) != "." {
			return place{}, true
		}
		of := r.ending(open - 2)
		switch {
		case of.t == nil || of.t.Kind != check.Map:
			return place{}, true
		case i == 0:
			return place{t: check.StringType}, true
		}
		return of.entry(""), true
	}
	return place{}, false
}
