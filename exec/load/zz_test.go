package load

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"syscall"
	"testing"
	"time"
)

func cpu() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func TestZZ(t *testing.T) {
	file := os.Getenv("ZZ")
	if file == "" {
		t.Skip()
	}
	f, _ := os.Open(file)
	text, _ := io.ReadAll(io.LimitReader(f, 48<<20))
	text = text[:bytes.LastIndexByte(text, '\n')+1]
	format := os.Getenv("ZZF")
	best := [3]time.Duration{1 << 60, 1 << 60, 1 << 60}
	for range 12 {
		l, _ := newLoader(Options{Threads: 1})
		in := &input{source: newGiven(bytes.NewReader(text), "in"), format: formatNamed(format)}
		ctx, stop := context.WithCancelCause(context.Background())
		l.meter.stop = stop
		at := cpu()
		if err := l.open(ctx, in); err != nil {
			t.Fatal(err)
		}
		a := cpu() - at
		at = cpu()
		l.noteBare()
		l.settle()
		top, _, err := l.decide()
		if err != nil {
			t.Fatal(err)
		}
		b := cpu() - at
		at = cpu()
		if _, err := assemble(ctx, l.chunks, top, 1, &l.meter); err != nil {
			t.Fatal(err)
		}
		c := cpu() - at
		best[0], best[1], best[2] = min(best[0], a), min(best[1], b), min(best[2], c)
	}
	mb := float64(len(text)) / 1e6
	fmt.Printf("parse %v (%.0f MB/s) decide %v assemble %v, all %.0f MB/s of one core\n", best[0], mb/best[0].Seconds(), best[1], best[2], mb/(best[0]+best[1]+best[2]).Seconds())
}
