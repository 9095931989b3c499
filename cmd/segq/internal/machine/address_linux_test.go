package machine

import (
	"os"
	"path/filepath"
	"testing"
)

// What a process has reserved is not there for data.
func TestAddresses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "statm")
	if err := os.WriteFile(file, []byte("300 20 10 5 0 100 0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := addresses(file), int64(300*os.Getpagesize()); got != want {
		t.Errorf("%d, want %d", got, want)
	}
	if got := addresses("/proc/self/statm"); got < 1<<20 {
		t.Errorf("this process has %d bytes", got)
	}
	if got := addresses(file + "x"); got != 0 {
		t.Errorf("without a file %d", got)
	}
}
