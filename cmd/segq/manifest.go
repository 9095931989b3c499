package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/segq/segq/cmd/segq/internal/output"
)

// manifest says what a file of rows holds.
type manifest struct {
	V       int    `json:"v"`
	File    string `json:"file"`
	Format  string `json:"format"`
	Rows    int    `json:"rows"`
	SHA256  string `json:"sha256"`
	Query   string `json:"query"`
	IDs     bool   `json:"ids"`
	Select  string `json:"select,omitempty"`
	Limit   int    `json:"limit,omitempty"`
	Limited bool   `json:"limited,omitempty"`
	Sample  int    `json:"sample,omitempty"`
	Seed    uint64 `json:"seed,omitempty"` // of the sample
	// Params are the values of @name in the query and the columns.
	Params map[string]any `json:"params,omitempty"`
	// Safe says that some texts begin with an apostrophe that the data does not have.
	Safe bool `json:"csv_safe,omitempty"`
	// Holds names the personal fields whose values are in the file.
	Holds    []string  `json:"holds,omitempty"`
	Now      time.Time `json:"now"`
	Snapshot string    `json:"snapshot"`
	Version  string    `json:"version"`
}

// manifestOf is the name of the manifest of a file.
func manifestOf(file string) string { return file + ".manifest.json" }

// dropManifest removes the manifest of what a file held before it was written again without one, and
// says so. What is no manifest stays.
func (p *printing) dropManifest(notes io.Writer) {
	name := manifestOf(p.output)
	text, err := os.ReadFile(name)
	if p.output == "" || p.output == "-" || err != nil {
		return
	}
	var m manifest
	if json.Unmarshal(text, &m) != nil || m.File != filepath.Base(p.output) || m.SHA256 == "" {
		return
	}
	if err := os.Remove(name); err != nil {
		fmt.Fprintf(notes, "segq: %s is of what %s held before, and cannot be removed: %v\n", name, p.output, err)
		return
	}
	fmt.Fprintf(notes, "segq: %s was of what %s held before, and is removed; --manifest writes another\n", name, p.output)
}

// writeManifest writes a manifest beside the file that it is of.
func (o *options) writeManifest(ctx context.Context, m manifest) error {
	m.V, m.File = 1, filepath.Base(o.output)
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return err
	}
	f, err := output.Create(ctx, manifestOf(o.output))
	if err != nil {
		return err
	}
	if _, err := f.Write(text.Bytes()); err != nil {
		return errors.Join(err, f.Abandon())
	}
	return f.Commit(0o644)
}
