package repl

import (
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// completeFiles offers the files and folders whose names begin with what is typed of an argument that ends at the
// cursor, as a shell does; hidden ones where a dot is. The arguments are behind after.
func completeFiles(text string, after, cursor int) (ast.Span, []lang.Item) {
	span, typed := ast.Span{Start: cursor, End: cursor}, ""
	all, _ := cutPaths(text[after:cursor])
	if n := len(all); n > 0 && !all[n-1].ended {
		span.Start, typed = after+all[n-1].start, all[n-1].text
	}
	folder, name := filepath.Split(typed)
	entries, _ := os.ReadDir(filepath.Clean(folder)) // where it cannot be read, there is nothing to offer
	var items []lang.Item
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), name) || name == "" && e.Name()[0] == '.' {
			continue
		}
		path := folder + e.Name()
		item := lang.Item{Text: quotedPath(path), Kind: commandItem}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			item.Text, item.Type = quotedPath(path+string(filepath.Separator)), "folder"
		}
		if item.Text != "" && len(items) < maxArguments {
			items = append(items, item)
		}
	}
	return span, items
}

// quotedPath writes a path as an argument of .open; "" for one that cannot be typed.
func quotedPath(path string) string {
	switch {
	case strings.ContainsFunc(path, func(r rune) bool { return !unicode.IsPrint(r) || r != ' ' && unicode.IsSpace(r) }):
		return ""
	case !strings.ContainsAny(path, ` "'\`):
		return path
	case !strings.Contains(path, "'"):
		return "'" + path + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(path) + `"`
}
