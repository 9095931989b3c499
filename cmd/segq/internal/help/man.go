package help

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

// Pages says what manual pages have in their heads and feet.
type Pages struct {
	Version string
	// Date is that of the source, "" where nobody knows it: pages of one source are the same.
	Date string
}

// WritePages writes a manual page for each command that is not hidden (man1 below dir), and each
// topic (man7). It returns the names of the files.
func WritePages(dir string, root *cobra.Command, topics []Topic, p Pages) ([]string, error) {
	var names []string
	write := func(name, text string) error {
		folder := filepath.Join(dir, "man"+name[len(name)-1:])
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		names = append(names, filepath.Join(folder, name))
		return os.WriteFile(names[len(names)-1], []byte(text), 0o644)
	}
	for _, c := range withBelow(root) {
		c.InitDefaultHelpFlag()
		c.InitDefaultVersionFlag()
		if err := write(pageName(c)+".1", p.command(c, topics)); err != nil {
			return names, err
		}
	}
	for _, t := range topics {
		if err := write(topicPage(root, t)+".7", p.topic(root, t)); err != nil {
			return names, err
		}
	}
	return names, nil
}

// withBelow returns c and all commands below it that are not hidden.
func withBelow(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		if available(sub) {
			all = append(all, withBelow(sub)...)
		}
	}
	return all
}

func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

func topicPage(root *cobra.Command, t Topic) string { return root.Name() + "-" + t.Name }

func (p Pages) head(name string, section int, about string) string {
	return fmt.Sprintf(".TH %s %d \"%s\" \"segq %s\" \"segq manual\"\n.SH NAME\n%s \\- %s\n",
		roff(strings.ToUpper(name)), section, p.Date, roff(p.Version), roff(name), roff(about))
}

// command returns the page of a command.
func (p Pages) command(c *cobra.Command, topics []Topic) string {
	var b strings.Builder
	b.WriteString(p.head(pageName(c), 1, c.Short))
	sections := sectionsOf(c, false)
	sections[0].title, sections[1].title = "Description", "Synopsis"
	sections[0], sections[1] = sections[1], sections[0]
	for _, s := range sections {
		fmt.Fprintf(&b, ".SH \"%s\"\n", roff(strings.ToUpper(s.title)))
		b.WriteString(roffText(s.text))
		for _, it := range s.items {
			fmt.Fprintf(&b, ".TP\n\\fB%s\\fR\n%s\n", roff(strings.TrimSpace(it.term)), roffLine(it.text))
		}
	}
	b.WriteString(".SH \"SEE ALSO\"\n" + strings.Join(seeAlso(c, topics), ",\n") + "\n")
	return b.String()
}

// seeAlso returns references to the commands above and below, and to the topics.
func seeAlso(c *cobra.Command, topics []Topic) []string {
	var pages []string
	if c.HasParent() {
		pages = append(pages, pageName(c.Parent())+"(1)")
	}
	for _, sub := range c.Commands() {
		if available(sub) {
			pages = append(pages, pageName(sub)+"(1)")
		}
	}
	for _, t := range topics {
		pages = append(pages, topicPage(c.Root(), t)+"(7)")
	}
	for i, page := range pages {
		pages[i] = "\\fB" + roff(strings.TrimSuffix(page[:len(page)-3], "(")) + "\\fR" + page[len(page)-3:]
	}
	return pages
}

// topic returns the page of a topic.
func (p Pages) topic(root *cobra.Command, t Topic) string {
	return p.head(topicPage(root, t), 7, t.Short) + ".SH DESCRIPTION\n" + roffText(t.Text()) +
		".SH \"SEE ALSO\"\n\\fB" + roff(root.Name()) + "\\fR(1)\n"
}

// pageWidth is how wide tables are on pages, whose text is indented.
const pageWidth = 70

// roffText returns a text in Markdown in the language of manual pages.
func roffText(text string) string {
	var b strings.Builder
	blocks := show.Blocks(text)
	for i, block := range blocks {
		switch block.Kind {
		case show.Heading:
			switch block.Level {
			case 1:
			case 2:
				if i > 0 { // else it is the title of the topic
					fmt.Fprintf(&b, ".SH \"%s\"\n", roff(strings.ToUpper(block.Text)))
				}
			default:
				fmt.Fprintf(&b, ".SS \"%s\"\n", roff(block.Text))
			}
		case show.Paragraph:
			if b.Len() > 0 && blocks[i-1].Kind != show.Heading {
				b.WriteString(".PP\n")
			}
			b.WriteString(roffLine(block.Text) + "\n")
		case show.Item:
			b.WriteString(".IP \\(bu 2\n" + roffLine(block.Text) + "\n")
		case show.Code:
			writeExample(&b, i > 0 && blocks[i-1].Kind != show.Heading, block.Text)
		case show.Grid:
			writeExample(&b, i > 0 && blocks[i-1].Kind != show.Heading, strings.TrimRight(show.TableText(block.Rows, pageWidth), "\n"))
		}
	}
	return b.String()
}

// writeExample writes lines as they are.
func writeExample(b *strings.Builder, apart bool, text string) {
	if apart {
		b.WriteString(".PP\n")
	}
	b.WriteString(".nf\n")
	for _, line := range strings.Split(text, "\n") {
		b.WriteString(roff(line) + "\n")
	}
	b.WriteString(".fi\n")
}

// roffLine returns a line of text; what is in backquotes is bold.
func roffLine(text string) string {
	parts := strings.Split(text, "`")
	if len(parts)%2 == 0 {
		return roff(text)
	}
	for i, part := range parts {
		parts[i] = escape.Replace(part)
		if i%2 == 1 {
			parts[i] = "\\fB" + parts[i] + "\\fR"
		}
	}
	return guarded(strings.Join(parts, ""))
}

var escape = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, `"`, `\(dq`, "^", `\(ha`, "~", `\(ti`, "`", `\(ga`)

// roff returns a text that means itself.
func roff(text string) string { return guarded(escape.Replace(text)) }

// guarded keeps a line from being a request.
func guarded(line string) string {
	if strings.HasPrefix(line, ".") {
		return `\&` + line
	}
	return line
}
