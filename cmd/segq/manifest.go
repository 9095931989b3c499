package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"time"

	"github.com/segq/segq/cmd/segq/internal/output"
)

// manifest says what a file of rows holds.
type manifest struct {
	V        int       `json:"v"`
	File     string    `json:"file"`
	Format   string    `json:"format"`
	Rows     int       `json:"rows"`
	SHA256   string    `json:"sha256"`
	Query    string    `json:"query"`
	IDs      bool      `json:"ids"`
	Select   string    `json:"select,omitempty"`
	Limit    int       `json:"limit,omitempty"`
	Limited  bool      `json:"limited,omitempty"`
	Sample   int       `json:"sample,omitempty"`
	Seed     uint64    `json:"seed,omitempty"` // of the sample
	Now      time.Time `json:"now"`
	Snapshot string    `json:"snapshot"`
	Version  string    `json:"version"`
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
	f, err := output.Create(ctx, o.output+".manifest.json")
	if err != nil {
		return err
	}
	if _, err := f.Write(text.Bytes()); err != nil {
		return errors.Join(err, f.Abandon())
	}
	return f.Commit(0o644)
}
