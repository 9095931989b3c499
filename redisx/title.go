package redisx

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// numbered is what a session calls a query of its own that has no name.
var numbered = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(#|query )[0-9]+$`) })

// Named returns the name of the command, "" for the number of a query in somebody's session: it tells nobody else anything.
func (c *Command) Named() string {
	if numbered().MatchString(c.Name) {
		return ""
	}
	return c.Name
}

// Text is what the command asks about: its query, or its rules.
func (c *Command) Text() string {
	switch {
	case c.Op == "qualify":
		return "a profile" // who it is stays with who asks
	case c.Query != "":
		return c.Query
	case c.Set != "":
		return "the rules " + c.Set
	case len(c.Queries) > 0 && (c.Op == "rules" || c.Op == "memberships" || c.Op == "why" || c.Previous != ""):
		return fmt.Sprintf("%d rules", len(c.Queries))
	}
	return strings.Join(c.Queries, "; ")
}

// Title returns in a few words what the command asks: its operation, unless that is a count, and its name, and behind a colon the query.
func (c *Command) Title() string {
	var head []string
	if c.Op != "query" && c.Op != "rules" && c.Op != "" { // the text of rules says that it is some
		head = append(head, c.Op)
	}
	if c.By != "" {
		head = append(head, "by "+c.By)
	}
	if name := c.Named(); name != "" {
		head = append(head, name)
	}
	said := []string{strings.Join(head, " "), c.Text()}
	return strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), ": ")
}
