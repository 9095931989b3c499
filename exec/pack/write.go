package pack

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"golang.org/x/sync/errgroup"
)

// Write writes a snapshot, all of whose columns are loaded, as a packed file, with what the
// report of its load, nil for none, says of what was left out. It returns how many bytes that are. tell,
// which may be nil, hears how many bytes, of how many, are written.
func Write(ctx context.Context, w io.Writer, snap *column.Snapshot, report *load.Report, tell func(done, total int64)) (int64, error) {
	f, err := describe(snap, report)
	if err != nil {
		return 0, err
	}
	out := &output{ctx: ctx, w: bufio.NewWriterSize(w, chunkSize), tell: tell}
	err = guarded(snap.Lost, func() error { return f.write(out) })
	if err == nil && snap.Lost != nil {
		err = snap.Lost(nil)
	}
	return out.done, err
}

// file is what is to be written.
type file struct {
	index   *index
	columns []described
}

// describe finds out what there is to write.
func describe(snap *column.Snapshot, report *load.Report) (*file, error) {
	if err := native(); err != nil {
		return nil, err
	}
	if snap.Rows() > maxRows || snap.Root.Valid != nil {
		return nil, fmt.Errorf("a table of %d profiles cannot be packed", snap.Rows())
	}
	d := &describer{}
	root, err := d.add(snap.Root, snap.Schema, "", nil)
	if err != nil {
		return nil, err
	}
	x := &index{root: root, snap: *snap}
	if report != nil {
		x.report = *report
	}
	return &file{x, d.all}, nil
}

// write writes the file.
func (f *file) write(out *output) error {
	head, err := f.head(out.ctx)
	if err != nil {
		return err
	}
	out.total = f.index.size
	out.write(head)
	for _, d := range f.columns {
		for _, v := range d.vectors {
			for lo := 0; lo < len(v); lo += chunkSize {
				out.write(v[lo:min(lo+chunkSize, len(v))])
			}
			out.write(padding(len(v)))
		}
	}
	if out.err != nil {
		return out.err
	}
	return out.w.Flush()
}

// head returns the header and the index, with the checksums of all vectors.
func (f *file) head(ctx context.Context) ([]byte, error) {
	checksums, err := f.index.place(0)
	if err != nil {
		return nil, err
	}
	b, sums, err := f.index.encode(checksums)
	if err != nil {
		return nil, err
	}
	if _, err := f.index.place(headerSize + int64(len(b))); err != nil {
		return nil, err
	}
	if err := f.sum(ctx, sums); err != nil {
		return nil, err
	}
	return append(header{size: f.index.size, index: int64(len(b)), checksum: checksum(b)}.encode(), b...), nil
}

// sum writes the checksums of all vectors.
func (f *file) sum(ctx context.Context, sums []byte) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, d := range f.columns {
		for _, v := range d.vectors {
			own := sums[:4*chunks(int64(len(v)))]
			sums = sums[len(own):]
			group.Go(func() error { return guarded(f.index.snap.Lost, func() error { return sumVector(ctx, own, v) }) })
		}
	}
	return group.Wait()
}

// sumVector writes the checksums of a vector.
func sumVector(ctx context.Context, sums, v []byte) error {
	for lo := 0; lo < len(v) && ctx.Err() == nil; lo += chunkSize {
		binary.LittleEndian.PutUint32(sums, paddedChecksum(v, lo))
		sums = sums[4:]
	}
	return ctx.Err()
}

// paddedChecksum is that of the part of a vector that begins at lo, with what pads it.
func paddedChecksum(v []byte, lo int) uint32 {
	part := v[lo:min(lo+chunkSize, len(v))]
	return crc32.Update(checksum(part), castagnoli, padding(len(part)))
}

var zeros [alignment]byte

// padding returns what follows a vector of so many bytes before the next one.
func padding(length int) []byte { return zeros[:aligned(int64(length))-int64(length)] }

// output writes until it fails, or ctx is done.
type output struct {
	ctx         context.Context
	w           *bufio.Writer
	done, total int64
	told        int64
	tell        func(done, total int64)
	err         error
}

func (o *output) write(b []byte) {
	if o.err == nil {
		o.err = o.ctx.Err()
	}
	if o.err != nil {
		return
	}
	n, err := o.w.Write(b)
	o.done, o.err = o.done+int64(n), err
	if o.tell != nil && o.done-o.told >= chunkSize {
		o.told = o.done
		o.tell(o.done, o.total)
	}
}
