package repl

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
)

func pagerCommand() dotCommand {
	return dotCommand{
		name: ".pager", args: "[when]", doc: "when answers open in a pager: on, off or always",
		more: []string{
			"  on      answers that are longer than the screen, which keeps their beginning",
			"  always  every answer",
			"  off     none: they are printed, however long they are",
			"  The pager is SEGQ_PAGER, else PAGER, else less. It does not open while you type or something runs; .last opens it then.",
		},
		early: true, do: (*Model).setPager, complete: oneOf(pageLong, pageAlways, pageNever),
	}
}

// setPager says when the pager is used, or changes that.
func (m *Model) setPager(args []string) tea.Cmd {
	now := m.paging.mode
	if now == "" {
		now = pageLong
	}
	choice, ok := m.choose(".pager", args, now, pageLong, pageAlways, pageNever)
	if !ok {
		return nil
	}
	m.paging = paging{mode: choice, gone: m.paging.gone}
	if len(args) > 0 {
		m.paging.gone = "" // it may be there by now
	}
	if !m.pageable() {
		m.print("a session of lines has no pager")
		return nil
	}
	m.print(".pager is " + choice)
	if m.paging.gone != "" {
		m.print("there is none now: " + m.paging.gone)
	}
	return nil
}

// choose returns the word that a command was given, or what there is now; ok is false, and something said, where it
// takes no such word.
func (m *Model) choose(command string, args []string, now string, words ...string) (choice string, ok bool) {
	if len(args) == 0 {
		return now, true
	}
	for _, w := range words {
		if len(args) == 1 && strings.EqualFold(args[0], w) {
			return w, true
		}
	}
	m.print(m.palette.paint(boldRed, "error: ") + command + " takes one of " + strings.Join(words, ", "))
	return "", false
}

// oneOf completes an argument that is one of some words.
func oneOf(words ...string) func(*Model, string) []lang.Item {
	return func(*Model, string) (items []lang.Item) {
		for _, w := range words {
			items = append(items, lang.Item{Text: w, Kind: commandItem})
		}
		return items
	}
}
