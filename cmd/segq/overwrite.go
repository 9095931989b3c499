package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/exec/load"
)

// destination is a file that a flag writes, "" for none.
type destination struct{ flag, name string }

// taken says whether the file is there already, as one on a disk.
func (d destination) taken() (os.FileInfo, bool) {
	if d.name == "" || d.name == "-" {
		return nil, false
	}
	to, err := os.Stat(d.name)
	return to, err == nil && to.Mode().IsRegular()
}

// same says whether two are one file, or would be.
func (d destination) same(other destination) bool {
	if d.name == "" || d.name == "-" || other.name == "" || other.name == "-" {
		return false
	}
	a, err := os.Stat(d.name)
	b, otherErr := os.Stat(other.name)
	if err == nil && otherErr == nil {
		return a.Mode().IsRegular() && os.SameFile(a, b)
	}
	return err != nil && otherErr != nil && place(d.name) == place(other.name)
}

// place returns the whole name of a file that is not there yet.
func place(name string) string {
	dir, err := filepath.EvalSymlinks(filepath.Dir(name))
	if err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return name // it will not be written
	}
	return filepath.Join(dir, filepath.Base(name))
}

// sparesInput says which of the files that are read -o would overwrite, or its manifest.
func (o *options) sparesInput(data []string) error {
	to := []destination{{"-o", o.output}}
	if o.taking.manifest {
		to = append(to, destination{"--manifest", manifestOf(o.output)})
	}
	return o.spares(data, to...)
}

// spares says which of the files that are read would be overwritten: by its name, through a link, or as one that a
// glob matches. It also says which would be written twice.
func (o *options) spares(data []string, all ...destination) error {
	for i, to := range all {
		for _, other := range all[:i] {
			if other.same(to) {
				return fmt.Errorf("%s and %s would both write %s: name another file", other.flag, to.flag, other.name)
			}
		}
		if err := o.sparesFrom(data, to); err != nil {
			return err
		}
	}
	return nil
}

func (o *options) sparesFrom(data []string, d destination) error {
	to, ok := d.taken()
	if !ok {
		return nil // what is not there is no input
	}
	for _, input := range slices.Concat(data, o.files, o.params.Read.Names(), o.data.Beside(), []string{o.store.file}) {
		names := []string{input}
		if _, err := os.Stat(input); err != nil {
			names, _ = filepath.Glob(input) // what is wrong with it is said by who reads it
		}
		if slices.Contains(data, input) {
			names, _ = load.Files(context.Background(), []string{input})
		}
		for _, name := range names {
			if from, err := os.Stat(name); err != nil || !os.SameFile(from, to) {
				continue
			}
			if name == d.name {
				return fmt.Errorf("%s %s would overwrite its own input: name another file", d.flag, d.name)
			}
			return fmt.Errorf("%s %s would overwrite its own input %s: name another file", d.flag, d.name, name)
		}
	}
	return nil
}

// emptyQuery says which -c has no query, or that there is none for -o FILE.
func (o *options) emptyQuery(queries []rules.Written) error {
	for i, text := range o.queries {
		if strings.TrimSpace(text) == "" {
			return fmt.Errorf("-c %d is empty: write a query, such as true", i+1)
		}
	}
	if len(queries) == 0 && (len(o.queries) > 0 || o.output != "") {
		return errors.New("no queries given")
	}
	return nil
}
