package load

import (
	"fmt"
	"os"
	slashed "path"
	"path/filepath"
	"slices"
	"strings"
)

// listing is what a path stands for: the names of files of data, and of those beside them whose
// format is not known, and of links to what is not there.
type listing struct{ names, left, dangling []string }

// nothing is the error of a pattern that means no file.
func (l *listing) nothing(pattern string) error {
	if n := len(l.dangling); n > 0 {
		return fmt.Errorf("%s: no file matches but %s to what is not there, as %s", pattern, counted(n, "link"), l.dangling[0])
	}
	return fmt.Errorf("%s: no file matches", pattern)
}

// chosen returns what of the files below a folder is data: all whose format is known, or any where
// the format was said, but for those that are hidden, or whose name or that of a folder above them
// begins with _. The names are relative to the folder, with slashes.
func chosen(folder string, names []string, said bool) (*listing, error) {
	l := &listing{}
	for _, name := range names {
		if err := refusedTable(folder, name); err != nil {
			return nil, err
		}
		switch {
		case hiddenPath(name):
		case said || known(name):
			l.names = append(l.names, name)
		default:
			l.left = append(l.left, name)
		}
	}
	slices.Sort(l.names)
	slices.Sort(l.left)
	switch {
	case len(l.names) > 0:
		return l, nil
	case len(l.left) > 0:
		return nil, fmt.Errorf("%s: %s, of which none has a known extension, as %s; the formats are %s, and --input-format says that of files without",
			folder, counted(len(l.left), "file"), l.left[0], Formats())
	}
	return nil, fmt.Errorf("%s: there are no files below it", folder)
}

// known says whether the extension of a name is that of a format.
func known(name string) bool {
	_, _, err := formatOf(name)
	return err == nil
}

// hiddenPath says whether a file is no data by its name, or by that of a folder.
func hiddenPath(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), hiddenStep)
}

// hiddenStep says so of one step of a path. A field may begin with _.
func hiddenStep(step string) bool {
	return strings.HasPrefix(step, ".") || strings.HasPrefix(step, "_") && !strings.Contains(step, "=")
}

// refusedTable returns an error when a file in a folder shows that not all files there are of
// the table as it is now: what they count would be wrong.
func refusedTable(folder, name string) error {
	kind, dir, how := "", "", ""
	at := func(step string) bool {
		before, after, found := strings.Cut("/"+name, "/"+step+"/")
		dir = slashed.Join(folder, before)
		return found && after != ""
	}
	switch {
	case at("_delta_log"):
		kind, how = "a Delta Lake table", `duckdb -c "COPY (FROM delta_scan('%s')) TO 'data.parquet'"`
	case at(".hoodie"):
		return fmt.Errorf("%s is a Hudi table: some of its files are old or deleted, and all of them would be counted; have Spark write it as Parquet, and read that", dir)
	case at("metadata") && (strings.HasSuffix(name, ".metadata.json") || strings.HasSuffix(name, "/version-hint.text")):
		kind, how = "an Iceberg table", `duckdb -c "COPY (FROM iceberg_scan('%s')) TO 'data.parquet'"`
	default:
		return nil
	}
	return fmt.Errorf("%s is %s: some of its files are old or deleted, and all of them would be counted; write it as Parquet, as by "+how+", and read that", dir, kind, dir)
}

// globbed says whether a pattern means a path: * and ? are any characters of a step, [a-c] some,
// and ** is any number of folders. Slashes are between the steps.
func globbed(pattern, name string) (bool, error) {
	return globbedSteps(strings.Split(pattern, "/"), strings.Split(name, "/"))
}

func globbedSteps(pattern, steps []string) (bool, error) {
	for len(pattern) > 0 {
		if pattern[0] == "**" {
			for i := range len(steps) + 1 {
				if ok, err := globbedSteps(pattern[1:], steps[i:]); ok || err != nil {
					return ok, err
				}
			}
			return false, nil
		}
		if len(steps) == 0 {
			return false, nil
		}
		if ok, err := slashed.Match(pattern[0], steps[0]); !ok || err != nil {
			return false, err
		}
		pattern, steps = pattern[1:], steps[1:]
	}
	return len(steps) == 0, nil
}

// noteTables notes of files that were named one by one that they are of a table of which some files
// are no longer. A folder of such a table is refused.
func (l *loader) noteTables(inputs []*input) {
	met := map[string]bool{}
	for _, in := range inputs {
		f, ok := in.source.(*file)
		if !ok {
			continue
		}
		dir := filepath.Dir(f.path)
		for strings.Contains(filepath.Base(dir), "=") {
			dir = filepath.Dir(dir)
		}
		if met[dir] {
			continue
		}
		met[dir] = true
		if info, err := os.Stat(filepath.Join(dir, "_delta_log")); err == nil && info.IsDir() {
			l.note("%s is a Delta Lake table: those of its files that are old or deleted count as well where they are named", dir)
		}
	}
}

// noteLeft notes which files beside those that are read have no known format, and which links lead to
// nothing.
func (l *loader) noteLeft(inputs []*input) {
	var left, dangling []string
	for _, in := range inputs {
		left, dangling = append(left, in.left...), append(dangling, in.dangling...)
	}
	if n := len(left); n > 0 {
		l.note("%s left out, whose format is not known: %s", counted(n, "file"), firstOf(left))
	}
	if n := len(dangling); n > 0 {
		l.note("%s left out, with nothing at the other end: %s", counted(n, "link"), firstOf(dangling))
	}
}

// firstOf lists the first of some names.
func firstOf(names []string) string {
	const most = 3
	if n := len(names); n > most {
		return fmt.Sprintf("%s and %s more", strings.Join(names[:most], ", "), thousands(n-most))
	}
	return strings.Join(names, ", ")
}
