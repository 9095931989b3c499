package help

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/segq/segq/repl/show"
)

// Topic is something that help explains besides the commands.
type Topic struct {
	Name, Short string
	// Also are other words that lead to it.
	Also []string
	// Text is in Markdown.
	Text func() string
}

// Leads says whether a word leads to the topic.
func (t Topic) Leads(word string) bool {
	return slices.ContainsFunc(t.Also, func(also string) bool { return strings.EqualFold(also, word) })
}

// PrintText prints a text in Markdown in lines of so many cells at most.
func PrintText(w io.Writer, text string, width int) error {
	_, err := io.WriteString(w, show.Markdown(text, width))
	return err
}

// PrintTopics lists the topics.
func PrintTopics(w io.Writer, root string, topics []Topic, width int) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Topics (%s help TOPIC):\n", root)
	items := make([]item, len(topics))
	for i, t := range topics {
		items[i] = item{t.Name, t.Short}
	}
	items = append(items, item{"functions", "the functions of the language"}, item{"FLAG", "a flag, with or without its hyphens: ids, --by"}, item{"NAME", "a function, a word or a chapter of the language: startsWith, occurs, time"}, item{"COMMAND", "a command: " + root + " COMMAND --help"})
	writeItems(&b, items, width)
	_, err := io.WriteString(w, b.String())
	return err
}
