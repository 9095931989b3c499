// Package personal says of which fields the values are told to nobody who has not written them: in
// completions, in explanations of an answer, here and by workers.
//
// The tour: [Rules] are what is configured, and decide; for other fields the name does (looks.go). Of
// other fields, [Rules.Tellable] leaves out the values that tell who somebody is (tellable.go). [Rules.Read] and
// [Rules.Given] find the personal ones among the fields of an expression, that are masked on the screen of a session, which [Rules.Masked] knows (reads.go).
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
	texts    []string
	// also are rules of somebody else, by which a field is personal as well.
	also *Rules
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
	err := errors.Join(r.add(personal, "", true), r.add(others, not, false))
	if err != nil || len(r.patterns) == 0 {
		return nil, err
	}
	return r, nil
}

// not stands before the pattern of a field that is not personal, in [Rules.Texts].
const not = "!"

// Texts returns the patterns, for [Read].
func (r *Rules) Texts() []string {
	if r == nil {
		return nil
	}
	return r.texts
}

// Read reads the texts of the rules of somebody else. Of texts that cannot be read all fields are personal.
func Read(texts []string) *Rules {
	var personal, others []string
	for _, text := range texts {
		if bare, ok := strings.CutPrefix(text, not); ok {
			others = append(others, bare)
		} else {
			personal = append(personal, text)
		}
	}
	r, err := NewRules(personal, others)
	if err != nil {
		return &Rules{patterns: []pattern{{names: []string{"*"}, anywhere: true, personal: true}}}
	}
	return r
}

// And returns rules by which a field is personal if it is so by r or by others: neither undoes what the other
// hides. No others change nothing.
func (r *Rules) And(others *Rules) *Rules {
	if others == nil {
		return r
	}
	both := &Rules{also: others}
	if r != nil {
		both.patterns, both.texts, both.also = r.patterns, r.texts, others.And(r.also)
	}
	return both
}

func (r *Rules) add(texts []string, before string, personal bool) error {
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
		r.patterns, r.texts = append(r.patterns, p), append(r.texts, before+text)
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
	if r != nil && r.also != nil && r.also.Personal(path) {
		return true
	}
	if decided, personal := r.configured(path); decided {
		return personal
	}
	return looksPersonal(path)
}

// configured says whether the patterns decide about the field at a path, and how.
func (r *Rules) configured(path string) (decided, personal bool) {
	if r == nil {
		return false, false
	}
	names := namesOf(path)
	best, weight := (*pattern)(nil), 0
	for i := range r.patterns {
		p := &r.patterns[i]
		if w := p.weight(); p.fits(names) && (best == nil || w > weight || w == weight && p.personal) {
			best, weight = p, w
		}
	}
	if best == nil {
		return false, false
	}
	return true, best.personal
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
