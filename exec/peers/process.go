package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// process is what a run of a program took and gave.
type process struct {
	// Wall is the time from the fork to the exit, Peak the most memory that was resident, in
	// bytes.
	Wall           time.Duration
	Peak           int64
	Stdout, Stderr string
	// Failed is how it ended, if that was not well.
	Failed string
}

// measureArgument is the first argument of this program when it is to run another one. What
// the system says of the memory of a process is at least that of the process which has
// started it, so that one starts it which is small.
const measureArgument = "measure"

// measured runs a program through a small process.
func measured(ctx context.Context, name string, args ...string) (p process, err error) {
	self, err := os.Executable()
	if err != nil {
		return p, err
	}
	cmd := exec.CommandContext(ctx, self, append([]string{measureArgument, name}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return p, fmt.Errorf("measure %s: %w", name, err)
	}
	return p, json.Unmarshal(out, &p)
}

// measure is what that process does: it runs a program and prints what that took.
func measure(name string, args ...string) error {
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	p := process{Wall: time.Since(start)}
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		return err
	}
	if err != nil {
		p.Failed = err.Error()
	}
	p.Stdout, p.Stderr = stdout.String(), stderr.String()
	// Linux counts in units of 1024 bytes (getrusage(2)).
	p.Peak = cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
	return json.NewEncoder(os.Stdout).Encode(p)
}

// program returns the binary of segq, which it builds from this checkout unless -segq names
// one: stripped, as it is released.
func (c *config) program(ctx context.Context) (string, error) {
	if c.segq != "" {
		return c.segq, nil
	}
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/segq/segq").Output()
	if err != nil {
		return "", fmt.Errorf("find the module of segq (-segq names a binary): %w", err)
	}
	name, err := filepath.Abs(filepath.Join(c.dir, "segq"))
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-C", strings.TrimSpace(string(root)), "-trimpath", "-ldflags", "-s -w", "-o", name, "./cmd/segq")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("build segq (-segq names a binary): %w", err)
	}
	c.segq = name
	return name, nil
}

// one runs segq with one rule over a file. The answer is the number of profiles and, in
// bytes, what the columns take that it has loaded.
func (c *config) one(ctx context.Context, rule, file string, flags ...string) (p process, count int, columns int64, err error) {
	name, err := c.program(ctx)
	if err != nil {
		return p, 0, 0, err
	}
	args := append([]string{"-q", "--stats", "--format", "json", "--threads", fmt.Sprint(c.threads), "-c", rule}, flags...)
	if p, err = measured(ctx, name, append(args, file)...); err != nil {
		return p, 0, 0, err
	}
	if p.Failed != "" {
		return p, 0, 0, fmt.Errorf("segq -c %q %s: %s\n%s%s", rule, file, p.Failed, p.Stdout, p.Stderr)
	}
	var records []struct{ Count int }
	var stats struct {
		Columns int64 `json:"columns_bytes"`
		Rows    *int  `json:"rows"`
	}
	if err := json.Unmarshal([]byte(p.Stderr), &stats); err == nil && stats.Rows != nil { // they are in a file
		return p, *stats.Rows, stats.Columns, nil
	}
	err = errors.Join(json.Unmarshal([]byte(p.Stdout), &records), json.Unmarshal([]byte(p.Stderr), &stats))
	if err != nil || len(records) != 1 {
		return p, 0, 0, fmt.Errorf("segq -c %q %s: what it printed is no answer: %w\n%s%s", rule, file, err, p.Stdout, p.Stderr)
	}
	return p, records[0].Count, stats.Columns, nil
}

// helps says whether the help of this segq has a text: it may be older than a subcommand or
// a flag.
func (c *config) helps(ctx context.Context, text string) (bool, error) {
	segq, err := c.program(ctx)
	if err != nil {
		return false, err
	}
	help, err := exec.CommandContext(ctx, segq, "--help").Output()
	return strings.Contains(string(help), text), err
}
