package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// published is what workers publish of their data, for those who have none: for checking,
// with all types, and for showing, as a list of fields.
type published struct {
	Snapshot string `json:"snapshot"`
	Dataset  string `json:"dataset"`
	Profiles int    `json:"profiles"`
	// Engine and RowsSkipped are as in the records of answers.
	Engine      string `json:"engine"`
	RowsSkipped *int   `json:"rows_skipped,omitempty"`
	check.Schema
	Fields []record.Field `json:"fields"`
}

// publish gives what a worker with this data publishes.
func (d *dataset) publish() ([]byte, error) {
	return json.Marshal(published{
		Snapshot: d.snapshot.Fingerprint, Dataset: d.name, Profiles: d.snapshot.Rows(),
		Engine: engineName, RowsSkipped: &d.skipped.rows,
		Schema: check.Schema{Root: d.snapshot.Schema, EventsField: d.catalog.Events()},
		Fields: schemaFields(d.snapshot.Schema),
	})
}

// readPublished gives what the workers of a namespace have published, nil where there is
// none.
func readPublished(ctx context.Context, c *redisx.Client) (*published, error) {
	data, err := c.Schema(ctx)
	if err != nil || data == nil {
		return nil, err
	}
	p := &published{}
	if err := json.Unmarshal(data, p); err != nil {
		return nil, fmt.Errorf("what the workers say of their data cannot be read: %w", err)
	}
	return p, nil
}

// schemaFields lists the fields of t and all below, as queries name them.
func schemaFields(t *check.Type) []record.Field {
	fields := []record.Field{}
	walkFields("", t, func(path string, t *check.Type) {
		fields = append(fields, record.Field{Path: path, Type: t.String()})
	})
	return fields
}
