package redisx

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/redisx/bloom"
)

// checkDocument says what is wrong with the profile that a command brings.
func (c *Command) checkDocument() error {
	switch {
	case c.Op != "qualify" && c.Document != "":
		return fmt.Errorf("a document is for qualify, not for %s", c.Op)
	case c.Op != "qualify":
		return nil
	case strings.TrimSpace(c.Document) == "":
		return errors.New("a qualify command needs a profile, as JSON, in document")
	case len(c.Queries) == 0 && c.Set == "":
		return errors.New("a qualify command needs queries, or a set")
	}
	return nil
}

// checkSet says what is wrong with the set that a command names.
func (c *Command) checkSet() error {
	switch {
	case c.Set == "" && c.SetVersion == 0:
		return nil
	case c.Set == "":
		return errors.New("set_version without a set")
	case !takesSet(c.Op) && (c.Op != "diff" || c.Previous == ""):
		return fmt.Errorf("a set of rules is for what is asked of many, not for %s", c.Op)
	case len(c.Queries) > 0 || c.Query != "":
		return errors.New("a command has rules of its own or names a set of them: choose one")
	case c.SetVersion < 0:
		return fmt.Errorf("set_version %d: use 1 or more, or 0 for the latest", c.SetVersion)
	}
	return validName("set", c.Set)
}

// checkWhy says what is wrong with what is asked of one profile.
func (c *Command) checkWhy() error {
	switch {
	case c.Op != "why" && (c.Profile != "" || c.Explain):
		return fmt.Errorf("profile and explain are for why, not for %s", c.Op)
	case c.Op != "why":
		return nil
	case c.Profile == "":
		return errors.New("a why command needs the id of a profile in profile")
	case strings.TrimSpace(c.Query) == "" && len(c.Queries) == 0 && c.Set == "":
		return errors.New("a why command needs a query, queries, or a set")
	case c.Query != "" && len(c.Queries) > 0:
		return errors.New("a why command has a query or queries: choose one")
	}
	return nil
}

// hasNow says whether its now is a time.
func (c *Command) hasNow() bool {
	_, ok := Instant(c.Now)
	return ok
}

// maxNesting is how deep the values of params may be, params itself included: each is a
// value of the language, or a list of those.
const maxNesting = 16

// nesting is how many levels of lists and objects a value of JSON has, counted up to one
// more than there may be.
func nesting(v any) int {
	return nestingBelow(v, maxNesting)
}

func nestingBelow(v any, room int) (deepest int) {
	if room < 0 {
		return 1
	}
	switch v := v.(type) {
	case map[string]any:
		for _, one := range v {
			deepest = max(deepest, nestingBelow(one, room-1))
		}
		return deepest + 1
	case []any:
		for _, one := range v {
			deepest = max(deepest, nestingBelow(one, room-1))
		}
		return deepest + 1
	}
	return 0
}

// checkExport says what is wrong with where an export goes.
func (c *Command) checkExport() error {
	switch {
	case c.To != ToFile && !slices.Contains(Kinds, c.To):
		return fmt.Errorf("to %q is not a place for an export: use %s or %s", c.To, strings.Join(Kinds, ", "), ToFile)
	case c.TTLMS < 0:
		return errors.New("ttl_ms is negative")
	case c.TTLMS > maxMillis:
		return fmt.Errorf("ttl_ms %d: leave it out for a segment that stays", c.TTLMS)
	case c.Rate != 0 && !(c.Rate >= bloom.LeastRate && c.Rate <= bloom.MostRate):
		return fmt.Errorf("rate %g: use %g to %g", c.Rate, bloom.LeastRate, bloom.MostRate)
	}
	return validName("name", c.Name)
}
