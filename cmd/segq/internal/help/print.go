package help

import (
	"io"
	"strings"

	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

const (
	// leastWidth and mostWidth bound how wide help is, and usualWidth is for what is no terminal.
	leastWidth, usualWidth, mostWidth = 40, 80, 100
	// textAt is the column in which the meanings of terms begin.
	textAt = 28
)

// Width returns how wide help is on a terminal of so many columns, 0 where there is none.
func Width(columns int) int {
	if columns == 0 {
		return usualWidth
	}
	return max(leastWidth, min(columns, mostWidth))
}

// Print prints the help of a command in lines of so many cells at most, or, where it has much of
// it, what is needed most.
func Print(w io.Writer, c *cobra.Command, short bool, width int) error {
	short = short && hasCommon(c.Flags())
	var b strings.Builder
	for i, s := range sectionsOf(c, short) {
		if i > 0 {
			b.WriteByte('\n')
		}
		if s.title != "" {
			b.WriteString(s.title + ":\n")
		}
		if s.text != "" {
			b.WriteString(show.Markdown(narrow(s.text, width), width))
		}
		writeItems(&b, s.items, width)
	}
	b.WriteString("\n" + show.Markdown(further(c, short), width))
	_, err := io.WriteString(w, b.String())
	return err
}

// narrow puts the remark of an example that is too wide on a line before it.
func narrow(text string, width int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		command, remark, ok := strings.Cut(line, " # ")
		if ok && strings.HasPrefix(line, "  ") && show.Cells(strings.TrimRight(line, "\n")) > width {
			b.WriteString("  # " + strings.TrimRight(remark, "\n") + "\n")
			line = strings.TrimRight(command, " ") + "\n"
		}
		b.WriteString(line)
	}
	return b.String()
}

// further says where more help is.
func further(c *cobra.Command, short bool) string {
	root := c.Root().Name()
	switch {
	case short:
		return "All flags: " + c.CommandPath() + " --help. Topics, such as formats, exit statuses and the language: " + root + " help."
	case !c.HasParent():
		return "Of a command: " + root + " COMMAND --help. Topics, such as formats, exit statuses and the language: " + root + " help."
	case c.HasAvailableSubCommands():
		return "Of a command: " + c.CommandPath() + " COMMAND --help."
	}
	return "Topics, such as formats, exit statuses and the language: " + root + " help."
}

// writeItems writes terms with their meanings beside them, or below those that are long.
func writeItems(b *strings.Builder, items []item, width int) {
	at := 0
	for _, it := range items {
		if n := show.Cells(it.term) + 4; n <= textAt {
			at = max(at, n)
		}
	}
	if at == 0 || width < 60 {
		at = 8
	}
	for _, it := range items {
		line := "  " + it.term
		for i, text := range show.Wrap(it.text, width-at) {
			if i == 0 && show.Cells(line)+2 > at {
				b.WriteString(line + "\n")
				line = ""
			}
			b.WriteString(strings.TrimRight(line+strings.Repeat(" ", at-show.Cells(line))+text, " ") + "\n")
			line = ""
		}
	}
}
