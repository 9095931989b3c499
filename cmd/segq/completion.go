package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/completion"
	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/manual"
	"github.com/segq/segq/redisx"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func completionCommand(io console.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish",
		Short: "Print the completion script of a shell",
		Long: `completion prints a script that makes a shell complete commands, flags, what flags take, files, fields,
and queries: segq -c 'loyalty.ti and Tab. Fields and values are those of the DATA on the line, or else of the
embedded sample. Values of fields that seem to say who somebody is are not shown.

To use it in this shell alone, load it as in the examples; to have it in all, write it to a file:

- bash (the package bash-completion): ~/.local/share/bash-completion/completions/segq
- zsh: _segq, in a folder of $fpath
- fish: ~/.config/fish/completions/segq.fish`,
		Example: `  source <(segq completion bash)
  source <(segq completion zsh)              # after compinit
  segq completion fish | source
  segq completion bash > ~/.local/share/bash-completion/completions/segq`,
		Args:      cobra.ExactArgs(1),
		ValidArgs: completion.Shells,
		RunE: func(_ *cobra.Command, args []string) error {
			if !slices.Contains(completion.Shells, args[0]) {
				return exit.Usage(fmt.Errorf("there is no completion for %q: choose one of %s", args[0], strings.Join(completion.Shells, ", ")))
			}
			_, err := fmt.Fprint(io.Out, completion.Script(args[0]))
			return err
		},
	}
}

// completeBashCommand is what the script of bash calls: with the line before the cursor, what is
// behind it, and the characters at which readline begins a word. It prints whether there may be files,
// and texts for bash.
func completeBashCommand(streams console.Streams) *cobra.Command {
	return &cobra.Command{
		Use: "__complete-bash BEFORE AFTER BREAKS", Hidden: true, Args: cobra.ExactArgs(3), DisableFlagParsing: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			line := completion.Split(args[0], args[2])
			after := completion.Split(args[0]+args[1], "").Words[len(line.Words):]
			var out bytes.Buffer
			root := rootCommand(streams)
			root.SetOut(&out)
			root.SetErr(discard{})
			root.SetArgs(append([]string{cobra.ShellCompRequestCmd}, line.Words[1:]...))
			if err := root.ExecuteContext(context.WithValue(cmd.Context(), afterKey{}, after)); err != nil {
				return err
			}
			found, directive := parseCandidates(out.String())
			kind := "words"
			if directive&cobra.ShellCompDirectiveNoFileComp == 0 {
				kind = "files"
			}
			current := line.Words[len(line.Words)-1]
			if flag, _, ok := strings.Cut(current, "="); ok && strings.HasPrefix(current, "-") {
				for i := range found {
					found[i].Text = flag + "=" + found[i].Text
				}
			}
			width, _ := strconv.Atoi(os.Getenv("SEGQ_COMPLETION_WIDTH"))
			replies := line.Replies(found, directive&cobra.ShellCompDirectiveNoSpace != 0, max(width-2, 20))
			_, err := fmt.Fprintln(streams.Out, strings.Join(append([]string{kind}, replies...), "\n"))
			return err
		},
	}
}

// afterKey is the key of the words behind the cursor, in a context.
type afterKey struct{}

// discard takes what nobody reads.
type discard struct{}

// Write does nothing.
func (discard) Write(b []byte) (int, error) { return len(b), nil }

// parseCandidates reads what cobra prints for shells.
func parseCandidates(text string) (found []completion.Candidate, directive cobra.ShellCompDirective) {
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if n, err := strconv.Atoi(strings.TrimPrefix(line, ":")); err == nil && strings.HasPrefix(line, ":") {
			directive = cobra.ShellCompDirective(n)
			continue
		}
		word, about, _ := strings.Cut(line, "\t")
		found = append(found, completion.Candidate{Text: word, About: about})
	}
	return found, directive
}

// completer finds what can follow what was typed.
type completer = func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective)

// setCompletions makes the commands below root, and their flags, know what can follow.
func setCompletions(root *cobra.Command) {
	var all func(c *cobra.Command)
	all = func(c *cobra.Command) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			_ = c.RegisterFlagCompletionFunc(f.Name, completerOf(c, f)) // of a flag of c
		})
		if c.ValidArgsFunction == nil && c.ValidArgs == nil {
			c.ValidArgsFunction = argumentsOf(c)
		}
		for _, sub := range c.Commands() {
			all(sub)
		}
	}
	all(root)
}

