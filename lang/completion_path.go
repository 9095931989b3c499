package lang

import (
	"strings"

	"github.com/segq/segq/lang/parse"
)

// unknownPath cuts off the names with dots before the cursor where they lead to nothing, and returns them: they are
// part of what was typed, and may be meant as part of another path.
func (r *reader) unknownPath() string {
	end := len(r.words)
	if r.word(end-1) != "." || r.touches {
		return ""
	}
	start := end - 2
	for r.word(start-1) == "." && r.name(start-2) != "" {
		start -= 2
	}
	if r.name(start) == "" || r.word(start-1) == "." || r.ending(end-1).t != nil || r.declares(start) {
		return ""
	}
	var path strings.Builder
	for i := start; i < end; i++ {
		path.WriteString(strings.Trim(r.words[i], "`"))
	}
	r.words, r.kinds, r.mates, r.opens = r.words[:start], r.kinds[:start], r.mates[:start], r.opens[:start+1]
	return path.String()
}

// declares says whether the name at token i is that of a variable, of which no more is known.
func (r *reader) declares(i int) bool {
	name := r.name(i)
	for k := range i {
		if r.name(k) == name && (r.word(k+1) == "from" || r.word(k+1) == "FROM" || strings.EqualFold(r.word(k-1), "let")) {
			return true
		}
		for _, p := range r.parameters(k) {
			if r.words[k] == "=>" && p == name {
				return true
			}
		}
	}
	return false
}

// later returns the variables that the rest of a statement declares with over, with their paths.
func later(text string, tokens []parse.Token) map[string][]string {
	var found map[string][]string
	word := func(i int) string {
		if i >= len(tokens) {
			return ""
		}
		return text[tokens[i].At.Start:tokens[i].At.End]
	}
	for i := range tokens {
		switch {
		case word(i) == ";":
			return found
		case word(i) != "over" || word(i+2) != "from" && word(i+2) != "FROM":
			continue
		}
		var path []string
		for k := i + 3; k < len(tokens) && (tokens[k].Kind == parse.Ident || tokens[k].Kind == parse.Quoted); k += 2 {
			path = append(path, strings.Trim(word(k), "`"))
			if word(k+1) != "." {
				break
			}
		}
		if found == nil {
			found = map[string][]string{}
		}
		found[strings.Trim(word(i+1), "`")] = path
	}
	return found
}
