package repl

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// order says of what is written behind a command whether it stands in another order than the command takes: what comes
// first, and all of it in the right order; "" for both where it does not. A word that named holds for names an audience.
type order func(written string, named func(word string) bool) (first, right string)

// misordered says what is wrong with the order of the arguments in a line that is a command, and what is meant.
func misordered(line string, names []string) *ast.Diagnostic {
	c, start := lineOf(line)
	if c == nil || c.order == nil {
		return nil
	}
	written := behindName(line)
	first, right := c.order(written, func(word string) bool { return isOwn(word) || slices.Contains(names, strings.Trim(word, quotes)) })
	if right == "" {
		return nil
	}
	at := ast.Span{Start: start, End: start + len(written)}
	return &ast.Diagnostic{Code: "argument-order", Message: c.name + " takes " + first, Hint: "write " + c.name + " " + show.OneLine(right), Instead: right, At: at}
}

// isOwn says whether a word is a query of the session by its sign: #3, #gold, or _ for the last one.
func isOwn(word string) bool { return word == "_" || len(word) > 1 && word[0] == '#' }

// countLast puts a number of what is wanted, or all, before the audience that it was written behind.
func countLast(text string, named func(string) bool) (right string) {
	a := arguments{text: text}
	about := a.take(named)
	n, all := a.count()
	switch rest := a.rest(); {
	case about == "" || n == 0 && !all || rest.Start < rest.End:
		return ""
	default:
		return strings.TrimSpace(text[strings.Index(text, about)+len(about):]) + " " + about
	}
}

// fieldFirst is the order of .by.
func fieldFirst(written string, named func(string) bool) (first, right string) {
	a := arguments{text: written}
	word := a.word()
	rest := written[a.rest().Start:]
	number, others := cutFlag(rest, "--top")
	switch behind := countLast(rest, named); {
	case number != "":
		return "the number of values without a flag", strings.TrimSpace(word + " " + number + " " + others)
	case strings.HasSuffix(word, ","), strings.HasPrefix(rest, ","):
		return "one field", strings.Trim(word, ",")
	case word == "" || rest == "":
		return "", ""
	case behind != "" && !isOwn(word):
		return "the number of values before the audience", word + " " + behind
	case isOwn(word), named(word) && isPath(strings.TrimSpace(rest)) && !named(rest):
		return "the field first", rest + " " + word
	}
	return "", ""
}

// countFirst is the order of .sample.
func countFirst(written string, named func(string) bool) (first, right string) {
	end, _ := beforeWord(written, "with")
	if at := flagsAt(written); at < len(written) {
		if columns, ok := strings.CutPrefix(written[at:], "--select"); ok && end == len(written) {
			return "its columns behind with", strings.TrimSpace(written[:at]) + " with " + strings.TrimLeft(columns, " =")
		}
	}
	if behind := countLast(written[:end], named); behind != "" {
		return "the number of profiles first", strings.TrimSpace(behind + " " + written[end:])
	}
	return "", ""
}

// secondsFirst is the order of .watch.
func secondsFirst(written string, named func(string) bool) (first, right string) {
	a := arguments{text: written}
	about := a.take(named)
	every := a.word()
	if _, is, _ := secondsOf(every); about == "" || !is || a.rest().Start < len(written) {
		return "", ""
	}
	return "the seconds first", every + " " + about
}

// marksBetween is the order of .overlap: a query that is written behind a name has a mark before it.
func marksBetween(written string, named func(string) bool) (first, right string) {
	a := arguments{text: written}
	about := a.take(func(word string) bool { return named(word) && !isOwn(word) })
	rest := written[a.rest().Start:]
	if about == "" || strings.ContainsAny(written, ";,") || areNames(rest) != nil || isOperator(rest) || rest == "" {
		return "", ""
	}
	return "; between an audience and a query", about + "; " + rest
}

// cutFlag takes the value of a flag out of a text, "" where it is not there.
func cutFlag(text, flag string) (value, others string) {
	before, behind, ok := strings.Cut(" "+text, " "+flag)
	if !ok || behind == "" || behind[0] != ' ' && behind[0] != '=' {
		return "", text
	}
	value, rest := cutName(strings.TrimLeft(behind, " ="))
	return value, strings.TrimSpace(strings.TrimSpace(before) + " " + rest)
}

// idFirst is the order of .why.
func idFirst(written string, named func(string) bool) (first, right string) {
	a := arguments{text: written}
	about, id := a.take(named), a.word()
	if about == "" || id == "" || named(id) || a.rest().Start < len(written) {
		return "", ""
	}
	return "the id first", id + " " + about
}

// fileFirst is the order of .export.
func fileFirst(written string, named func(string) bool) (first, right string) {
	at := flagsAt(written)
	a := arguments{text: written[:at]}
	about, file := a.take(named), a.word()
	if about == "" || !strings.ContainsAny(file, ".:") || a.rest().Start < at {
		return "", ""
	}
	return "the file first", strings.TrimSpace(file + " " + about + " " + written[at:])
}

// nameFirst is the order of .save.
func nameFirst(written string, _ func(string) bool) (first, right string) {
	at := flagsAt(written)
	a := arguments{text: written[:at]}
	about, name := a.take(isOwn), a.word()
	if about == "" || name == "" || isOwn(name) || a.rest().Start < at {
		return "", ""
	}
	return "the name first", strings.TrimSpace(name + " " + about + " " + written[at:])
}

// commasBetween is the order of .lift: fields have commas between them, which are lacking where several words stand alone.
func commasBetween(written string, named func(string) bool) (first, right string) {
	a := arguments{text: written}
	var fields []string
	for word := a.take(isPath); word != "" && !named(word) && word != allFields; word = a.take(isPath) {
		fields = append(fields, word)
		if next, _ := a.peek(); named(next) {
			break
		}
	}
	about := a.word()
	if len(fields) < 2 || about != "" && !named(about) || a.rest().Start < len(written) {
		return "", ""
	}
	return "commas between fields", strings.TrimSpace(strings.Join(fields, ", ") + " " + about)
}

// isPath says whether a word is a name, or several with dots between them.
func isPath(word string) bool {
	return !strings.ContainsFunc(strings.ReplaceAll(word, "`", ""), func(r rune) bool { return !wordRune(r) && r != '.' })
}

// planFirst is the order of .explain.
func planFirst(written string, named func(string) bool) (first, right string) {
	a := arguments{text: written}
	about, plan := a.take(named), a.word()
	if about == "" || plan != "plan" || a.rest().Start < len(written) {
		return "", ""
	}
	return "the word plan first", "plan " + about
}