// argumentsOf returns what completes the arguments of a command, by the words of its usage.
func argumentsOf(c *cobra.Command) completer {
	switch {
	case c.Name() == "save", c.Name() == "diff":
		return completeSavedThenData
	case c.HasParent() && c.Parent().Name() == "saved":
		return completeSaved
	case c.HasParent() && c.Parent().Name() == "rules":
		return completeSets
	case strings.Contains(c.Use, "[DATA ...]"):
		return completeData
	case strings.Contains(c.Use, "FILE"), strings.Contains(c.Use, "DIR"):
		return files
	case c.HasParent() && c.Parent().Name() == "segments":
		return completeSegments
	case strings.Contains(c.Use, " ID ..."):
		return completeJobs
	}
	return nothing
}

// completerOf returns what completes the value of a flag: the words that it takes, or what its usage
// calls it.
func completerOf(c *cobra.Command, f *pflag.Flag) completer {
	if f.Name == "set" {
		return completeSets
	}
	words := wordsOf(c, f)
	if words == nil && f.Name != "type" {
		words = config.OneOf(f)
	}
	if words != nil {
		return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			fit := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !strings.HasPrefix(w, typed) })
			return fit, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
		}
	}
	switch f.Name {
	case "command", "select":
		return completeQuery
	case "by", "id", "events":
		return completeField(f.Name == "by")
	case "lift":
		return completeFields
	case "type":
		return completeType
	}
	switch name, _ := pflag.UnquoteUsage(f); name {
	case "FILE":
		return files
	case "DIR":
		return cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)
	}
	return nothing
}

// wordsOf returns the words that a flag takes that no file may set, nil for any.
func wordsOf(c *cobra.Command, f *pflag.Flag) []string {
	switch f.Name {
	case "delimiter":
		return []string{",", ";", "|", "tab"}
	case "input-format":
		return load.FormatNames()
	case "encoding":
		return load.EncodingNames()
	case "log-format":
		return []string{"json", "text"}
	case "log-level":
		return []string{"debug", "info", "warn", "error"}
	case "op":
		return submitted
	case "as":
		return append(slices.Clone(redisx.Kinds), redisx.ToFile)
	case "to":
		if c.Name() == "fmt" {
			return fmtForms
		}
		return append(slices.Clone(redisx.Kinds), redisx.ToFile)
	}
	return nil
}

func files(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

func nothing(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveNoFileComp
}

// completeData completes the names of files that hold data, and of folders.
func completeData(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	if strings.ContainsAny(typed, "~$*?") {
		return nil, cobra.ShellCompDirectiveDefault // the shell knows what that is
	}
	dir, start := filepath.Split(typed)
	entries, err := os.ReadDir(filepath.Join(".", dir))
	if filepath.IsAbs(dir) {
		entries, err = os.ReadDir(dir)
	}
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var found []string
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, start) || strings.HasPrefix(name, ".") && !strings.HasPrefix(start, ".") {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, name)) // what a link leads to
		switch {
		case err != nil:
		case info.IsDir():
			found = append(found, dir+name+"/")
		case slices.ContainsFunc(load.Extensions(), func(end string) bool { return strings.HasSuffix(strings.ToLower(name), end) }):
			found = append(found, dir+name)
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// completeHelp completes what help explains.
func completeHelp(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	var found []string
	parent, _, _ := cmd.Root().Find(args)
	for _, c := range parent.Commands() {
		if c.IsAvailableCommand() && strings.HasPrefix(c.Name(), typed) {
			found = append(found, cobra.CompletionWithDesc(c.Name(), c.Short))
		}
	}
	if len(args) > 0 {
		return found, cobra.ShellCompDirectiveNoFileComp
	}
	for _, t := range topics() {
		if strings.HasPrefix(t.Name, typed) {
			found = append(found, cobra.CompletionWithDesc(t.Name, t.Short))
		}
	}
	for _, f := range manual.Functions() {
		if strings.HasPrefix(f.Title, typed) {
			found = append(found, cobra.CompletionWithDesc(f.Title, strings.ReplaceAll(manual.Brief(f.Text), "`", "")))
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}
