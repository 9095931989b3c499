//go:build unix

package load

import (
	"context"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/segq/segq/exec/load/parquet"
)

// BenchmarkColumns reads columns of the Parquet file that SEGQ_LOAD names, from its footer
// on, without what is made of them then. SEGQ_COLUMNS has their paths; all without it.
//
//	SEGQ_LOAD=flat.parquet SEGQ_COLUMNS=address.state,ltv go test ./exec/load -run - -bench Columns
func BenchmarkColumns(b *testing.B) {
	name := os.Getenv("SEGQ_LOAD")
	if name == "" {
		b.Log("SEGQ_LOAD names no file")
		return
	}
	wanted := map[string]bool{}
	for _, path := range strings.Split(os.Getenv("SEGQ_COLUMNS"), ",") {
		wanted[path] = true
	}
	file, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		b.Fatal(err)
	}
	before := processTime(b)
	for b.Loop() {
		l, err := newLoader(Options{})
		if err != nil {
			b.Fatal(err)
		}
		ctx := context.Background()
		ctx, l.meter.stop = context.WithCancelCause(ctx)
		f, err := parquet.Open(file, info.Size())
		if err != nil {
			b.Fatal(err)
		}
		schema, err := readableSchema(f.Meta, l.note)
		if err != nil {
			b.Fatal(err)
		}
		if os.Getenv("SEGQ_COLUMNS") != "" {
			schema.keep("", wanted)
		}
		plans := make([]*plan, max(1, len(f.Meta.Groups)))
		for i := range plans {
			plans[i] = schema.plan(l.want)
		}
		if err := l.readGroups(ctx, f, info.Size(), plans); err != nil {
			b.Fatal(err)
		}
		bytes := int64(0)
		for _, leaf := range plans[0].leaves {
			if leaf.node.whole != nil {
				bytes += leaf.node.whole.bytes
			}
		}
		b.ReportMetric(float64(bytes)/(1<<20), "columns-MB")
		b.ReportMetric(float64(l.meter.peak.Load())/(1<<20), "peak-MB")
	}
	b.ReportMetric(float64(processTime(b)-before)/1e6/float64(b.N), "cpu-ms/op")
}

// processTime returns the time of the processor that the process took, which other
// processes do not change much.
func processTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

// keep leaves of a schema the leaves whose paths are wanted.
func (e *element) keep(path string, wanted map[string]bool) bool {
	if e.Leaf {
		return wanted[path]
	}
	kept := e.children[:0:0]
	for _, c := range e.children {
		of := c.Name
		if path != "" {
			of = path + "." + of
		}
		if c.keep(of, wanted) {
			kept = append(kept, c)
		}
	}
	e.children = kept
	return len(kept) > 0
}
