package store

import (
	"os"
	"path/filepath"
	"runtime"
)

// DefaultFile returns where the user's store is or should be, "" where there is no home for it: below the place that the
// XDG Base Directory Specification has for data or, if there is none and one below the place that macOS or Windows have
// for it, there.
func DefaultFile() string {
	var candidates []string
	home, err := os.UserHomeDir()
	switch dir := os.Getenv("XDG_DATA_HOME"); {
	case filepath.IsAbs(dir): // others are to be ignored, says the specification
		candidates = append(candidates, dir)
	case err == nil:
		candidates = append(candidates, filepath.Join(home, ".local", "share"))
	}
	var system string
	switch runtime.GOOS {
	case "darwin":
		system, _ = os.UserConfigDir() // ~/Library/Application Support
	case "windows":
		system, _ = os.UserCacheDir() // %LocalAppData%
	}
	if system != "" {
		candidates = append(candidates, system)
	}
	for i, dir := range candidates {
		candidates[i] = filepath.Join(dir, "segq", "store.json")
		if _, err := os.Stat(candidates[i]); err == nil {
			return candidates[i]
		}
	}
	switch {
	case len(candidates) == 0:
		return ""
	case runtime.GOOS == "windows" && os.Getenv("XDG_DATA_HOME") == "":
		return candidates[len(candidates)-1]
	}
	return candidates[0]
}
