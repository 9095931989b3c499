// Package version says which segq this is.
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/segq/segq/exec/kernel"
)

// version, commit and date are stamped by the release build.
var (
	version = ""
	commit  = ""
	date    = ""
)

// Text is what segq --version prints: the stamp of a release, else what the Go toolchain
// recorded, and which kernels this processor gets.
func Text() string {
	v, c, d := stamp()
	text := "segq " + v
	if c != "" {
		text += " " + c[:min(len(c), 12)]
	}
	if d != "" {
		text += " " + d
	}
	tier, _ := kernel.Tier()
	return fmt.Sprintf("%s %s %s/%s, kernels %s", text, runtime.Version(), runtime.GOOS, runtime.GOARCH, tier)
}

// Release returns the version and the day of its source, without what depends on the machine;
// the day is "" where nobody knows it.
func Release() (number, day string) {
	v, _, d := stamp()
	return v, d[:min(len(d), len(time.DateOnly))]
}

// stamp returns version, commit and time of the source.
func stamp() (v, c, d string) {
	v, c, d = version, commit, date
	if info, ok := debug.ReadBuildInfo(); ok && v == "" {
		v = info.Main.Version
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				c = s.Value
			case "vcs.time":
				d = s.Value
			}
		}
	}
	if v == "" {
		v = "(devel)"
	}
	return v, c, d
}

// Short is Text without the name of the program.
func Short() string { return strings.TrimPrefix(Text(), "segq ") }
