package exit

import (
	"errors"
	"fmt"
	"os"

	"github.com/segq/segq/cmd/segq/internal/version"
	"github.com/segq/segq/lang/ast"
)

// issues is where bugs are reported.
const issues = "https://github.com/segq/segq/issues"

// Guard returns a panic as an error, an [ast.Fault].
func Guard(run func() error) (err error) {
	defer ast.Guard(func(f *ast.Fault) { err = f })
	return run()
}

// IsInternal says whether err tells of a fault of segq.
func IsInternal(err error) bool {
	var fault *ast.Fault
	return errors.As(err, &fault)
}

// Report says, in a line of its own, what the maintainers need to know of a fault; it
// is "" for any other error. The traceback goes to a file: it is long, and nothing that
// most people can read.
func Report(err error) string {
	var fault *ast.Fault
	if !errors.As(err, &fault) {
		return ""
	}
	report := fmt.Sprintf("%s\n\n%s\n\n%s", version.Text(), fault.Error(), fault.Stack)
	name, err := keepReport(report)
	ask := "\n  this is a bug in segq; please report it at " + issues + " with the command, the data if you may, and "
	if err != nil {
		return ask + "this:\n" + report
	}
	return ask + "what is in " + name
}

// keepReport writes a report to a file that only the user can read.
func keepReport(report string) (name string, err error) {
	f, err := os.CreateTemp("", "segq-fault-*.txt")
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(report)
	return f.Name(), errors.Join(err, f.Close())
}
