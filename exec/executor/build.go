package executor

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime/debug"

	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/pack"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// format is that of the forms in which splits, batches and answers travel.
const format = 2

// version names the form and the meaning of what travels: operations are numbers there, and what they are both sides have to agree about, else
// one counts what nobody has asked for. Whoever builds the same source has the same, also for another processor.
var version = versionOf(operations(), source())

// versionOf makes a version of all that makes a difference.
func versionOf(said ...string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %d %s", format, pack.Version, load.ReaderVersion)
	for _, s := range said {
		fmt.Fprintf(h, "\x00%s", s)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// operations lists what the numbers in a query stand for.
func operations() (all string) {
	for _, op := range check.Ops() {
		all += fmt.Sprintf("%d=%s ", op, op)
	}
	for _, fold := range check.Folds() {
		all += fmt.Sprintf("%d=%s ", fold, fold)
	}
	for kind := check.Any; kind <= check.Map; kind++ {
		all += fmt.Sprintf("%d=%s ", kind, kind)
	}
	for unit := ast.NoUnit; unit <= ast.Millennium; unit++ {
		all += fmt.Sprintf("%d=%s ", unit, unit)
	}
	return all
}

// source is what the toolchain has recorded of the source, where it was told to.
func source() (all string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	if all = info.Main.Version; all == "(devel)" {
		all = ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" || s.Key == "vcs.modified" {
			all += " " + s.Value
		}
	}
	return all
}
