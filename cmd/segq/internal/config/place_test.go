package config

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTrusted(t *testing.T) {
	t.Parallel()
	const root, me, other, third = 0, 1000, 1001, 1002
	for _, c := range []struct {
		owner, around int
		want          bool
	}{
		{me, me, true}, {root, me, true}, {other, me, false}, // /tmp/.segq.toml above a directory of mine
		{other, root, false}, // in /tmp itself
		{other, other, true}, // I have gone to somebody's project
		{third, other, false},
	} {
		if got := trusted(c.owner, me, c.around); got != c.want {
			t.Errorf("the file of %d, seen from a directory of %d: %v", c.owner, c.around, got)
		}
	}
}

// TestProjectPlace looks for a project file from below.
func TestProjectPlace(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(root, "home")
	deep := filepath.Join(home, "work", "deep")
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(deep)
	t.Setenv("HOME", home)
	write := func(dir string) {
		if err := os.WriteFile(filepath.Join(dir, ProjectFile), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(root) // above the home directory
	if p, ok := projectPlace(); ok {
		t.Errorf("took %+v", p)
	}
	for _, dir := range []string{home, filepath.Dir(deep), deep} { // each nearer than the one before
		write(dir)
		p, ok := projectPlace()
		if file, _ := filepath.Abs(p.File); !ok || file != filepath.Join(dir, ProjectFile) || p.Refused != "" {
			t.Errorf("below %s: took %+v", dir, p)
		}
	}
	file := filepath.Join(deep, ProjectFile)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file, 0o700); err != nil {
		t.Fatal(err)
	}
	if p, _ := projectPlace(); p.Refused == "" {
		t.Errorf("a directory is read: %+v", p)
	}
}

func TestMasked(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"redis://127.0.0.1:6379":         "redis://127.0.0.1:6379",
		"rediss://me:s3cret@host:6379/1": "rediss://me:***@host:6379/1",
		"redis://:s3@cret@host":          "redis://:***@host",
		"redis://me:s3cret%zz@ho st":     "redis://me:***@ho st",
		"me:s3cret@host":                 "me:***@host",
		"redis://me@host":                "redis://me@host",
		"redis://host?password=s3cret":   "redis://host?***",
		"redis://me:a?b@host/1?x=s3cret": "redis://me:***@host/1?***",
		"redis://host/1#s3cret":          "redis://host/1#***",
	} {
		if got := masked(url); got != want {
			t.Errorf("%s is shown as %s", url, got)
		}
	}
}
