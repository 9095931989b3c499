package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/creack/pty"
)

// prompts measures how long a session takes until it shows its prompt.
func (c *config) prompts(ctx context.Context, r *report, files ...string) error {
	segq, err := c.program(ctx)
	if err != nil {
		return err
	}
	for _, file := range files {
		took, err := median(5*c.repeat, func() error { return prompt(ctx, segq, file) })
		if err != nil {
			return fmt.Errorf("session over %s: %w", file, err)
		}
		r.figure("a session over %s: %s until its prompt", filepath.Base(file), shown(took))
	}
	return nil
}

// prompt starts a session in a pseudo-terminal, and ends it when it has shown its prompt.
func prompt(ctx context.Context, segq, file string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, segq, file)
	cmd.Env = append(os.Environ(), "TERM=xterm-256color")
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 120})
	if err != nil {
		return err
	}
	defer func() { _ = terminal.Close() }()
	var out []byte
	for !bytes.Contains(out, []byte("segq> ")) {
		buffer := make([]byte, 4096)
		n, err := terminal.Read(buffer)
		out = append(out, buffer[:n]...)
		if err != nil {
			return fmt.Errorf("it ended without a prompt: %w\n%s", err, out)
		}
	}
	// It goes without a word: what is measured is over.
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	return nil
}
