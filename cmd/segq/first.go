package main

import (
	"os"
	"path/filepath"
)

// stateFolder is where segq keeps what it remembers of its user, "" where there is no such place.
func stateFolder() string {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "segq")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "state", "segq")
}

// sessionMark is the name of the file that says that there was a session.
const sessionMark = "welcomed"

// firstSession says whether the user has had no session yet, as far as one can know.
func firstSession() bool {
	dir := stateFolder()
	if dir == "" {
		return true
	}
	_, err := os.Stat(filepath.Join(dir, sessionMark))
	return err != nil
}

// rememberSession remembers that there was one. Where that is impossible, the next is the first again.
func rememberSession() {
	dir := stateFolder()
	if dir == "" || os.MkdirAll(dir, 0o700) != nil {
		return
	}
	if f, err := os.OpenFile(filepath.Join(dir, sessionMark), os.O_CREATE, 0o600); err == nil {
		_ = f.Close() // nothing was written
	}
}
