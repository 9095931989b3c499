// Package stores has segq read from the servers of others: versitygw, which speaks S3, and fake-gcs-server,
// which is Google Cloud Storage. It is a module of its own because of all that they need.
package stores

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

var segq string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "segq")
	if err == nil {
		segq = filepath.Join(dir, "segq")
		var out []byte
		build := exec.Command("go", "build", "-o", segq, "./cmd/segq")
		build.Dir = "../../../.."
		if out, err = build.CombinedOutput(); err != nil {
			err = fmt.Errorf("%w\n%s", err, out)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// tool returns the program of a tool of this module.
func tool(t *testing.T, name string) string {
	out, err := exec.Command("go", "tool", "-n", name).Output()
	if err != nil {
		t.Fatal(name, err)
	}
	return strings.TrimSpace(string(out))
}

// start starts a server on a port, and waits until it answers.
func start(t *testing.T, env []string, program string, args func(port string) []string) (address string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_ = l.Close()
	c := exec.Command(program, args(port)...)
	c.Env = append(os.Environ(), env...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Signal(syscall.SIGTERM); _ = c.Wait() })
	address = "http://127.0.0.1:" + port
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		if r, err := http.Get(address); err == nil {
			_ = r.Body.Close()
			return address
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	t.Fatalf("%s does not answer: %s", program, out.String())
	return ""
}

// bucket fills a directory with one bucket of files.
func bucket(t *testing.T, dir string) {
	types, err := os.ReadFile("../../testdata/parquet/types.parquet")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"profiles/year=2023/a.csv":    "id,n\n1,5\n2,6\n",
		"profiles/year=2024/a.csv":    "id,n\n3,7\n",
		"profiles/_temporary/0/b.csv": "id,n\n4,8\n",
		"odd/a +ä%20&= ~name.ndjson":  "{\"id\":1}\n{\"id\":2}\n",
		"odd/[x].ndjson":              "{\"id\":1}\n",
		"odd/x.ndjson":                "{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n",
		"types.parquet":               string(types),
		"empty.csv":                   "",
		"many/1/1.json":               "[{\"id\":1},{\"id\":2}]",
		"many/1/2.json":               "[{\"id\":3}]",
		"many/2/1.json":               "[{\"id\":4}]",
		"many/2/readme.txt":           "no data",
	} {
		file := filepath.Join(dir, "bucket", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// run runs segq with nothing of the user's own environment.
func run(t *testing.T, env []string, args ...string) (out, notes string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), segq, args...)
	home := t.TempDir()
	c.Env = append([]string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "AWS_EC2_METADATA_DISABLED=true"}, env...)
	var o, e bytes.Buffer
	c.Stdout, c.Stderr = &o, &e
	if err := c.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return o.String(), e.String()
}

// reads has the counts of what the addresses of a store stand for.
func reads(t *testing.T, scheme string, env []string) {
	for path, want := range map[string]string{
		"types.parquet":              "3",
		"odd/a +ä%20&= ~name.ndjson": "2",
		"odd/[x].ndjson":             "1",
		"odd/?.ndjson":               "3",
		"odd/*.ndjson":               "6",
		"profiles/":                  "3",
		"profiles":                   "3",
		"profiles/**/*.csv":          "4",
		"profiles/year=2023/*.csv":   "2",
		"many/**":                    "4", // a text without rows among them
		"many/**/*.json":             "4",
		"many/1/":                    "3",
	} {
		out, notes := run(t, env, scheme+"://bucket/"+path, "-c", "true", "--format", "csv")
		if lines := strings.Split(out, "\n"); len(lines) < 2 || !strings.Contains(lines[1], ","+want+",") {
			t.Errorf("%s: no count of %s in %s%s", path, want, out, notes)
		}
	}
}

// says has the errors of addresses that stand for nothing.
func says(t *testing.T, env []string, address, want string) {
	t.Helper()
	if _, notes := run(t, env, "schema", address); notes != "segq: "+want+"\n" {
		t.Errorf("%s: %s", address, notes)
	}
}

func TestS3(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bucket(t, dir)
	at := start(t, []string{"ROOT_ACCESS_KEY=canary1", "ROOT_SECRET_KEY=canary2"}, tool(t, "versitygw"), func(port string) []string {
		return []string{"--port", "127.0.0.1:" + port, "posix", "--nometa", dir}
	})
	server := "AWS_ENDPOINT_URL=" + at
	keys := []string{server, "AWS_ACCESS_KEY_ID=canary1", "AWS_SECRET_ACCESS_KEY=canary2"}
	reads(t, "s3", keys)
	says(t, keys, "s3://bucket/none.csv", "s3://bucket/none.csv: there is no such file (404 NoSuchKey)")
	says(t, keys, "s3://none/none.csv", "s3://none/none.csv: there is no such bucket (404 NoSuchBucket): none at "+at)
	says(t, keys, "s3://bucket/none/", "s3://bucket/none/: there is no such folder, or nothing in it")
	says(t, keys, "s3://bucket/none*", "s3://bucket/none*: no file matches")
	says(t, []string{server, "AWS_ACCESS_KEY_ID=canary1", "AWS_SECRET_ACCESS_KEY=canary3"}, "s3://bucket/types.parquet",
		"s3://bucket/types.parquet: access is denied (403 SignatureDoesNotMatch): the secret key of the environment (AWS_ACCESS_KEY_ID) is not that of its access key")
	says(t, []string{server, "AWS_ACCESS_KEY_ID=canary1"}, "s3://bucket/types.parquet",
		"s3://bucket/types.parquet: access is denied (403 AccessDenied): no credentials were found: AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not set")
	says(t, []string{server}, "s3://bucket/types.parquet",
		"s3://bucket/types.parquet: access is denied (403 AccessDenied): no credentials were found, in the environment (AWS_ACCESS_KEY_ID, AWS_PROFILE), in ~/.aws or of this machine, and it is not public")

	// The credentials and the address of a profile.
	file := filepath.Join(t.TempDir(), "config")
	text := "[profile p]\nregion = eu-west-1\naws_access_key_id = canary1\naws_secret_access_key = canary2\nservices = s\n[services s]\ns3 =\n  endpoint_url = " + at + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	reads(t, "s3", []string{"AWS_CONFIG_FILE=" + file, "AWS_PROFILE=p"})
}

func TestGS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bucket(t, dir)
	at := start(t, nil, tool(t, "fake-gcs-server"), func(port string) []string {
		return []string{"-scheme", "http", "-host", "127.0.0.1", "-port", port, "-backend", "memory", "-data", dir}
	})
	server := []string{"STORAGE_EMULATOR_HOST=" + strings.TrimPrefix(at, "http://")}
	reads(t, "gs", server)
	says(t, server, "gs://bucket/none.csv", "gs://bucket/none.csv: there is no such file (404 Not Found)")
}
