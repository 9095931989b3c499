package load_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

func TestUnknownFormat(t *testing.T) {
	_, _, err := load.Reader(t.Context(), strings.NewReader("x"), "parquete", "in", load.Options{})
	if want := `in: the format "parquete" is not known; the formats are ` + load.Formats(); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// Excel's "Unicode Text" has the extension .txt, tabs, and UTF-16 with a mark.
func TestPlainTextInUTF16(t *testing.T) {
	var text []byte
	for _, unit := range utf16.Encode([]rune("\ufeffa\tb\r\n1\tü\r\n2\tx\r\n")) {
		text = binary.LittleEndian.AppendUint16(text, unit)
	}
	file := filepath.Join(t.TempDir(), "unicode.txt")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	s, _, err := load.Open(t.Context(), []string{file}, load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(column.AppendJSON(nil, s.Root, 0, s.Schema)); s.Rows() != 2 || got != `{"a":1,"b":"ü"}` {
		t.Errorf("%d rows, the first is %s", s.Rows(), got)
	}
}

// Manuals name every extension that there is.
func TestManualsNameTheFormats(t *testing.T) {
	for _, name := range []string{"README.md", "../../README.md", "../../cmd/segq/README.md"} {
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
