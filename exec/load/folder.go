package load

import (
	"fmt"
	slashed "path"
	"slices"
	"strings"
)

// chosen returns those of the files below a folder that are data, in order: all whose format is
// known, but for those that are hidden or whose name, or that of a folder above, begins with _. The
// names are relative to the folder, with slashes.
func chosen(folder string, names []string) ([]string, error) {
	var data []string
	for _, name := range names {
		if err := refusedTable(folder, name); err != nil {
			return nil, err
		}
		if !hiddenPath(name) && known(name) {
			data = append(data, name)
		}
	}
	slices.Sort(data)
	if data == nil {
		return nil, fmt.Errorf("%s: no file below it has a known extension; the formats are %s", folder, Formats())
	}
	return data, nil
}

// known says whether the extension of a name is that of a format.
func known(name string) bool {
	_, _, err := formatOf(name)
	return err == nil
}

// hiddenPath says whether a file is not data by its name, or by that of a folder.
func hiddenPath(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), hiddenStep)
}

// hiddenStep says so of one step of a path. The folder of a field may begin with _.
func hiddenStep(step string) bool {
	return strings.HasPrefix(step, ".") || strings.HasPrefix(step, "_") && !strings.Contains(step, "=")
}

// refusedTable returns an error when a file in a folder shows that not all files there are of
// the table at its newest version: what they count would be wrong.
func refusedTable(folder, name string) error {
	at := func(step string) (string, bool) {
		before, _, found := strings.Cut("/"+name, "/"+step+"/")
		return slashed.Join(folder, before), found
	}
	if dir, found := at("_delta_log"); found {
		return fmt.Errorf("%s is a Delta Lake table, of which some files are deleted or old: write it as Parquet first, as with "+
			"duckdb -c \"COPY (FROM delta_scan('%s')) TO 'data.parquet'\"", dir, dir)
	}
	if dir, found := at("metadata"); found && (strings.HasSuffix(name, ".metadata.json") || strings.HasSuffix(name, ".avro") || strings.HasSuffix(name, "version-hint.text")) {
		return fmt.Errorf("%s is an Iceberg table, of which some files are deleted or old: write it as Parquet first, as with "+
			"duckdb -c \"COPY (FROM iceberg_scan('%s')) TO 'data.parquet'\"", dir, dir)
	}
	if dir, found := at(".hoodie"); found {
		return fmt.Errorf("%s is a Hudi table, of which some files are old: write its newest state as Parquet first, with Spark", dir)
	}
	return nil
}

// globbed says whether a path is meant by a pattern: in which * and ? are any characters of a
// step, [a-c] some, and ** any number of folders. Slashes are between the steps.
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
