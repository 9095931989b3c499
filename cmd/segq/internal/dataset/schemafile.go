package dataset

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"github.com/spf13/pflag"
)

// schemaFile is the flag that names a file which says what the fields are.
type schemaFile struct{ name string }

func (s *schemaFile) register(f *pflag.FlagSet) {
	f.StringVar(&s.name, "schema", "", "read the fields as `FILE` says, which segq schema writes; what the data does not have is null")
	config.Allow(f, config.Rule{Project: true, Path: true}, "schema")
}

// read returns what the file says; nil without one.
func (s *schemaFile) read(ctx context.Context) (*check.Type, error) {
	if s.name == "" {
		return nil, nil
	}
	type read struct {
		schema *check.Type
		err    error
	}
	done := make(chan read, 1)
	go func() { // a pipe to which nobody writes is waited for without end
		t, err := s.readNow()
		done <- read{t, err}
	}()
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case r := <-done:
		return r.schema, r.err
	}
}

func (s *schemaFile) readNow() (*check.Type, error) {
	f, err := os.Open(s.name)
	if err != nil {
		return nil, fmt.Errorf("--schema: %w", err)
	}
	defer func() { _ = f.Close() }() // of what was only read
	t, err := load.ReadSchema(f)
	var wrong *load.SchemaError
	switch {
	case errors.As(err, &wrong):
		return nil, fmt.Errorf("--schema: %s, %w", s.name, err)
	case err != nil:
		return nil, fmt.Errorf("--schema: %s: %w", s.name, err)
	}
	return t, nil
}
