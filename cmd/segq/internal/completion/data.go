package completion

import (
	"context"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/values"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// Data is what completion knows of the data.
type Data struct {
	ctx     context.Context // as long as which values are looked for
	catalog check.Catalog
	data    *dataset.Dataset // nil where only the fields are known
	partly  bool             // values were counted in the first rows alone
}

// openTime is how long the opening of data may take, which is a matter of milliseconds, however
// busy the machine is; valuesTime is for values that have to be read: what was not found by then is left out.
const (
	openTime   = 10 * time.Second
	valuesTime = 120 * time.Millisecond
)

// Open opens data to complete over it, which has to be closed. Values are looked for until ctx ends, and
// not for long.
func Open(ctx context.Context, paths []string, o dataset.Options) (*Data, error) {
	opening, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	d, err := dataset.Peek(opening, paths, o)
	if err != nil {
		return nil, err
	}
	return &Data{ctx: ctx, catalog: d.Catalog, data: d}, nil
}

// OfWorkers completes over what workers say of their data.
func OfWorkers(p *dataset.Published) *Data { return &Data{catalog: p.Schema} }

// Close closes the data.
func (d *Data) Close() {
	if d.data != nil {
		d.data.Close()
	}
}

func (d *Data) fields() []record.Field { return dataset.Fields(d.catalog.Profile()) }

// Values returns the values of a field that what was typed fits, as [lang.ValueSource] has it, those left out
// that tell who somebody is, or what few profiles have.
func (d *Data) Values(path []string, typed string, limit int) ([]lang.Value, int) {
	return lang.RankValues(d.found(values.Field{Path: path}), typed, limit)
}

// Keys does the same with the keys of a map.
func (d *Data) Keys(path []string, typed string, limit int) ([]lang.Value, int) {
	return lang.RankValues(d.found(values.Field{Path: path, Keys: true}), typed, limit)
}

// found returns the values of a field that may be told, the most frequent first.
func (d *Data) found(f values.Field) []lang.Value {
	if d.data == nil || f.Personal(d.data.Personal) {
		return nil
	}
	ctx := d.ctx
	if d.data.Snapshot.Partial { // else nothing has to be read
		limited, cancel := context.WithTimeout(ctx, valuesTime)
		defer cancel()
		ctx = limited
	}
	var found values.Found
	err := d.data.FirstRows(ctx, f.Reads(d.catalog.Profile()), func(s *column.Snapshot, all bool) {
		// It has no limit of time: it is the reading that may take long.
		found, _ = values.Count(d.ctx, s, f, all, d.data.Personal)
	})
	if err != nil {
		return nil
	}
	d.partly = found.Partly
	return found.Values
}
