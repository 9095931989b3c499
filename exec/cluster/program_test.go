//go:build linux

package cluster

import (
	"debug/elf"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// programFor makes a file that begins as a program for a processor, and is one of the shell's for those who do not mind.
func programFor(t *testing.T, m elf.Machine) string {
	t.Helper()
	head := make([]byte, 64)
	copy(head, "\x7fELF\x02\x01\x01")
	head[16], head[18], head[20], head[52] = 2, byte(m), 1, 64
	path := filepath.Join(t.TempDir(), m.String())
	if err := os.WriteFile(path, append(head, make([]byte, 1<<20)...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// An executor fetches the program for its processor once, whole, and not where it is of another kind.
func TestExecutorsFetchTheProgram(t *testing.T) {
	t.Parallel()
	p, err := newProgram(programFor(t, elf.EM_X86_64), "", programFor(t, elf.EM_AARCH64))
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	for i, one := range append([]*program{p}, p.also...) {
		if err := one.listen([]string{":0", "127.0.0.1:0"}[i], "127.0.0.1"); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	run := func(machine string) (said string, err error) {
		// What it would start says which it is: no processor here runs both.
		script := "uname() { echo " + machine + "; }; exec() { echo \"$@\"; exit; }; " + p.command("--probe")
		c := osexec.CommandContext(t.Context(), "bash", "-c", script)
		c.Dir = dir
		out, err := c.CombinedOutput()
		return strings.TrimSpace(string(out)), err
	}
	for range 2 { // the second time it is there
		for machine, of := range map[string]*program{"x86_64": p, "aarch64": p.also[0]} {
			if said, err := run(machine); err != nil || said != "./"+of.name()+" task --probe" {
				t.Errorf("%s: %q: %v", machine, said, err)
			}
			if info, err := os.Stat(filepath.Join(dir, of.name())); err != nil || info.Size() != of.size || info.Mode().Perm() != 0o755 {
				t.Errorf("%s: %v %v", machine, info, err)
			}
		}
	}
	if said, err := run("riscv64"); err == nil || said != "segq: the executors are riscv64, and the program is for x86_64 and aarch64" {
		t.Errorf("%q: %v", said, err)
	}
	dir = t.TempDir()
	if err := p.close(); err != nil {
		t.Error(err)
	}
	if said, err := run("x86_64"); err == nil || !strings.Contains(said, "segq: the program cannot be fetched from 127.0.0.1 port") {
		t.Errorf("%q: %v", said, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left: %v", left, err)
	}
}

// What executors could not run is no program for them.
func TestWrongPrograms(t *testing.T) {
	t.Parallel()
	x86 := programFor(t, elf.EM_X86_64)
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := newProgram(text, "", x86)
	if err != nil || p.machine != "x86_64" {
		t.Fatal(err)
	}
	if err := p.close(); err != nil {
		t.Error(err)
	}
	for want, of := range map[string][]string{"is no program for Linux": {text}, "no such file": {text + "x"}, "is a second program for x86_64": {x86, x86}, fmt.Sprint(text, " is no program"): {x86, text}} {
		if _, err := newProgram(of[0], "", of[1:]...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", of, err)
		}
	}
}
