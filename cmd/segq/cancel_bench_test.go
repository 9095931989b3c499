package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkCancel presses Ctrl-C in a session on a pseudo-terminal while a slow query runs, and takes the time until the worker
// has stopped it, and its estimate stands in the scrollback.
//
//	segq gen 5000000 -o FILE.parquet; SEGQ_CANCEL_DATA=FILE.parquet go test ./cmd/segq -run '^$' -bench Cancel -benchtime 100x
func BenchmarkCancel(b *testing.B) {
	data := os.Getenv("SEGQ_CANCEL_DATA")
	if data == "" {
		b.Skip("SEGQ_CANCEL_DATA is a table of millions as segq gen makes it")
	}
	name := filepath.Join(b.TempDir(), "segq.exe")
	if out, err := exec.Command("go", "build", "-o", name, ".").CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	const slow = "exists A from xEvent, B from xEvent where A.timestamp < B.timestamp and B.commerce.order.priceTotal > A.commerce.order.priceTotal + %d"
	t := startTypist(b, name, data)
	var all durations
	for n := 1; b.Loop(); n++ {
		t.press(fmt.Sprintf(slow+"\x1b\r", n), "≈")
		all = append(all, t.press("\x03", "stopped at"))
		t.quiet()
	}
	all.report(b)
}
