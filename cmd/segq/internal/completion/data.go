package completion

import (
	"context"
	"math"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/explanation"
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

// Values returns the most frequent values of a field, those left out that tell who somebody is, or
// what few profiles have.
func (d *Data) Values(path []string, typed string, limit int) (found []lang.Value, more int) {
	if d.data == nil || explanation.Personal(strings.Join(path, ".")) {
		return nil, 0
	}
	ctx := d.ctx
	if d.data.Snapshot.Partial { // else nothing has to be read
		limited, cancel := context.WithTimeout(ctx, valuesTime)
		defer cancel()
		ctx = limited
	}
	err := d.data.FirstRows(ctx, readsOf(d.catalog.Profile(), path), func(s *column.Snapshot, all bool) {
		d.partly = !all
		for _, v := range tellable(s, all, path, typed, limit) {
			found = append(found, lang.Value{Text: strings.Clone(v.Text), Count: v.Count})
		}
	})
	if err != nil {
		return nil, 0
	}
	return found, 0
}

// Keys returns no keys of maps: shells complete without them.
func (d *Data) Keys([]string, string, int) ([]lang.Value, int) { return nil, 0 }

// tellable returns the most frequent of the values of a field that begin with prefix and may be told.
func tellable(s *column.Snapshot, all bool, path []string, prefix string, limit int) (told []column.ValueCount) {
	values, profiles := column.NewValues(s), s.Rows()
	if !all {
		profiles = math.MaxInt // who knows?
	}
	for _, v := range explanation.Tellable(strings.Join(path, "."), values.Top(path, "", math.MaxInt), profiles) {
		if len(v.Text) >= len(prefix) && strings.EqualFold(v.Text[:len(prefix)], prefix) {
			if told = append(told, v); len(told) == limit {
				break
			}
		}
	}
	texts := make([]string, len(told))
	for i, v := range told {
		texts[i] = v.Text
	}
	held, kept := values.Holders(path, texts), told[:0]
	for i, v := range told {
		if !explanation.Few(held[i], profiles) {
			kept = append(kept, v)
		}
	}
	return kept
}

// readsOf says that of a profile one field is read, through lists.
func readsOf(t *check.Type, path []string) *check.Reads {
	all := &check.Reads{}
	r := all
	for _, name := range path {
		for t != nil && (t.Kind == check.List || t.Kind == check.Map) {
			r, t = r.Element(), t.Elem
		}
		if t == nil {
			break
		}
		f := t.Field(name)
		if f == nil {
			break
		}
		r, t = r.Field(name), f.Type
	}
	r.All = true
	return all
}
