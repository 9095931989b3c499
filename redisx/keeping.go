package redisx

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
)

// Keeping is what diff and save say of segments that are kept. Each is named NAME, or NAME@VERSION for an older one.
type Keeping struct {
	// Saved is the segment of a diff: who is in it now is compared with who was. From is the one whose members are what
	// was before, "" for Saved itself.
	Saved string `json:"saved,omitempty"`
	From  string `json:"from,omitempty"`
	// Members says of a diff that who is in Saved now is taken from its members, too, and no data is asked; of a save
	// that it keeps the members.
	Members bool `json:"members,omitempty"`
}

// keeps says whether a command has any of that.
func (k *Keeping) keeps() bool { return k.Saved != "" || k.From != "" || k.Members }

// checkKeeping says what is wrong with what a command says of segments that are kept.
func (c *Command) checkKeeping() error {
	switch {
	case c.Op == "diff":
		return c.checkDiff()
	case c.Op == "save" && (c.Saved != "" || c.From != ""):
		return errors.New("saved and from are for diff: a save keeps its query under its name")
	case c.Op == "save":
		return validSaved("name", c.Name, false)
	case c.keeps():
		return fmt.Errorf("saved, from and members are for diff and save, not for %s", c.Op)
	}
	return nil
}

// checkDiff says what is wrong with what is compared: of now a saved segment or a query, of before the members of a saved
// one; or two queries; or many with memberships of before.
func (c *Command) checkDiff() error {
	query, two := strings.TrimSpace(c.Query) != "", len(c.Queries) > 0
	switch {
	case c.Previous != "":
		return c.checkSetDiff()
	case c.Set != "":
		return errors.New("a diff command with a set needs the file of the memberships of before in previous")
	case two && (len(c.Queries) != 2 || query || c.keeps()):
		return errors.New("a diff command of queries has two of them, of before and of now, and nothing else")
	case !two && query == (c.Saved != ""):
		return errors.New("a diff command needs a segment in saved, a query and from, or two queries")
	case query && c.From == "":
		return errors.New("a diff command with a query needs the segment with whose members it is compared in from")
	case c.Members && query:
		return errors.New("members are those of saved: a diff command with a query asks the data")
	case c.Members && (c.From == "" || c.From == c.Saved):
		return errors.New("a diff command with members compares those of saved with those of another segment, or version, in from")
	case c.To != "" && c.To != ToFile:
		return fmt.Errorf("who has changed goes to a file, and not to %q", c.To)
	case c.Name != "" && path.Ext(c.Name) == "":
		return fmt.Errorf("name %q is the file of who has changed: it ends in .csv, .ndjson or .parquet, say", c.Name)
	}
	if c.Name != "" {
		if err := validName("name", c.Name); err != nil {
			return err
		}
	}
	return errors.Join(validSaved("saved", c.Saved, true), validSaved("from", c.From, true))
}

// validSaved says what is wrong with the name of a segment, which may have a version if that is allowed; "" is none.
func validSaved(what, text string, version bool) error {
	name, number, has := strings.Cut(text, "@")
	n, err := strconv.Atoi(number)
	switch {
	case text == "" && version:
		return nil
	case has && !version:
		return fmt.Errorf("%s %q has an @, which versions have", what, text)
	case has && (err != nil || n < 1):
		return fmt.Errorf("%s %q: behind the @ is a version, from 1", what, text)
	case name == "" || len(name) > maxKept || strings.ContainsAny(name, "\x00\r\n"):
		return fmt.Errorf("%s %q: use 1 to %d bytes on one line", what, text, maxKept)
	}
	return nil
}
