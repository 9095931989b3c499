package redisx

import (
	"errors"
	"fmt"
	"strconv"
)

// Columns are what rows and an export to a file give of the profiles that match.
type Columns struct {
	// IDs asks for a column of ids, before those of Select: a list of fields and expressions
	// with commas.
	IDs    bool   `json:"ids,omitempty"`
	Select string `json:"select,omitempty"`
	// Limit is how many profiles to give at most, 0 for all.
	Limit int `json:"limit,omitempty"`
}

// MaxRows is how many rows one answer holds at most, and MaxRowBytes how many bytes of values.
// An export to a file has no such limit.
const (
	MaxRows     = 10_000
	MaxRowBytes = 16 << 20
)

// Any says whether any column is asked for.
func (c *Columns) Any() bool { return c.IDs || c.Select != "" }

// checkColumns says what is wrong with the columns of a command.
func (c *Command) checkColumns() error {
	rows, file := c.Op == "rows", c.Op == "export" && c.To == ToFile
	switch {
	case (c.Any() || c.Limit != 0) && !rows && !file:
		return errors.New("ids, select and limit are for rows, and for an export to a file")
	case c.Limit < 0:
		return fmt.Errorf("limit %d: use 1 or more, or 0 for no limit", c.Limit)
	case !rows:
		return nil
	case !c.Any():
		return errors.New("a rows command needs ids, a list of fields and expressions in select, or both")
	case c.Sample > MaxRows:
		return fmt.Errorf("sample %d: an answer holds at most %d rows", c.Sample, MaxRows)
	case c.Sample > 0 && c.Limit > 0:
		return errors.New("sample and limit both say how many rows: leave one of them out")
	}
	return nil
}

// parts are what they add to the name of what a command asks.
func (c *Columns) parts() []string {
	return []string{strconv.FormatBool(c.IDs), c.Select, strconv.Itoa(c.Limit)}
}
