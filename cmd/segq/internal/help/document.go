package help

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func init() { cobra.EnableCommandSorting = false } // the order is ours: what is needed most comes first

// section is a part of the help of a command: a text in Markdown, then terms with what they mean.
type section struct {
	title string
	text  string
	items []item
}

// item is a term, such as a flag, and what it means.
type item struct{ term, text string }

// sectionsOf returns the help of a command, or what is needed most of it.
func sectionsOf(c *cobra.Command, short bool) []section {
	sections := []section{{text: about(c, short)}, {title: "Usage", text: indented(usageLines(c))}}
	if c.Example != "" {
		sections = append(sections, section{title: "Examples", text: c.Example})
	}
	sections = append(sections, commandSections(c)...)
	for _, g := range flagGroups(c.Flags(), short) {
		s := section{title: string(g.heading)}
		for _, flag := range g.flags {
			s.items = append(s.items, flagItem(flag))
		}
		sections = append(sections, s)
	}
	return sections
}

// about says what a command is for.
func about(c *cobra.Command, short bool) string {
	if c.Long == "" || short {
		return c.Short + "."
	}
	return c.Long
}

func indented(lines []string) string { return "  " + strings.Join(lines, "\n  ") }

// usageLines returns the forms in which a command is called.
func usageLines(c *cobra.Command) []string {
	var lines []string
	if c.Runnable() {
		lines = append(lines, c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		lines = append(lines, c.CommandPath()+" COMMAND ...")
	}
	return lines
}

// commandSections returns the commands below c, by their groups.
func commandSections(c *cobra.Command) []section {
	groups := slices.Clone(c.Groups())
	if len(groups) == 0 {
		groups = []*cobra.Group{{Title: "Commands"}}
	}
	var sections []section
	for _, g := range groups {
		s := section{title: g.Title}
		if g.ID != "" {
			s.title = "Commands: " + g.Title
		}
		for _, sub := range c.Commands() {
			if sub.GroupID == g.ID && available(sub) {
				s.items = append(s.items, item{sub.Name(), sub.Short})
			}
		}
		if s.items != nil {
			sections = append(sections, s)
		}
	}
	return sections
}

// available says whether help lists a command: cobra leaves out its own help.
func available(c *cobra.Command) bool { return c.IsAvailableCommand() || c.Name() == "help" }

// flagItem returns a flag as it is written, and what it means.
func flagItem(flag *pflag.Flag) item {
	value, usage := pflag.UnquoteUsage(flag)
	switch flag.Name {
	case "help":
		usage = "print this; -h, where there is more, only what is needed most"
	case "version":
		usage = "print the version"
	}
	term := "    --" + flag.Name
	if flag.Shorthand != "" {
		term = "-" + flag.Shorthand + ", --" + flag.Name
	}
	switch value {
	case "":
	case "string", "stringToString", "stringArray":
		term += " WORD"
	case "int", "uint", "float":
		term += " N"
	default:
		term += " " + strings.ToUpper(value)
	}
	if !strings.Contains(usage, "default") && !slices.Contains([]string{"", "0", "false", "0s", "[]"}, flag.DefValue) {
		value := flag.DefValue
		if flag.Value.Type() == "string" {
			value = `"` + value + `"`
		}
		usage += " (default " + value + ")"
	}
	return item{term, usage}
}
