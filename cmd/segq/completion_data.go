package main

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/completion"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// redisTime is for a Redis that does not answer, as who presses Tab waits; one that does answers in
// milliseconds.
const redisTime = time.Second

// described puts candidates into cobra's form.
func described(found []completion.Candidate) []string {
	out := make([]string, 0, len(found))
	for _, c := range found {
		if !strings.ContainsAny(c.Text, "\n\t") { // that has no form in cobra's
			out = append(out, cobra.CompletionWithDesc(c.Text, c.About))
		}
	}
	return out
}

// goesOn says that a word is not complete with what was found, and keeps its order.
const goesOn = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveKeepOrder

func completeQuery(cmd *cobra.Command, args []string, typed string) (found []string, _ cobra.ShellCompDirective) {
	overData(cmd, args, func(d *completion.Data) { found = described(d.Query(typed)) })
	return found, goesOn
}

func completeField(leaves bool) completer {
	return func(cmd *cobra.Command, args []string, typed string) (found []string, _ cobra.ShellCompDirective) {
		overData(cmd, args, func(d *completion.Data) { found = described(d.Field(typed, leaves)) })
		return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

// completeFields completes the last of several fields, or all.
func completeFields(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	before := typed[:strings.LastIndexByte(typed, ',')+1]
	found, _ := completeField(true)(cmd, args, typed[len(before):])
	for i := range found {
		found[i] = before + found[i]
	}
	if strings.HasPrefix("all", typed) {
		found = append([]string{cobra.CompletionWithDesc("all", "all fields of at most 1,000 values")}, found...)
	}
	return found, goesOn
}

// completeType completes FIELD=TYPE.
func completeType(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	field, start, ok := strings.Cut(typed, "=")
	if !ok {
		found, _ := completeField(false)(cmd, args, typed)
		for i, f := range found {
			path, about, _ := strings.Cut(f, "\t")
			found[i] = cobra.CompletionWithDesc(path+"=", about)
		}
		return found, goesOn
	}
	var found []string
	for _, name := range load.TypeNames() {
		if strings.HasPrefix(name, start) {
			found = append(found, field+"="+name)
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// overData opens the data of a line and has complete look at it: files among the arguments, or what
// the workers say where a command has no data, or else the sample. Nothing is told, also of errors.
func overData(cmd *cobra.Command, args []string, complete func(*completion.Data)) {
	_ = exit.Guard(func() error {
		configured := configuredData(cmd)
		if published := publishedFor(cmd); published != nil {
			complete(completion.OfWorkers(published))
			return nil
		}
		var o dataset.Options
		given := pflag.NewFlagSet("", pflag.ContinueOnError)
		o.Register(given)
		copyFlags(cmd.Flags(), given)
		if len(args) == 0 {
			args = dataBehind(cmd.Context())
		}
		if len(args) == 0 {
			args = configured
		}
		d, err := completion.Open(cmd.Context(), args, o)
		if err != nil {
			return err
		}
		defer d.Close()
		complete(d)
		return nil
	})
}

// configuredData sets the flags of a line that files or the environment set, and returns the data that
// a file names.
func configuredData(cmd *cobra.Command) []string {
	g := &configuration{notes: discard{}}
	g.file, _ = cmd.Flags().GetString("config")
	g.none, _ = cmd.Flags().GetBool("no-config")
	if err := g.apply(cmd); err != nil {
		return nil
	}
	data, _ := g.data(cmd, nil)
	return data
}

// publishedFor returns what the workers say of their data, where a command asks them; nil for nothing.
func publishedFor(cmd *cobra.Command) *dataset.Published {
	ctx, cancel := context.WithTimeout(cmd.Context(), redisTime)
	defer cancel()
	attach := cmd.Flags().Lookup("attach")
	if cmd.Flags().Lookup("redis") == nil || attach != nil && attach.Value.String() != "true" {
		return nil
	}
	client := clientFor(ctx, cmd)
	if client == nil {
		return nil
	}
	defer client.Close()
	p, err := dataset.ReadPublished(ctx, client)
	if err != nil {
		return nil
	}
	return p
}

// clientFor returns a client of the Redis of a line, nil where there is none.
func clientFor(ctx context.Context, cmd *cobra.Command) *redisx.Client {
	var o broker.Options
	given := pflag.NewFlagSet("", pflag.ContinueOnError)
	o.Register(given)
	copyFlags(cmd.Flags(), given)
	client, err := o.Open(ctx)
	if err != nil {
		return nil
	}
	return client
}

// completeJobs completes the ids of the latest jobs.
func completeJobs(cmd *cobra.Command, args []string, typed string) (found []string, _ cobra.ShellCompDirective) {
	ctx, cancel := context.WithTimeout(cmd.Context(), redisTime)
	defer cancel()
	configuredData(cmd)
	client := clientFor(ctx, cmd)
	if client == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer client.Close()
	ids, err := client.Recent(ctx, 50)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	latest, err := jobsOf(ctx, client, ids)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for _, j := range latest {
		if strings.HasPrefix(j.ID, typed) && !slices.Contains(args, j.ID) {
			found = append(found, cobra.CompletionWithDesc(j.ID, string(j.State)))
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// completeSegments completes the names of published segments, of which test takes one before the ids.
func completeSegments(cmd *cobra.Command, args []string, typed string) (found []string, _ cobra.ShellCompDirective) {
	ctx, cancel := context.WithTimeout(cmd.Context(), redisTime)
	defer cancel()
	configuredData(cmd)
	client := clientFor(ctx, cmd)
	if client == nil || cmd.Name() == "list" || cmd.Name() == "test" && len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer client.Close()
	published, err := client.Segments(ctx, cmd.Flags().Lookup("tenant").Value.String())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for _, s := range published {
		if strings.HasPrefix(s.Name, typed) && !slices.Contains(args, s.Name) {
			found = append(found, cobra.CompletionWithDesc(s.Name, s.Kind+", "+show.Count(s.Count)))
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// completeSaved completes the names of saved segments, and completeSets those of sets of rules.
func completeSaved(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	return completeKept(cmd, args, typed, func(ctx context.Context, s store.Store) (names [][2]string, err error) {
		all, err := store.ListSaved(ctx, s)
		for _, one := range all {
			names = append(names, [2]string{one.Name, show.Count(one.Count) + ", " + queryLine(one.Query)})
		}
		return names, err
	})
}

func completeSets(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	return completeKept(cmd, args, typed, func(ctx context.Context, s store.Store) (names [][2]string, err error) {
		all, err := store.ListRules(ctx, s)
		for _, one := range all {
			names = append(names, [2]string{one.Name, show.Plural(one.Rules, "rule", "rules")})
		}
		return names, err
	})
}

// completeSavedThenData completes the name of a saved segment, and DATA behind it.
func completeSavedThenData(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return completeSaved(cmd, args, typed)
	}
	return completeData(cmd, args[1:], typed)
}

// completeKept completes the names that a store lists, each with what it is.
func completeKept(cmd *cobra.Command, args []string, typed string, list func(context.Context, store.Store) ([][2]string, error)) (found []string, _ cobra.ShellCompDirective) {
	ctx, cancel := context.WithTimeout(cmd.Context(), redisTime)
	defer cancel()
	configuredData(cmd)
	var o storePlace
	given := pflag.NewFlagSet("", pflag.ContinueOnError)
	o.register(given)
	copyFlags(cmd.Flags(), given)
	s, err := o.open(ctx)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer func() { _ = s.Close() }()
	names, err := list(ctx, s)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for _, n := range names {
		if strings.HasPrefix(n[0], typed) && !slices.Contains(args, n[0]) {
			found = append(found, cobra.CompletionWithDesc(n[0], n[1]))
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// copyFlags sets those of some flags that others have values for.
func copyFlags(from, to *pflag.FlagSet) {
	to.VisitAll(func(f *pflag.Flag) {
		given := from.Lookup(f.Name)
		if given == nil || given.Value.String() == given.DefValue {
			return
		}
		if list, ok := given.Value.(pflag.SliceValue); ok {
			var set []string
			for _, one := range list.GetSlice() {
				if !slices.Contains(set, one) { // cobra reads a line twice when it completes it
					set = append(set, one)
					_ = f.Value.Set(one)
				}
			}
			return
		}
		text := given.Value.String()
		if f.Value.Type() == "stringToString" {
			text = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
		}
		_ = f.Value.Set(text) // it was read as such before
	})
}

// dataBehind returns the files of data among the words behind the cursor.
func dataBehind(ctx context.Context) []string {
	words, ok := ctx.Value(afterKey{}).([]string)
	if !ok {
		words = strings.Split(os.Getenv("SEGQ_COMPLETION_AFTER"), "\n")
	}
	return slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		info, err := os.Stat(word)
		return err != nil || !info.IsDir() && !slices.ContainsFunc(load.Extensions(), func(end string) bool { return strings.HasSuffix(word, end) })
	})
}
