package history

import (
	"os"
	"path/filepath"
	"runtime"
)

// DefaultFile returns where the history is or should be, "" where there is no home for it: below the place that the XDG
// Base Directory Specification has for state or, if there is none and one below the place that macOS or
// Windows have for such data, there.
func DefaultFile() string {
	var candidates []string
	home, err := os.UserHomeDir()
	switch dir := os.Getenv("XDG_STATE_HOME"); {
	case filepath.IsAbs(dir): // others are to be ignored, says the specification
		candidates = append(candidates, dir)
	case err == nil:
		candidates = append(candidates, filepath.Join(home, ".local", "state"))
	}
	if dir := systemDir(); dir != "" {
		candidates = append(candidates, dir)
	}
	for i, dir := range candidates {
		candidates[i] = filepath.Join(dir, "segq", "history.ndjson")
		if _, err := os.Stat(candidates[i]); err == nil {
			return candidates[i]
		}
	}
	switch {
	case len(candidates) == 0:
		return ""
	case runtime.GOOS == "windows" && os.Getenv("XDG_STATE_HOME") == "":
		return candidates[len(candidates)-1]
	}
	return candidates[0]
}

// systemDir returns where macOS and Windows keep data of programs that stays on the machine.
func systemDir() string {
	var dir string
	switch runtime.GOOS {
	case "darwin":
		dir, _ = os.UserConfigDir() // ~/Library/Application Support
	case "windows":
		dir, _ = os.UserCacheDir() // %LocalAppData%
	}
	return dir
}
