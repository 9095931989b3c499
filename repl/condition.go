package repl

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// noCondition says what a text plainly is that is no condition, and so no audience, and what to write in its place: a
// number, a text, a list, or a field of another type than bool. It is "" for all others.
func noCondition(text string, fields []Field) (is, hint string) {
	x, found := lang.Query(text)
	if found.Failed() {
		return "", ""
	}
	switch x := x.(type) {
	case *ast.Int, *ast.Float:
		return "a number", "write a condition: loyalty.tier = \"gold\""
	case *ast.Unary:
		if x.Op == "-" {
			return "a number", "write a condition: loyalty.tier = \"gold\""
		}
	case *ast.String:
		return "a text", "did you mean inSegment(" + strconv.Quote(x.Value) + ")?"
	case *ast.List:
		return "a list", "write a condition: loyalty.tier in [\"gold\", \"silver\"]"
	case *ast.Binary:
		if slices.Contains([]string{"+", "-", "*", "/", "%"}, x.Op) {
			return "a number", "compare it with something: … > 100"
		}
	}
	if path, ok := pathOf(x); ok {
		at := slices.IndexFunc(fields, func(f Field) bool { return f.Path == path })
		if at >= 0 && fields[at].Type != "" && !strings.HasPrefix(fields[at].Type, "bool") {
			return fmt.Sprintf("a field (%s)", show.Clean(fields[at].Type)), "write a condition about it: " + ast.Format(x) + ".isNotNull()"
		}
	}
	return "", ""
}

// noAudience refuses a text that is written behind a command and plainly no condition; where the order of what is written
// is wrong, or a number is, it says so.
func noAudience(line, text string, fields []Field) error {
	is, hint := noCondition(text, fields)
	if is == "" {
		return nil
	}
	command, about := "", arguments{text: behindName(line)}
	if isCommand(line) {
		command = strings.ToLower(commandWords(line)[0])
	}
	first := about.word()
	_, err := strconv.ParseFloat(first, 64)
	switch {
	case command == ".by" && err == nil && strings.HasPrefix(is, "a field"):
		hint = ".by takes the field first: .by " + text + " " + first
	case command == ".by" && is == "a number":
		hint = ".by takes a number of values from 1 on, behind the field: .by " + first + " 20"
	case command == ".sample" && is == "a number":
		hint = ".sample takes a number of profiles from 1 on: .sample 20"
	}
	return refusal{show.OneLine(text) + " is " + is + ", and no condition that profiles meet", hint}
}

// condition returns what a command is about, as audience does, where it is one that profiles meet.
func (m *Model) condition(written string) (audience, error) {
	a, err := m.audience(written)
	switch {
	case err != nil:
		return a, err
	case a.values != "":
		return a, refusal{fmt.Sprintf("%s gives values (%s), and is no condition that profiles meet", a.called(m.words), show.Clean(a.values)), ".values shows them"}
	}
	is, hint := noCondition(a.text, m.backend.Schema())
	if is == "" {
		return a, nil
	}
	said := a.called(m.words)
	if a.number > 0 {
		said += " (" + show.OneLine(a.text) + ")"
	}
	return a, refusal{said + " is " + is + ", and no condition that profiles meet", hint}
}
