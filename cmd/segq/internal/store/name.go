package store

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the most bytes of the name of a segment.
const maxName = 128

// validName says whether a segment may have a name: as queries write it between quotes, on one line, and with no version
// behind an @.
func validName(name string) bool {
	return name != "" && len(name) <= maxName && utf8.ValidString(name) && strings.TrimSpace(name) == name &&
		!strings.ContainsAny(name, `"'\@`) && !strings.ContainsFunc(name, unicode.IsControl)
}

// CheckName says what is wrong with the name of a segment that is to be saved: what sessions call a query, and what looks like
// a path of files, is no name either.
func CheckName(name string) error {
	switch {
	case !validName(name):
		return fmt.Errorf("the name %q of a segment: use 1 to %d bytes without quotes, backslashes and @", name, maxName)
	case name == "_" || strings.HasPrefix(name, "#") || strings.Trim(name, "0123456789") == "":
		return fmt.Errorf("the name %q of a segment: sessions call their queries so", name)
	case strings.IndexAny(name, "./~") == 0:
		return fmt.Errorf("the name %q of a segment looks like a path: use one that begins with another letter", name)
	}
	return nil
}
