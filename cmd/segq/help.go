package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/printer"
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
		Use:   "help [COMMAND | TOPIC | FLAG | NAME]",
		Short: "Explain a command, a topic, a flag, or a word of the language",
		Long: `help explains a command, as COMMAND --help does, or a topic. Without one it lists the topics.
FLAG is the name of a flag, with or without its hyphens. NAME is a function or a word of the query
language, or a chapter of its manual, which is part of segq.`,
		DisableFlagParsing: true, // help --ids is about that flag
		Example: `  segq help formats
  segq help startsWith
  segq help occurs
  segq help manual | less`,
		ValidArgsFunction: completeHelp,
		RunE: func(c *cobra.Command, args []string) error {
			args = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "--no-config" })
			if len(args) == 1 && (args[0] == "--help" || args[0] == "-h") {
				c.InitDefaultHelpFlag()
				return help.Print(io.Out, c, false, helpWidth(io))
			}
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
	if flag, ok := strings.CutPrefix(name, "-"); ok {
		if known, err := help.PrintFlag(io.Out, root, strings.TrimLeft(flag, "-"), width); known || err != nil {
			return err
		}
	}
	for _, t := range topics() {
		if strings.EqualFold(t.Name, topicMeant(name)) {
			return help.PrintText(io.Out, t.Text(), width)
		}
	}
	i := slices.IndexFunc(topics(), func(t help.Topic) bool { return t.Leads(name) })
	flag := strings.TrimLeft(name, "-")
	found := manual.Find(name)
	switch {
	case found == nil && i >= 0:
		return help.PrintText(io.Out, topics()[i].Text(), width)
	case found == nil || flag != name:
		if known, err := help.PrintFlag(io.Out, root, flag, width); known || err != nil {
			return err
		}
		return exit.Usage(unknownTopic(root, name))
	}
	if err := printEntries(found, io, width); err != nil || i < 0 {
		return err
	}
	return help.PrintText(io.Out, fmt.Sprintf("The flag --%s is another thing: %s help %s explains it.\n", name, root.Name(), topics()[i].Name), width)
}

// topicMeant returns the topic that a word stands for, or the word.
func topicMeant(word string) string {
	word = strings.ToLower(word)
	for topic, words := range map[string][]string{
		"exit-status":   {"exit", "exit-code", "exit-codes", "exit-statuses", "exit status", "exit code", "exit codes", "status codes"},
		"environment":   {"env", "variables"},
		"formats":       printer.Formats(),
		"configuration": {".segq.toml", "config.toml", "toml", "settings"},
		"redis":         {"queue", "worker", "workers"},
	} {
		if slices.Contains(words, word) {
			return topic
		}
	}
	return word
}

// printEntries prints entries of the manual.
func printEntries(found []manual.Entry, io console.Streams, width int) error {
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
	names = append(names, help.FlagNames(root)...)
	name = strings.TrimLeft(name, "-")
	near := spelling.Nearest(name, names)
	if few := max(1, len(name)/4); near != "" && spelling.Distance(strings.ToLower(name), strings.ToLower(near), few) <= few {
		hint = "did you mean " + near + "? " + hint
	}
	return fmt.Errorf("there is no help about %q: %s", name, hint)
}
