package repl

import (
	"strings"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// commandItem is a command of the session, or something that may follow one.
const commandItem lang.ItemKind = "command"

// maxArguments is how many arguments of a command are offered.
const maxArguments = 200

// completeCommand says what can stand at the cursor of a command: its name, and behind it what the command
// says.
func (m *Model) completeCommand(at input) (ast.Span, []lang.Item) {
	before := at.text[:at.cursor]
	start := strings.LastIndexAny(before, " \t\n") + 1
	span := ast.Span{Start: start, End: at.cursor}
	words := strings.Fields(before[:start])
	if len(words) == 0 && strings.HasPrefix(before[start:], "#") {
		return span, audienceArguments(m, before[start:])
	}
	if len(words) == 0 {
		return span, commandNames(before[start:])
	}
	if opens(before) {
		return m.completeOpen(before, strings.Index(before, words[0])+len(words[0]), at.cursor)
	}
	if name := strings.ToLower(words[0]); name == ".read" || name == ".export" && len(words) == 1 && before[start:] != "" && !strings.HasPrefix("redis:", before[start:]) && !strings.HasPrefix(before[start:], "redis:") {
		return completeFiles(before, strings.Index(before, words[0])+len(words[0]), at.cursor)
	}
	if after, ok := behindAgainst(before); ok {
		return m.completeOpen(before, after, at.cursor)
	}
	for _, c := range commandTable() {
		if c.name == strings.ToLower(words[0]) && c.complete != nil {
			items := c.complete(m, before[start:])
			fits, _ := lang.Best(len(items), maxArguments, func(i int) int { return lang.Fit(items[i].Text, before[start:]) })
			best := make([]lang.Item, len(fits))
			for i, k := range fits {
				best[i] = items[k]
			}
			return span, best
		}
	}
	return span, nil
}

// commandNames are the commands whose names typed fits.
func commandNames(typed string) []lang.Item {
	table := commandTable()
	fits, _ := lang.Best(len(table), len(table), func(i int) int {
		return lang.Fit(table[i].name[1:], strings.TrimPrefix(typed, "."))
	})
	items := make([]lang.Item, len(fits))
	for i, k := range fits {
		items[i] = lang.Item{Text: table[k].name, Kind: commandItem, Type: table[k].args, Doc: table[k].doc}
	}
	return items
}

// fieldArguments offers the paths of fields to a command.
func fieldArguments(m *Model, _ string) []lang.Item {
	fields := m.backend.Schema()
	items, places := make([]lang.Item, len(fields)), placesOf(fields)
	for i, f := range fields {
		items[i] = lang.Item{Text: places[f.Path].text, Kind: commandItem, Type: f.Type, Doc: f.Doc}
	}
	return items
}
