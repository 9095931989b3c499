package personal

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang/check"
)

// idWords are words in the names of fields that say that their values tell apart what they are of: profiles, events, shops. Who has such a key knows
// nobody by it.
var idWords = []string{"id", "ids", "uuid", "guid"}

// Masked says whether the values of the field at a path are not for a screen that others may see, and are told where they
// are written to: those of personal fields, but for what is personal since it is a key. What is configured decides first.
func (r *Rules) Masked(path string) bool {
	if r != nil && r.also != nil && r.also.Masked(path) {
		return true
	}
	if decided, personal := r.configured(path); decided {
		return personal
	}
	return looksPersonal(path, idWords...)
}

// Identifies says whether a text looks like an address by which somebody is reached, whatever field it is from.
func Identifies(text string) bool { return identifies(text) }

// Looks says whether a value of the field at a path looks like such an address, and nothing is configured by which the field may be told.
func (r *Rules) Looks(path, value string) bool {
	if !identifies(value) {
		return false
	}
	if r != nil && r.also != nil && r.also.Looks(path, value) {
		return true
	}
	decided, personal := r.configured(path)
	return !decided || personal
}

// Read returns the paths of the fields with masked values among those whose values are read, of profiles of a type.
func (r *Rules) Read(t *check.Type, reads *check.Reads) []string {
	var found []string
	r.read("", t, reads, false, &found)
	slices.Sort(found)
	return slices.Compact(found)
}

// read adds those of a value at a path; all says that it is read with all that is in it.
func (r *Rules) read(path string, t *check.Type, reads *check.Reads, all bool, found *[]string) {
	for t.Kind == check.List || t.Kind == check.Map {
		t = t.Elem
		if reads != nil {
			all, reads = all || reads.All, reads.Elem
		}
	}
	all = all || reads != nil && reads.All
	if all && path != "" && r.Masked(path) {
		*found = append(*found, path)
		return
	}
	if t.Kind != check.Object {
		return
	}
	for _, f := range t.Fields {
		below := (*check.Reads)(nil)
		if reads != nil {
			below = reads.Fields[f.Name]
		}
		if all || below != nil {
			r.read(strings.TrimPrefix(path+"."+f.Name, "."), f.Type, below, all, found)
		}
	}
}

// Given returns the paths of the fields with masked values from which the value of an expression is made, of profiles of a type: none
// of one that only says whether something is so, or how many there are.
func (r *Rules) Given(t *check.Type, n check.Node) []string {
	if call, ok := n.(*check.Call); n.Type().Kind == check.Bool || ok && call.Op == check.Count {
		return nil
	}
	return r.Read(t, check.ReadsOf(n))
}

// Held returns the paths of the fields with masked values whose values are written with those of some expressions, of profiles of a type. id is
// the field with the ids of profiles, where these are written as well, else "".
func (r *Rules) Held(t *check.Type, id string, written []*check.Query) []string {
	var found []string
	if id != "" && r.Masked(id) {
		found = append(found, id)
	}
	for _, q := range written {
		found = append(found, r.Given(t, q.Root)...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}
