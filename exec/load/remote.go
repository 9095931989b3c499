package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/exec/load/parquet"
)

// remote is a file behind an address. All that is read of it is of the version that was found.
type remote struct {
	*object.Object
	ahead int64 // how much may be held that was read ahead
}

// mostAhead is how much is held of a file that was read ahead of those who need it: what a connection
// of 10 Gbit/s brings in the time of a request. It varies in tests.
var mostAhead int64 = 64 << 20

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

// stamp names the state that was found, "" where the server does not say.
func (r *remote) stamp() string {
	if r.Version() == "" {
		return ""
	}
	return fmt.Sprintf("%d %s", r.Size(), r.Version())
}

// distant is a reader of a remote file for the formats that are read at offsets.
type distant struct{ *object.Reader }

// WillNeed has bytes fetched that will be read soon.
func (d distant) WillNeed(ranges []parquet.Range) { d.Reader.WillNeed(objectRanges(ranges)) }

// bound returns a reader of at for a load: one that waits no longer than it, and gives up what it has
// read ahead when the load ends. A meter is charged for that, if there is one.
func bound(ctx context.Context, at io.ReaderAt, m *meter) io.ReaderAt {
	d, ok := at.(distant)
	if !ok {
		return at
	}
	if m == nil {
		return boundDistant{d.Bound(ctx, nil)}
	}
	return boundDistant{d.Bound(ctx, m.ahead)}
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

// objectsOf returns what an address stands for: an object, those that a pattern is meant for, or those
// below a folder.
func objectsOf(ctx context.Context, path string, o *Options) ([]located, error) {
	if !object.IsWeb(path) && object.KeyOf(path) == "" && !strings.HasSuffix(path, "/") {
		path += "/" // all of the bucket
	}
	key := object.KeyOf(path)
	switch {
	case strings.ContainsAny(key, "*?[") && !object.IsWeb(path):
		return o.globbedObjects(ctx, path, key)
	case strings.HasSuffix(path, "/") && !object.IsWeb(path):
		return o.objectsBelow(ctx, path, key)
	}
	f, _, err := formatOf(object.Redacted(path))
	found, err := object.Find(ctx, path, err == nil && f.offsets != nil)
	if errors.Is(err, fs.ErrNotExist) && !object.IsWeb(path) {
		below, e := o.objectsBelow(ctx, path+"/", key+"/")
		if ctx.Err() == nil && errors.Is(e, fs.ErrNotExist) {
			return nil, err
		}
		return below, e
	}
	if err != nil {
		return nil, err
	}
	return []located{o.locate(found, key)}, nil
}

// locate returns an object as a source. The folders that say something of it are those in a path.
func (o *Options) locate(found *object.Object, path string) located {
	return located{source: &remote{found, o.aheadOf()}, keys: folderKeys(path)}
}

// globbedObjects returns the objects that a pattern is meant for. What is an object is no pattern.
func (o *Options) globbedObjects(ctx context.Context, path, key string) ([]located, error) {
	begin := key[:strings.IndexAny(key, "*?[")]
	all, err := object.List(ctx, strings.TrimSuffix(path, key)+begin)
	if err != nil {
		return nil, err
	}
	var meant []located
	for _, found := range all {
		if found.Key() == key {
			return []located{o.locate(found, key)}, nil
		}
		ok, err := globbed(key, found.Key())
		if err != nil {
			return nil, fmt.Errorf("%s: the pattern is not well formed: %w", object.Redacted(path), err)
		}
		if ok {
			meant = append(meant, o.locate(found, found.Key()))
		}
	}
	if meant == nil {
		return nil, fmt.Errorf("%s: no file matches", object.Redacted(path))
	}
	return meant, nil
}

// missingError says that something is not there.
type missingError string

// Error says it.
func (m missingError) Error() string { return string(m) }

// Is says that it is the error of files that do not exist.
func (missingError) Is(target error) bool { return target == fs.ErrNotExist }

// objectsBelow returns the objects of a folder that are data.
func (o *Options) objectsBelow(ctx context.Context, path, key string) ([]located, error) {
	all, err := object.List(ctx, path)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, missingError(object.Redacted(path) + ": there is no such folder, or nothing in it")
	}
	byName := make(map[string]*object.Object, len(all))
	names := make([]string, len(all))
	for i, found := range all {
		names[i] = strings.TrimPrefix(found.Key(), key)
		byName[names[i]] = found
	}
	l, err := chosen(object.Redacted(path), names, o.Format != "")
	if err != nil {
		return nil, err
	}
	below := make([]located, len(l.names))
	for i, name := range l.names {
		below[i] = o.locate(byName[name], key+name)
	}
	below[0].left = l.left
	return below, nil
}
