package load

import (
	"net/url"
	"slices"
	"strings"
)

// located is a source, with what the names of its folders say of all of its rows.
type located struct {
	source
	keys []folderKey
}

// folderKey is what a folder called name=value says: the value of a field.
type folderKey struct {
	name, value string
	null        bool
}

// nullPartition is the value of a folder whose rows have none, as Hive writes it.
const nullPartition = "__HIVE_DEFAULT_PARTITION__"

// folderKeys returns what the folders in the path of a file say: of year=2024/m=x%2Fy/a.csv, year is
// 2024 and m is x/y. Of folders of one name the last counts.
func folderKeys(path string) []folderKey {
	steps := strings.Split(path, "/")
	var keys []folderKey
	for _, step := range steps[:len(steps)-1] {
		name, value, ok := strings.Cut(step, "=")
		if !ok || name == "" {
			continue
		}
		k := folderKey{name: unescaped(name), value: unescaped(value), null: value == nullPartition}
		keys = append(slices.DeleteFunc(keys, func(other folderKey) bool { return other.name == k.name }), k)
	}
	return keys
}

// unescaped returns the text that was written with percent signs; as it is where it was not.
func unescaped(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}
