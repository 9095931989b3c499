package backend

import (
	"context"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/peek"
	"github.com/segq/segq/cmd/segq/internal/values"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/repl"
	"github.com/segq/segq/repl/show"
)

// here is data of this process, with all that answers about it while somebody types.
type here struct {
	data    *dataset.Dataset
	values  *values.Store
	counter *peek.Counter
	stop    context.CancelFunc

	info     repl.Info
	fields   []repl.Field
	filling  filling
	surveyed surveyed
}

// newHere returns what answers about a dataset, which it keeps until it ends; info has what is known beside that.
func newHere(ctx context.Context, d *dataset.Dataset, info repl.Info) *here {
	h := &here{data: d.Keep(), values: values.NewStore(d), info: info, fields: sessionFields(d.Snapshot.Schema)}
	ctx, h.stop = context.WithCancel(ctx)
	h.counter = peek.New(ctx, d)
	h.describe()
	return h
}

// end ends it when nobody uses it any more.
func (h *here) end() {
	h.stop()
	h.values.Close()
	h.data.Close()
}

// describe fills in what is known of the data.
func (h *here) describe() {
	s := h.data.Snapshot
	h.info.Dataset, h.info.Snapshot, h.info.Profiles = h.data.Name, s.Fingerprint, int64(s.Rows())
	if f := s.EventsField; f != nil {
		if events, ok := s.Root.Fields[f.Index].(*column.List); ok {
			h.info.Events = int64(events.Elem.Len())
		}
	}
	if all, loaded := h.data.Columns(); all > 0 {
		h.info.Fields, h.info.Loaded = all, loaded
	}
	h.info.Facts = h.data.LeftOut()
	if n := len(h.info.Facts); n > 0 {
		h.info.Facts[n-1] += " (.load)"
	}
	h.info.Facts = append(h.info.Facts, old(h.data.Written(), time.Now())...)
}

// old says how old data is, where that is days.
func old(written, now time.Time) []string {
	days := int(now.Sub(written) / (24 * time.Hour))
	if written.IsZero() || days < 1 {
		return nil
	}
	return []string{"data " + show.Plural(days, "day", "days") + " old"}
}

// hold returns the data here, nil where it is elsewhere; it stays open until release is called.
func (b *backend) hold() (h *here, release func()) {
	if b.now == nil {
		return nil, func() {}
	}
	return b.now.Hold()
}
