package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/lang/manual"
	"github.com/segq/segq/lang/spelling"
	"github.com/spf13/cobra"
)

// addGroup adds commands to root that the help lists together.
func addGroup(root *cobra.Command, title string, commands ...*cobra.Command) {
	root.AddGroup(&cobra.Group{ID: title, Title: title})
	for _, c := range commands {
		c.GroupID = title
	}
	root.AddCommand(commands...)
}

// setHelp makes root and its commands explain themselves by package help: -h prints what is needed
// most, --help everything.
func setHelp(root *cobra.Command, io console.Streams) {
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(helpCommand(root, io))
	root.SetHelpFunc(func(c *cobra.Command, args []string) {
		short := slices.Contains(args, "-h") && !slices.Contains(args, "--help")
		_ = help.Print(io.Out, c, short, helpWidth(io)) // what is lost, io.Out knows
	})
}

// helpWidth is how wide help is.
func helpWidth(io console.Streams) int {
	if !console.IsTerminal(io.Out.File) {
		return help.Width(0)
	}
	return help.Width(console.SizeOf(io.Out.File).Width)
}

func helpCommand(root *cobra.Command, io console.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | TOPIC | NAME]",
		Short: "Explain a command, a topic, or a word of the language",
		Long: `help explains a command, as COMMAND --help does, or a topic. Without one it lists the topics.
NAME is a function or a word of the query language, or a chapter of its manual, which is part of segq.`,
		Example: `  segq help formats
  segq help startsWith
  segq help occurs
  segq help manual | less`,
		ValidArgsFunction: completeHelp,
		RunE: func(_ *cobra.Command, args []string) error {
			return explainTopic(root, args, io)
		},
	}
}

// explainTopic explains what args name: a command, a topic or a word of the language.
func explainTopic(root *cobra.Command, args []string, io console.Streams) error {
	width := helpWidth(io)
	if len(args) == 0 {
		return help.PrintTopics(io.Out, root.Name(), topics(), width)
	}
	if c, rest, err := root.Find(args); err == nil && c != root && len(rest) == 0 {
		c.InitDefaultHelpFlag()
		return help.Print(io.Out, c, false, width)
	}
	name := strings.Join(args, " ")
	for _, t := range topics() {
		if strings.EqualFold(t.Name, name) {
			return help.PrintText(io.Out, t.Text(), width)
		}
	}
	i := slices.IndexFunc(topics(), func(t help.Topic) bool { return t.Leads(name) })
	found := manual.Find(name)
	switch {
	case found == nil && i >= 0:
		return help.PrintText(io.Out, topics()[i].Text(), width)
	case found == nil:
		return exit.Usage(unknownTopic(root, name))
	}
	if err := explainWord(found, io, width); err != nil || i < 0 {
		return err
	}
	return help.PrintText(io.Out, fmt.Sprintf("The flag --%s is another thing: %s help %s explains it.\n", name, root.Name(), topics()[i].Name), width)
}

// explainWord prints what the manual says of a word of the language.
func explainWord(found []manual.Entry, io console.Streams, width int) error {
	for i, e := range found {
		if i > 0 {
			fmt.Fprintln(io.Out)
		}
		text := strings.TrimSuffix("## "+e.Title, ".") + "\n\n" + e.Text
		if err := help.PrintText(io.Out, text, width); err != nil {
			return err
		}
	}
	fmt.Fprintln(io.Out)
	return help.PrintText(io.Out, "Examples are over four profiles, ann to dan, which segq help manual begins with.\n", width)
}

// unknownTopic says that there is no help about a name, and which one may have been meant.
func unknownTopic(root *cobra.Command, name string) error {
	names := manual.Names()
	for _, t := range topics() {
		names = append(append(names, t.Name), t.Also...)
	}
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	hint := root.Name() + " help lists the topics, " + root.Name() + " help functions the functions"
	if near := spelling.Nearest(name, names); near != "" {
		hint = "did you mean " + near + "? " + hint
	}
	return fmt.Errorf("there is no help about %q: %s", name, hint)
}
