package load_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load"
)

func TestUnknownFormat(t *testing.T) {
	_, _, err := load.Reader(t.Context(), strings.NewReader("x"), "parquete", "in", load.Options{})
	if want := `in: the format "parquete" is not known; the formats are ` + load.Formats(); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

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
