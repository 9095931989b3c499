package exit_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/exit"
)

// TestStatusesAreInREADME compares the table with that of README.
func TestStatusesAreInREADME(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	want.WriteString("| status | meaning |\n|---|---|\n")
	for _, m := range exit.Statuses() {
		fmt.Fprintf(&want, "| %s | %s |\n", m.Code(), strings.ReplaceAll(m.Text, "|", `\|`))
	}
	if !strings.Contains(string(text), want.String()) {
		t.Errorf("README has no such table:\n%s", want.String())
	}
}
