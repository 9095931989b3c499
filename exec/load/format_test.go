package load_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load"
)

// Manuals name every extension that there is.
func TestManualsNameTheFormats(t *testing.T) {
	for _, name := range []string{"README.md", "../../README.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, extension := range regexp.MustCompile(`\.\w+`).FindAllString(load.Formats(), -1) {
			if !strings.Contains(string(text), "`"+extension+"`") {
				t.Errorf("%s does not name %s", name, extension)
			}
		}
	}
}
