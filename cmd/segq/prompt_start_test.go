//go:build unix

package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/creack/pty"
)

// promptData are files to begin sessions over, by hand:
//
//	go test ./cmd/segq -run - -bench PromptStart -prompt-data 'big.parquet,big.csv'
var promptData = flag.String("prompt-data", "", "files, between commas, to begin sessions over in BenchmarkPromptStart")

// promptStarts is how many sessions the median is of.
const promptStarts = 20

// BenchmarkPromptStart measures the time from the start of the process until the prompt is on the terminal.
func BenchmarkPromptStart(b *testing.B) {
	name := filepath.Join(b.TempDir(), "segq")
	if out, err := exec.Command("go", "build", "-o", name, ".").CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	files := []string{""}
	for file := range bytes.SplitSeq([]byte(*promptData), []byte(",")) {
		if len(file) > 0 {
			files = append(files, string(file))
		}
	}
	for _, file := range files {
		b.Run(filepath.Base(file), func(b *testing.B) {
			for b.Loop() {
				times := make([]time.Duration, promptStarts)
				for i := range times {
					times[i] = timeToPrompt(b, name, file)
				}
				slices.Sort(times)
				b.ReportMetric(float64(times[promptStarts/2].Microseconds())/1000, "median-ms")
				b.ReportMetric(float64(times[promptStarts-1].Microseconds())/1000, "slowest-ms")
			}
		})
	}
}

// timeToPrompt begins a session over a file, and ends it as soon as it shows its prompt.
func timeToPrompt(b *testing.B, name, file string) time.Duration {
	b.Helper()
	c := exec.Command(name, "--no-config")
	if file != "" {
		c.Args = append(c.Args, file)
	}
	c.Env = append(os.Environ(), "TERM=xterm-256color", "XDG_STATE_HOME="+b.TempDir())
	started := time.Now()
	terminal, err := pty.StartWithSize(c, &pty.Winsize{Cols: 100, Rows: 30})
	if err != nil {
		b.Fatal(err)
	}
	defer terminal.Close()
	var all []byte
	piece := make([]byte, 1<<16)
	for !bytes.Contains(all, []byte("segq> ")) {
		n, err := terminal.Read(piece)
		if err != nil {
			b.Fatalf("it has ended: %q", all)
		}
		all = append(all, piece[:n]...)
	}
	took := time.Since(started)
	_ = c.Process.Kill() // it has shown what is wanted
	_ = c.Wait()
	return took
}
