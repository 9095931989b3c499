package load

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/segq/segq/exec/load/object"
)

// Files returns the names of the files that paths stand for, in the order in which [Open] reads them,
// as far as they are in the file system: - is none of them. They may have none of the known formats.
func Files(ctx context.Context, paths []string) ([]string, error) {
	var names []string
	for _, path := range paths {
		if path == "-" || object.Is(path) {
			continue
		}
		all, err := expand(ctx, path, false)
		if err != nil {
			return nil, err
		}
		names = append(names, all.names...)
	}
	return names, nil
}

// expand returns the names of the files that a path stands for: itself, all below a folder, or what
// matches a glob. What is there by its name is no glob. said is that their format was.
func expand(ctx context.Context, path string, said bool) (*listing, error) {
	if info, err := os.Stat(path); err == nil {
		if info.IsDir() {
			return below(ctx, path, said)
		}
		return &listing{names: []string{path}}, nil
	}
	switch {
	case dangling(path):
		return nil, fmt.Errorf("%s: this is a link, and what it leads to is not there", path)
	case !strings.ContainsAny(path, "*?["):
		return nil, fmt.Errorf("%s: no such file", path)
	case slices.Contains(strings.Split(filepath.ToSlash(path), "/"), "**"):
		return anywhere(ctx, path, said)
	}
	found, err := filepath.Glob(path)
	if err != nil {
		return nil, fmt.Errorf("%s: the pattern is not well formed: %w", path, err)
	}
	all := &listing{}
	for _, name := range found {
		if hidden := filepath.Base(name)[0] == '.' && !strings.HasPrefix(filepath.Base(path), "."); hidden {
			continue
		}
		if err := all.add(ctx, name, said); err != nil {
			return nil, err
		}
	}
	if len(all.names) == 0 {
		return nil, all.nothing(path)
	}
	return all, nil
}

// dangling says whether something is a link to what is not there.
func dangling(path string) bool {
	link, err := os.Lstat(path)
	if err != nil || link.Mode()&fs.ModeSymlink == 0 {
		return false
	}
	_, err = os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// add adds what a glob has matched: a file, or what is below a folder.
func (l *listing) add(ctx context.Context, name string, said bool) error {
	if dangling(name) {
		l.dangling = append(l.dangling, name)
		return nil
	}
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		l.names = append(l.names, name)
		return nil
	}
	more, err := below(ctx, name, said)
	if err != nil {
		return err
	}
	l.names, l.left, l.dangling = append(l.names, more.names...), append(l.left, more.left...), append(l.dangling, more.dangling...)
	return nil
}

// below returns the data below a folder.
func below(ctx context.Context, folder string, said bool) (*listing, error) {
	names, broken, err := filesBelow(ctx, folder)
	if err != nil {
		return nil, err
	}
	all, err := chosen(filepath.ToSlash(folder), names, said)
	if err != nil && len(broken) > 0 {
		return nil, fmt.Errorf("%w; there are links to what is not there, as %s", err, broken[0])
	}
	if err != nil {
		return nil, err
	}
	all.dangling = broken
	all.under(folder)
	return all, nil
}

// under makes names relative to a folder what they are called without it.
func (l *listing) under(folder string) {
	for _, names := range [][]string{l.names, l.left, l.dangling} {
		for i, name := range names {
			names[i] = filepath.Join(folder, filepath.FromSlash(name))
		}
	}
}

// anywhere returns the data that a glob with ** means.
func anywhere(ctx context.Context, path string, said bool) (*listing, error) {
	steps := strings.Split(filepath.ToSlash(path), "/")
	first := slices.IndexFunc(steps, func(s string) bool { return strings.ContainsAny(s, "*?[") })
	folder, pattern := strings.Join(steps[:first], "/"), strings.Join(steps[first:], "/")
	if first > 0 && folder == "" {
		folder = "/"
	}
	names, broken, err := filesBelow(ctx, filepath.FromSlash(folder))
	if err != nil {
		return nil, err
	}
	var meant []string
	for _, name := range names {
		ok, err := globbed(pattern, name)
		if err != nil {
			return nil, fmt.Errorf("%s: the pattern is not well formed: %w", path, err)
		}
		if ok || strings.Contains(name, "_delta_log/") || strings.Contains(name, "metadata/") {
			meant = append(meant, name)
		}
	}
	if !slices.ContainsFunc(meant, func(name string) bool { return !hiddenPath(name) }) {
		return nil, fmt.Errorf("%s: no file matches", path)
	}
	all, err := chosen(folder, meant, said)
	if err != nil {
		return nil, err
	}
	for _, name := range broken {
		if ok, _ := globbed(pattern, name); ok {
			all.dangling = append(all.dangling, name)
		}
	}
	all.under(filepath.FromSlash(folder))
	return all, nil
}

// filesBelow returns the names of all files below a folder, relative to it and with slashes, those
// behind links as well, and the names of the links to what is not there.
func filesBelow(ctx context.Context, folder string) (names, broken []string, err error) {
	if folder == "" {
		folder = "."
	}
	w := &walk{ctx: ctx}
	if err := w.folder(folder, "", nil); err != nil {
		return nil, nil, err
	}
	return w.names, w.dangling, nil
}

// walk goes through folders.
type walk struct {
	ctx             context.Context
	names, dangling []string
}

func (w *walk) folder(path, name string, above []fs.FileInfo) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(above, func(other fs.FileInfo) bool { return os.SameFile(other, info) }) {
		return nil // a link that leads back: what is there is met anyway
	}
	above = append(slices.Clip(above), info)
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if w.ctx.Err() != nil {
			return context.Cause(w.ctx)
		}
		own, below := filepath.Join(path, e.Name()), name+e.Name()
		isFolder := e.IsDir()
		if e.Type()&fs.ModeSymlink != 0 && !hiddenStep(e.Name()) {
			to, err := os.Stat(own)
			if errors.Is(err, fs.ErrNotExist) {
				w.dangling = append(w.dangling, below)
				continue
			}
			if err != nil {
				return err
			}
			isFolder = to.IsDir()
		}
		switch {
		case !isFolder:
			w.names = append(w.names, below)
		case hiddenStep(e.Name()):
			w.names = append(w.names, below+"/.") // that it is there may say what the folder is
		default:
			if err := w.folder(own, below+"/", above); err != nil {
				return err
			}
		}
	}
	return nil
}
