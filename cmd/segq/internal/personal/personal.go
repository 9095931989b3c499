// Package personal says of which fields the values are told to nobody who has not written them: in
// completions, in explanations of an answer, here and by workers.
//
// The tour: [Rules] are what is configured, and decide; for other fields the name does (looks.go). Of
// other fields, [Rules.Tellable] leaves out the values that tell who somebody is (tellable.go).
package personal

import (
	"errors"
	"fmt"
	"strings"
)

// Rules say which fields are personal and which are not; for those of which they say nothing, the names
// decide. Nil are those that say nothing of any field.
type Rules struct {
	patterns []pattern
}

// pattern is the path of a field, or a name.
type pattern struct {
	names    []string // in small letters
	anywhere bool     // it is a single name, of a field at any depth
	personal bool
}

// NewRules reads what is configured: patterns of fields that are personal, and of others that are not.
// A pattern is a path from the profile, crm.address.*, in which * stands for any part of a name, or a single
// name, memberNo, wherever it is; it is about what is below it as well. Where several fit, the longest
// decides, and of the equally long that of a personal field. A text may hold several, with commas between them.
func NewRules(personal, others []string) (*Rules, error) {
	r := &Rules{}
	err := errors.Join(r.add(personal, true), r.add(others, false))
	if err != nil || len(r.patterns) == 0 {
		return nil, err
	}
	return r, nil
}

func (r *Rules) add(texts []string, personal bool) error {
	for _, text := range strings.Split(strings.Join(texts, ","), ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		p := pattern{names: namesOf(strings.TrimSuffix(text, ".*")), anywhere: !strings.Contains(text, "."), personal: personal}
		for _, name := range p.names {
			if name == "" || strings.ContainsAny(name, " \t\n=()[]\"'") {
				return fmt.Errorf("%q is not a field: write a path such as crm.email, crm.*, or a name such as memberNo", text)
			}
		}
		r.patterns = append(r.patterns, p)
	}
	return nil
}

// namesOf returns the names of a path in small letters, without what marks keys of maps and odd names.
func namesOf(path string) []string {
	path = strings.NewReplacer("`", "", "{}", "").Replace(strings.ToLower(path))
	return strings.Split(path, ".")
}

// Personal says whether the values of the field at a path are told to nobody who has not written them.
func (r *Rules) Personal(path string) bool {
	if r != nil {
		names := namesOf(path)
		best, weight := (*pattern)(nil), 0
		for i := range r.patterns {
			p := &r.patterns[i]
			if w := p.weight(); p.fits(names) && (best == nil || w > weight || w == weight && p.personal) {
				best, weight = p, w
			}
		}
		if best != nil {
			return best.personal
		}
	}
	return looksPersonal(path)
}

// fits says whether a pattern is about the field with these names, or about what it is in.
func (p *pattern) fits(names []string) bool {
	if p.anywhere {
		for _, name := range names {
			if matches(p.names[0], name) {
				return true
			}
		}
		return false
	}
	if len(p.names) > len(names) {
		return false
	}
	for i, name := range p.names {
		if !matches(name, names[i]) {
			return false
		}
	}
	return true
}

// weight is how much a pattern says: a name more counts for more than any length of a name.
func (p *pattern) weight() int {
	return len(p.names)<<16 + len(strings.ReplaceAll(strings.Join(p.names, ""), "*", ""))
}

// matches says whether a name fits one in which * stands for any part.
func matches(pattern, name string) bool {
	before, rest, any := strings.Cut(pattern, "*")
	if !any {
		return pattern == name
	}
	if !strings.HasPrefix(name, before) {
		return false
	}
	name = name[len(before):]
	for {
		part, after, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(name, part)
		}
		at := strings.Index(name, part)
		if at < 0 {
			return false
		}
		name, rest = name[at+len(part):], after
	}
}
