package repl

import (
	"slices"
	"strings"
)

// bareWords are what people type in other programs, and the commands that they mean.
var bareWords = map[string]string{
	"quit": ".quit", "exit": ".exit", "help": ".help", "?": ".help",
	":q": ".quit", ":q!": ".quit", ":quit": ".quit", ":wq": ".quit", `\q`: ".quit",
	`\d`: ".fields", `\dt`: ".fields", "describe": ".fields", "desc": ".fields", ".tables": ".fields", ".describe": ".fields",
	`\timing`: ".timing",
	":h":      ".help", ":help": ".help", `\h`: ".help", `\?`: ".help",
}

// bare returns the command that an input means which is one such word, with an argument for help, or "".
// A word that is the name of a field is a query.
func (m *Model) bare(text string) string {
	words := strings.Fields(strings.TrimRight(text, "; \t\n"))
	if len(words) == 1 && words[0] == "_" {
		return recallCommand().name + " " + words[0]
	}
	if len(words) == 0 || len(words) > 2 {
		return ""
	}
	if marked := strings.TrimSpace(withMarks(strings.Join(words, " "))); isRecall(marked) && marked != words[0] {
		return recallCommand().name + " " + marked
	}
	word := strings.ToLower(strings.TrimSuffix(words[0], "()"))
	command := bareWords[word]
	if command == "" || len(words) == 2 && command != ".help" {
		return ""
	}
	if slices.ContainsFunc(m.backend.Schema(), func(f Field) bool { return strings.EqualFold(f.Path, word) }) {
		return ""
	}
	return strings.Join(append([]string{command}, words[1:]...), " ")
}
