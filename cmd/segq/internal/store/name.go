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

// CheckName says what is wrong with the name of a segment.
func CheckName(name string) error {
	if !validName(name) {
		return fmt.Errorf("the name %q of a segment: use 1 to %d bytes without quotes, backslashes and @", name, maxName)
	}
	return nil
}
