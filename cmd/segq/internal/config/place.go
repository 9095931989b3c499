package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Kind says whose file a file is.
type Kind string

// The kinds, the one that takes precedence first.
const (
	Project Kind = "project"
	User    Kind = "user"
	System  Kind = "system"
)

// ProjectFile is the name of a project's file.
const ProjectFile = ".segq.toml"

// Place is a file that is read if it is there.
type Place struct {
	Kind Kind   `json:"kind"`
	File string `json:"file"`
	// There says whether the file exists.
	There bool `json:"there"`
	// Refused says why a file that is there is not read, "" for one that is.
	Refused string `json:"refused,omitempty"`
	// Given means that somebody has named the file: it has to be there.
	Given bool `json:"-"`
}

// Selection says which files are to be read.
type Selection struct {
	// File replaces the user's file, where it is not "".
	File string
	// None means no file at all.
	None bool
}

// The variables that select files.
const (
	fileVariable = "SEGQ_CONFIG"
	noneVariable = "SEGQ_NO_CONFIG"
)

// Selected returns the selection of --config and --no-config, and of the environment where
// they say nothing.
func Selected(file string, none bool) (Selection, error) {
	switch {
	case none && file != "":
		return Selection{}, errors.New("--config reads a file and --no-config none: choose one")
	case none:
		return Selection{None: true}, nil
	case file != "":
		return Selection{File: file}, nil
	}
	if text := os.Getenv(noneVariable); text != "" {
		none, ok := boolean(text)
		if !ok {
			return Selection{}, fmt.Errorf("%s is %q: write true or false", noneVariable, text)
		}
		if none {
			return Selection{None: true}, nil
		}
	}
	return Selection{File: os.Getenv(fileVariable)}, nil
}

// Places returns the files of a selection, the one that takes precedence first, whether they
// are there or not.
func (s Selection) Places() []Place {
	if s.None {
		return nil
	}
	var all []Place
	if p, ok := projectPlace(); ok {
		all = append(all, p)
	}
	if s.File != "" {
		p := placeOf(User, s.File)
		p.Given = true
		all = append(all, p)
	} else if file := UserFile(); file != "" {
		all = append(all, placeOf(User, file))
	}
	for _, dir := range systemDirs() {
		all = append(all, placeOf(System, filepath.Join(dir, "segq", "config.toml")))
	}
	return all
}

func placeOf(k Kind, file string) Place {
	_, err := os.Stat(file)
	return Place{Kind: k, File: file, There: err == nil || !errors.Is(err, fs.ErrNotExist)}
}

// UserFile returns where the user's file is or should be, "" where there is no home for it: in
// the place of the XDG Base Directory Specification or, if there is none and one in the place that
// macOS or Windows have for it, there.
func UserFile() string {
	var candidates []string
	home, err := os.UserHomeDir()
	switch dir := os.Getenv("XDG_CONFIG_HOME"); {
	case filepath.IsAbs(dir): // others are to be ignored, says the specification
		candidates = append(candidates, dir)
	case err == nil:
		candidates = append(candidates, filepath.Join(home, ".config"))
	}
	if dir, err := os.UserConfigDir(); err == nil {
		candidates = append(candidates, dir)
	}
	for i, dir := range candidates {
		candidates[i] = filepath.Join(dir, "segq", "config.toml")
		if _, err := os.Stat(candidates[i]); err == nil {
			return candidates[i]
		}
	}
	switch {
	case len(candidates) == 0:
		return ""
	case runtime.GOOS == "windows":
		return candidates[len(candidates)-1]
	}
	return candidates[0]
}

// systemDirs returns the directories of the system's files, the most important first.
func systemDirs() (all []string) {
	dirs := os.Getenv("XDG_CONFIG_DIRS")
	if dirs == "" && runtime.GOOS != "windows" {
		dirs = "/etc/xdg"
	}
	for _, dir := range filepath.SplitList(dirs) {
		if filepath.IsAbs(dir) {
			all = append(all, dir)
		}
	}
	return all
}

// projectPlace returns the nearest project file from the working directory upwards. The home
// directory is the last to be looked into: what is above belongs to no project.
func projectPlace() (Place, bool) {
	here, err := os.Getwd()
	if err != nil {
		return Place{}, false
	}
	home, _ := os.UserHomeDir()
	for dir := here; ; dir = filepath.Dir(dir) {
		file := filepath.Join(dir, ProjectFile)
		if info, err := os.Stat(file); err == nil {
			return Place{Kind: Project, File: near(here, file), There: true, Refused: refusal(info, file, here)}, true
		}
		if dir == home || dir == filepath.Dir(dir) {
			return Place{}, false
		}
	}
}

// refusal says why a project file is not read: others can put files into some directories
// above, such as /tmp, and nobody has asked for theirs. Who goes into somebody's directory
// means to use what is there.
func refusal(info fs.FileInfo, file, here string) string {
	if !info.Mode().IsRegular() {
		return "it is not a file"
	}
	link, err := os.Lstat(file)
	if err != nil {
		return err.Error()
	}
	dir, err := os.Stat(here)
	if err != nil {
		return err.Error()
	}
	around, ok := owner(dir)
	for _, i := range []fs.FileInfo{info, link} {
		if its, _ := owner(i); ok && !trusted(its, os.Getuid(), around) {
			return "it belongs to somebody else; --config " + file + " reads it"
		}
	}
	return ""
}

// trusted says whether a user may read the project file of an owner, around which is the directory of
// a third one.
func trusted(owner, user, around int) bool { return owner == 0 || owner == user || owner == around }

// near returns the shortest name of a file: below the working directory its name from there.
func near(here, file string) string {
	if isAddress(file) {
		return file
	}
	if name, err := filepath.Rel(here, file); err == nil && filepath.IsLocal(name) {
		return name
	}
	return file
}

// isAddress says whether something is not in the file system, such as s3://bucket/path.
func isAddress(name string) bool { return strings.Contains(name, "://") }

// resolved returns the name of a file that a configuration file has named.
func resolved(name, by string) string {
	if rest, ok := strings.CutPrefix(name, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if name == "" || filepath.IsAbs(name) || isAddress(name) {
		return name
	}
	return filepath.Join(filepath.Dir(by), name)
}
