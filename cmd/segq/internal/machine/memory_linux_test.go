package machine

import (
	"os"
	"path/filepath"
	"testing"
)

// Limits of control groups of both versions, and of those above them.
func TestGroupMemory(t *testing.T) {
	for name, test := range map[string]struct {
		membership string
		limits     map[string]string
		want       int64
	}{
		"version 2":           {"0::/a/b\n", map[string]string{"a/b/memory.max": "max\n", "a/memory.max": "4096\n", "memory.max": "8192\n"}, 4096},
		"version 2, inside":   {"0::/\n", map[string]string{"memory.max": "8192\n"}, 8192},
		"version 2, none":     {"0::/a\n", map[string]string{"a/memory.max": "max\n"}, 0},
		"version 1":           {"9:name=systemd:/a\n5:cpu,memory:/a\n", map[string]string{"memory/a/memory.limit_in_bytes": "4096\n"}, 4096},
		"version 1, no limit": {"5:memory:/a\n", map[string]string{"memory/a/memory.limit_in_bytes": "9223372036854771712\n"}, 0},
		"version 1, inside":   {"5:memory:/docker/x\n", map[string]string{"memory/memory.limit_in_bytes": "4096\n"}, 4096},
	} {
		root := t.TempDir()
		membership := filepath.Join(root, "cgroup")
		files := map[string]string{"cgroup": test.membership}
		for file, limit := range test.limits {
			files[file] = limit
		}
		for file, text := range files {
			path := filepath.Join(root, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := groupMemory(membership, root); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}
