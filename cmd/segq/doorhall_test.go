package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
)

// building is a server of Redis and a hall for each kind of data.
type building struct {
	t      *testing.T
	url    string
	client *redis.Client
	tokens string
	halls  map[string]*hall
}

// hall is a worker over some data, with the preview API.
type hall struct {
	building  *building
	namespace string
	api       string
	own       *ask.Queue // over the same data, in this process
}

// mostAsks is more than there are runs in the scripts.
const mostAsks = 100

func tokenOf(tenant string) string { return "a-token-of-" + tenant }

func openBuilding(t *testing.T) *building {
	t.Helper()
	b := &building{t: t, url: workertest.Redis(t), tokens: filepath.Join(t.TempDir(), "tokens"), halls: map[string]*hall{}}
	o, err := redis.ParseURL(b.url)
	if err != nil {
		t.Fatal(err)
	}
	b.client = redis.NewClient(o)
	t.Cleanup(func() { b.client.Close() })
	var tokens strings.Builder
	for i := range mostAsks {
		tenant := fmt.Sprintf("preview-%d", i)
		fmt.Fprintf(&tokens, "%s %s\n", tokenOf(tenant), tenant)
	}
	if err := os.WriteFile(b.tokens, []byte(tokens.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return b
}

// hall returns the hall for some data.
func (b *building) hall(over []string) *hall {
	b.t.Helper()
	key := strings.Join(over, " ")
	if b.halls[key] == nil {
		h := &hall{building: b, namespace: "doors-" + uuid.NewString()}
		h.work(b.t, over)
		h.own = openSession(b.t, nil, over)
		b.halls[key] = h
	}
	return b.halls[key]
}

// work starts the worker of a hall, and waits until it has told its schema.
func (h *hall) work(t *testing.T, over []string) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{
		"--serve", "--namespace", h.namespace, "--http", "127.0.0.1:0", "--http-tokens", h.building.tokens,
		"--export-root", t.TempDir(),
	}
	c := exec.Command(program, append(args, over...)...)
	c.Env = append(os.Environ(), asProgram+"=1", "SEGQ_REDIS_URL="+h.building.url)
	log, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(os.Interrupt)
		_ = c.Wait()
	})
	lines := bufio.NewScanner(log)
	for h.api == "" && lines.Scan() {
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "serving HTTP" {
			h.api = "http://" + line.Address
		}
	}
	if h.api == "" {
		t.Fatal("the worker does not serve")
	}
	go func() { _, _ = io.Copy(io.Discard, log) }()
	h.building.awaitKeys(t, "segq:{"+h.namespace+"}:schema")
}

// awaitKeys waits until all of some keys are in Redis.
func (b *building) awaitKeys(t *testing.T, keys ...string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; {
		n, err := b.client.Exists(t.Context(), keys...).Result()
		if int(n) == len(keys) {
			return
		}
		if err != nil || time.Now().After(end) {
			t.Fatalf("%d of the keys %q: %v", n, keys, err)
		}
	}
}
