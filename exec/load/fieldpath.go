package load

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/segq/segq/lang/ast"
)

// A path is names with dots between. A name is in backquotes where a query needs them, with {}
// behind it for the values of a map; [] for the elements of a list means nothing. In backquotes, \`
// is a backquote, and \\ \n \t \uXXXX are what they are in texts; any other backslash is one.

// pathStep is a step of a path: to a field, or to the values of a map.
type pathStep struct {
	name  string
	value bool
}

// pathSteps splits a path.
func pathSteps(path string) ([]pathStep, error) {
	steps, rest, err := cutPath(path, "")
	if err == nil && rest != "" {
		err = notPath(path)
	}
	return steps, err
}

func notPath(path string) error {
	return fmt.Errorf("%q is not the path of a field: names separated by dots, as segq schema prints them", path)
}

// cutPath splits the path that a text begins with, up to one of the characters of stop, and
// gives what follows.
func cutPath(text, stop string) (steps []pathStep, rest string, err error) {
	for rest = text; ; rest = rest[1:] {
		var name string
		if strings.HasPrefix(rest, "`") {
			var ok bool
			if name, rest, ok = cutQuoted(rest[1:]); !ok {
				return nil, "", fmt.Errorf("the path %s lacks a backquote", text)
			}
		} else {
			end := strings.IndexAny(rest, ".{["+stop)
			if end < 0 {
				end = len(rest)
			}
			if name, rest = rest[:end], rest[end:]; name == "" {
				return nil, "", notPath(text)
			}
		}
		steps = append(steps, pathStep{name: name})
		for strings.HasPrefix(rest, "{}") || strings.HasPrefix(rest, "[]") {
			if rest[0] == '{' {
				steps = append(steps, pathStep{value: true})
			}
			rest = rest[2:]
		}
		if rest == "" || strings.IndexByte(stop, rest[0]) >= 0 {
			return steps, rest, nil
		}
		if rest[0] != '.' {
			return nil, "", notPath(text)
		}
	}
}

// cutQuoted reads a name up to the backquote behind it.
func cutQuoted(text string) (name, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '`':
			return b.String(), text[i+1:], true
		case c == '\\':
			r, n := escapeIn(text[i:])
			b.WriteRune(r)
			i += n - 1
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}

// escapeIn returns what the backslash at the beginning of a text stands for, and how long that is.
func escapeIn(text string) (r rune, n int) {
	if len(text) < 2 {
		return '\\', 1
	}
	switch text[1] {
	case '`', '\\':
		return rune(text[1]), 2
	case 'n':
		return '\n', 2
	case 't':
		return '\t', 2
	case 'u':
		r, ok := unicodeIn(text)
		if !ok {
			break
		}
		if low, ok := unicodeIn(text[6:]); utf16.IsSurrogate(r) && ok {
			if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
				return both, 12
			}
		}
		return r, 6
	}
	return '\\', 1
}

// unicodeIn reads \uXXXX at the beginning of a text.
func unicodeIn(text string) (r rune, ok bool) {
	if len(text) < 6 || text[:2] != `\u` {
		return 0, false
	}
	v, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(v), err == nil
}

// quotedName writes a name as a step of a path in a report.
func quotedName(name string) string {
	if name == "" || strings.ContainsAny(name, ".{[`") {
		return quotedWithEscapes(name)
	}
	return name
}

// writtenName writes a name as a query does, in backquotes where it needs them, also those that no
// query can write. first is that of a field of a profile.
func writtenName(name string, first bool) string {
	if strings.ContainsFunc(name, func(r rune) bool { return r == '`' || r == '\\' || !unicode.IsGraphic(r) }) {
		return quotedWithEscapes(name)
	}
	n := &ast.Name{Ident: ast.Ident{Text: name}}
	if first {
		return ast.Format(n)
	}
	n.Text = "x"
	return strings.TrimPrefix(ast.Format(&ast.Member{X: n, Name: ast.Ident{Text: name}}), "x.")
}

// quotedWithEscapes writes a name in backquotes.
func quotedWithEscapes(name string) string {
	var b strings.Builder
	b.WriteByte('`')
	for i, r := range name {
		switch {
		case r == '`':
			b.WriteString("\\`")
		case r == '\\':
			if _, n := escapeIn(name[i:]); n > 1 || i+1 == len(name) {
				b.WriteByte('\\')
			}
			b.WriteByte('\\')
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == ' ' || unicode.IsGraphic(r):
			b.WriteRune(r)
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
		}
	}
	b.WriteByte('`')
	return b.String()
}
