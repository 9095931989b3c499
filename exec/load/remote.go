package load

import (
	"context"
	"errors"
	"io"

	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/exec/load/parquet"
)

// remote is a file behind an address. All that is read of it is of the version that was found.
type remote struct {
	*object.Object
	ahead int64 // how much may be held that was read ahead
}

// mostAhead is how much is held of a file that was read ahead of those who need it: what a connection
// of 10 Gbit/s brings in the time of a request.
const mostAhead = 64 << 20

// aheadOf returns how much of the memory of a load may be taken by what is read ahead.
func (o *Options) aheadOf() int64 {
	if o.Memory == 0 {
		return mostAhead
	}
	return min(mostAhead, o.Memory/16)
}

func (r *remote) name() string { return r.Name() }

func (r *remote) size() int64 { return r.Size() }

func (r *remote) open(ctx context.Context) (io.ReadCloser, error) { return r.Open(ctx) }

func (r *remote) openAt(ctx context.Context) (readerAtCloser, error) {
	if r.Size() == object.Unknown {
		return nil, errors.ErrUnsupported
	}
	return distant{r.OpenAt(ctx, r.ahead)}, nil
}

func (r *remote) changed() error { return nil }

// distant is a reader of a remote file for the formats that are read at offsets.
type distant struct{ *object.Reader }

// WillNeed has bytes fetched that will be read soon.
func (d distant) WillNeed(ranges []parquet.Range) { d.Reader.WillNeed(objectRanges(ranges)) }

// bound returns a reader of at for a load: one that waits no longer than it, and gives up what it has
// read ahead when the load ends.
func bound(ctx context.Context, at io.ReaderAt) io.ReaderAt {
	d, ok := at.(distant)
	if !ok {
		return at
	}
	return boundDistant{d.Bound(ctx)}
}

type boundDistant struct{ *object.BoundReader }

// WillNeed has bytes fetched that will be read soon.
func (d boundDistant) WillNeed(ranges []parquet.Range) {
	d.BoundReader.WillNeed(objectRanges(ranges))
}

func objectRanges(ranges []parquet.Range) []object.Range {
	own := make([]object.Range, len(ranges))
	for i, r := range ranges {
		own[i] = object.Range(r)
	}
	return own
}

// objectsOf returns what an address stands for.
func objectsOf(ctx context.Context, path string, o *Options) ([]source, error) {
	f, _, err := formatOf(object.Redacted(path))
	found, err := object.Find(ctx, path, err == nil && f.offsets != nil)
	if err != nil {
		return nil, err
	}
	return []source{&remote{found, o.aheadOf()}}, nil
}
