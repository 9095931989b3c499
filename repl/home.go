package repl

import (
	"os"
	"path/filepath"
	"strings"
)

// AtHome returns the path of a file that a user names, with the folder of the user for a ~ at its beginning, as a shell writes it.
func AtHome(path string) string {
	rest, ok := strings.CutPrefix(path, "~")
	if !ok || rest != "" && rest[0] != '/' {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(home, rest)
}
