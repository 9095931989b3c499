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

// sparesInput says which of the files that are read -o would overwrite: by its name, through a link,
// or as one that a glob matches.
func (o *options) sparesInput(data []string) error {
	to, err := os.Stat(o.output)
	if err != nil || !to.Mode().IsRegular() {
		return nil //nolint:nilerr // what is not there is no input
	}
	for _, input := range slices.Concat(data, o.files, o.params.Read.Names()) {
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
			if name == o.output {
				return fmt.Errorf("-o %s would overwrite its own input: name another file", o.output)
			}
			return fmt.Errorf("-o %s would overwrite its own input %s: name another file", o.output, name)
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
