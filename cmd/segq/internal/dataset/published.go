package dataset

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// Published is what workers publish of their data, for those who have none: for checking,
// with all types, and for showing, as a list of fields.
type Published struct {
	Snapshot string `json:"snapshot"`
	Dataset  string `json:"dataset"`
	Profiles int    `json:"profiles"`
	// Engine and RowsSkipped are as in the records of answers.
	Engine      string `json:"engine"`
	RowsSkipped *int   `json:"rows_skipped,omitempty"`
	// Written is when the newest of its files was last written to, zero where that is not known.
	Written time.Time `json:"written,omitzero"`
	check.Schema
	Fields []record.Field `json:"fields"`
}

// Publish returns what a worker with this data publishes, with the shares of profiles that have a value, by
// field; nil where nobody has looked for these.
func (d *Dataset) Publish(filled map[string]float64) ([]byte, error) {
	fields := Fields(d.Snapshot.Schema)
	for i := range fields {
		if share, ok := filled[fields[i].Path]; ok {
			fields[i].Filled = &share
		}
	}
	return json.Marshal(Published{
		Snapshot: d.Snapshot.Fingerprint, Dataset: d.Name, Profiles: d.Snapshot.Rows(),
		Engine: d.engineName(), RowsSkipped: &d.skipped().rows, Written: d.Written().UTC().Truncate(time.Second),
		Schema: check.Schema{Root: d.Snapshot.Schema, EventsField: d.Catalog.Events()},
		Fields: fields,
	})
}

// ReadPublished returns what the workers of a namespace have published, nil where there is
// none.
func ReadPublished(ctx context.Context, c *redisx.Client) (*Published, error) {
	data, err := c.Schema(ctx)
	if err != nil || data == nil {
		return nil, err
	}
	return DecodePublished(data)
}

// DecodePublished reads what a worker has published.
func DecodePublished(data []byte) (*Published, error) {
	p := &Published{}
	if err := json.Unmarshal(data, p); err != nil {
		return nil, fmt.Errorf("what the workers say of their data cannot be read: %w", err)
	}
	return p, nil
}
