package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

//go:embed tables.py
var tables string

// made returns the path of a file in -dir, which is made first unless it is there: under
// another name, so that what has the name is whole.
func (c *config) made(name string, make func(file string) error) (string, error) {
	path, err := filepath.Abs(filepath.Join(c.dir, name))
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return path, err
	}
	fmt.Fprintln(os.Stderr, "make", path)
	part := filepath.Join(filepath.Dir(path), "part-"+name)
	if err := make(part); err != nil {
		return "", fmt.Errorf("make %s: %w", path, errors.Join(err, os.RemoveAll(part)))
	}
	return path, os.Rename(part, path)
}

// madeByScript makes a file with tables.py.
func (c *config) madeByScript(ctx context.Context, name string, args ...string) (string, error) {
	return c.made(name, func(file string) error {
		python, err := c.interpreter(ctx)
		if err != nil {
			return err
		}
		return run(ctx, python, append(append([]string{"-c", tables}, args...), file)...)
	})
}

// generated returns a file of segq gen, with 3.2 events a profile.
func (c *config) generated(ctx context.Context, profiles int, extension string) (string, error) {
	segq, err := c.program(ctx)
	if err != nil {
		return "", err
	}
	return c.made(fmt.Sprintf("gen-%d.%s", profiles, extension), func(file string) error {
		return run(ctx, segq, "gen", "--profiles", fmt.Sprint(profiles), "--events", "4", "-o", file)
	})
}

// csv returns the flat table as CSV.
func (c *config) csv(ctx context.Context) (string, error) {
	flat, err := flatTable.file(ctx, c.dir, c.textRows, c.threads)
	if err != nil {
		return "", err
	}
	return c.madeByScript(ctx, fmt.Sprintf("flat-%d.csv", c.textRows), "csv", flat)
}
