package main

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/redistest"
)

// TestExampleServer starts a server as the example says, with the ACL file, and examines
// it with the rights of a worker: there is nothing to advise but a worker.
func TestExampleServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rights, err := os.ReadFile("../../redisx/acl/segq.acl")
	if err != nil {
		t.Fatal(err)
	}
	aclFile := filepath.Join(dir, "segq.acl")
	if err := os.WriteFile(aclFile, []byte(strings.ReplaceAll(string(rights), "PASSWORD", "s3cret")), 0o600); err != nil {
		t.Fatal(err)
	}
	addr, port, err := redistest.Free()
	if err != nil {
		t.Fatal(err)
	}
	stop, err := redistest.StartAt(addr, "examples/redis.conf", "--port", port, "--aclfile", aclFile)
	redistest.Need(t, err)
	t.Cleanup(stop)
	u := url.URL{Scheme: "redis", User: url.UserPassword("segq", "s3cret"), Host: addr}
	var client *redisx.Client
	for t.Context().Err() == nil {
		if client, err = redisx.Open(t.Context(), redisx.Options{URL: u.String()}); err == nil {
			break
		}
		if !strings.Contains(err.Error(), "LOADING") {
			t.Fatal(err)
		}
	}
	defer client.Close()
	findings, err := client.Examine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.OK == (f.Check == "workers") && f.Check != "latency" {
			t.Errorf("%+v", f)
		}
	}
	// Who may only query segments can do that with the program.
	said, secret := scratch(t), filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("s3cret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status := execute([]string{"segments", "test", "gold", "a", "--redis", "redis://reader@" + addr, "--redis-password-file", secret}, console.Open(scratch(t), scratch(t), said)); !strings.Contains(contents(t, said), "no such segment is published") {
		t.Errorf("a reader: %d %s", status, contents(t, said))
	}
	if _, err := redisx.Open(t.Context(), redisx.Options{URL: "redis://" + addr}); err == nil {
		t.Error("the server lets in who has no password")
	}
}

// TestExampleConfiguration: the files are right, the project's as one of a project.
func TestExampleConfiguration(t *testing.T) {
	t.Parallel()
	for file, kind := range map[string]config.Kind{"config.toml": config.User, "project.toml": config.Project} {
		place := config.Place{Kind: kind, File: filepath.Join("examples", file), Given: true}
		settings, err := config.Read([]config.Place{place}, commandTree)
		if err != nil {
			t.Error(err)
			continue
		}
		set := slices.DeleteFunc(settings.Values(commandTree()), func(v config.Value) bool { return v.Default })
		if len(set) < 4 {
			t.Errorf("%s sets only %v", file, set)
		}
	}
}

// TestExampleFlags: the unit and the image use flags that there are.
func TestExampleFlags(t *testing.T) {
	t.Parallel()
	flags := rootCommand(console.Open(os.Stdin, os.Stdout, os.Stderr)).Flags()
	command := regexp.MustCompile(`segq --(?:.*\\\n)*.*`) // with the lines that it goes on
	flag := regexp.MustCompile(` --([a-z-]+)`)
	for file, want := range map[string]int{"segq.service": 4, "Containerfile": 2} {
		text, err := os.ReadFile(filepath.Join("examples", file))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, c := range command.FindAllString(string(text), -1) {
			for _, m := range flag.FindAllStringSubmatch(c, -1) {
				found++
				if flags.Lookup(m[1]) == nil {
					t.Errorf("%s: there is no flag --%s", file, m[1])
				}
			}
		}
		if found != want {
			t.Errorf("%s: %d flags, not %d", file, found, want)
		}
	}
}
