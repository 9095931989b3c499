package redisx

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Comparing is what memberships and diff say of the memberships of an earlier run, which are in a file. All are names of files
// below the worker's export root, in the folder of the tenant.
type Comparing struct {
	// Previous is the file of the earlier run, "" for none.
	Previous string `json:"previous,omitempty"`
	// Changes is the file of who has entered and left each audience, and Summary that of how many; "" for none.
	Changes string `json:"changes,omitempty"`
	Summary string `json:"summary,omitempty"`
}

// checkComparing says what is wrong with what a command says of memberships of before.
func (c *Command) checkComparing() error {
	k := &c.Comparing
	switch {
	case *k == Comparing{}:
		return nil
	case c.Op != "memberships" && c.Op != "diff":
		return fmt.Errorf("previous, changes and summary are for memberships and diff, not for %s", c.Op)
	case k.Previous == "":
		return errors.New("changes and summary compare with memberships of before: name their file in previous")
	}
	written := []string{c.Name}
	for _, file := range []struct{ what, name string }{{"previous", k.Previous}, {"changes", k.Changes}, {"summary", k.Summary}} {
		if file.name == "" {
			continue
		}
		if err := validName(file.what, file.name); err != nil {
			return err
		}
		if slices.Contains(written, file.name) && file.what != "previous" {
			return fmt.Errorf("%s %q: another file of the command has that name", file.what, file.name)
		}
		if written = append(written, file.name); strings.HasPrefix(file.name, ".") {
			return fmt.Errorf("%s %q: the name of a file begins with no dot", file.what, file.name)
		}
	}
	return nil
}

// checkSetDiff says what is wrong with a diff of many rules with memberships of before.
func (c *Command) checkSetDiff() error {
	switch {
	case c.Query != "" || c.keeps():
		return errors.New("a diff command with previous compares the audiences of queries, or of a set, and has no query and no saved segment")
	case len(c.Queries) == 0 && c.Set == "":
		return errors.New("a diff command with previous needs queries, or a set")
	case c.Name != "":
		return errors.New("a diff command with previous writes who has entered and left to the file in changes, and has no name")
	case c.Sample != 0:
		return errors.New("a diff command with previous has no sample: the file in changes has all")
	case c.To != "" && c.To != ToFile:
		return fmt.Errorf("who has changed goes to a file, and not to %q", c.To)
	}
	return nil
}
