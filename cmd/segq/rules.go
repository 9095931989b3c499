package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/jobs"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func rulesCommand(io console.Streams) *cobra.Command {
	var files []string
	put := storeCommand("put NAME", "Keep rules as a set", `put keeps the rules of files (-f), or of standard input, as the set NAME. What was there before stays an
older version, of which there are up to ten; the same rules again are the version that is there. A file may be anything that
-f of segq takes. Rules that cannot be read are an error, and nothing is kept; whether they fit some data is found out when
they are asked.`, cobra.ExactArgs(1),
		func(f *pflag.FlagSet) {
			f.StringArrayVarP(&files, "file", "f", nil, "take the rules of this `FILE` (- for standard input); may be given more than once")
		},
		func(ctx context.Context, s store.Store, o *storePlace, args []string) error {
			return putRules(ctx, s, o, args[0], files, io)
		})
	put.Example = `  segq rules put nightly -f rules.pql
  segq --set nightly p.parquet
  segq rules put nightly --redis redis://127.0.0.1:6379 -f rules.pql`
	list := storeCommand("list [NAME]", "List sets of rules, or the versions of one", "", cobra.MaximumNArgs(1), nil,
		func(ctx context.Context, s store.Store, o *storePlace, args []string) error {
			sets, err := listedRules(ctx, s, args)
			if err != nil {
				return unkept(err)
			}
			return printRuleSets(io.Out, o.json, sets)
		})
	version := 0
	print := storeCommand("show NAME", "Print the rules of a set", `show prints the rules of a set as they were put: the texts of its files, one after another. NAME@VERSION, or --version,
is an older version. With --json it prints a line for each rule.`, cobra.ExactArgs(1),
		func(f *pflag.FlagSet) { f.IntVar(&version, "version", 0, "this version (default the latest)") },
		func(ctx context.Context, s store.Store, o *storePlace, args []string) error {
			return showRules(ctx, s, o, args[0], version, io)
		})
	drop := storeCommand("drop NAME ...", "Drop sets of rules, with all their versions", "", cobra.MinimumNArgs(1), nil,
		func(ctx context.Context, s store.Store, _ *storePlace, names []string) error {
			for _, name := range names {
				if err := store.DropRules(ctx, s, name); err != nil {
					return unkept(err)
				}
			}
			return nil
		})
	c := &cobra.Command{Use: "rules", Short: "Keep sets of rules", Long: `rules keeps sets of rules, in versions: in a file of yours (--store), or with --redis in Redis, where commands of the queue
name a set instead of bringing thousands of rules. --set NAME asks the rules of a set.`}
	c.AddCommand(put, list, print, drop)
	return c
}

// putRules keeps the rules of files as a set.
func putRules(ctx context.Context, s store.Store, o *storePlace, name string, files []string, streams console.Streams) error {
	sources, err := rules.Read(ctx, nil, files, streams.In)
	if err != nil {
		return err
	}
	set, err := store.NewRules(name, sources)
	var wrong store.WrongRules
	if errors.As(err, &wrong) {
		for _, w := range wrong.Rules {
			for _, d := range w.Errors {
				fmt.Fprint(streams.Err, lang.Render(d, w.Source.Name, w.Source.Text))
			}
		}
		return &exit.Error{Status: exit.WrongQuery, Err: fmt.Errorf("%w; nothing was kept", wrong)}
	}
	if err != nil {
		return exit.Usage(err)
	}
	fresh, err := store.PutRules(ctx, s, set)
	if err != nil {
		return exit.Data(err)
	}
	if o.json {
		return json.NewEncoder(streams.Out).Encode(ruleSetJSON(set))
	}
	said := "is kept as version"
	if !fresh {
		said = "is there already, as version"
	}
	if set.Mended {
		said = "could not be read any more, and is there again, as version"
	}
	_, err = fmt.Fprintf(streams.Out, "%s with %s %s %d in %s\n", set.Name, show.Plural(set.Rules, "rule", "rules"), said, set.Version, show.Clean(s.Place()))
	return err
}

// listedRules returns the sets that are to be listed.
func listedRules(ctx context.Context, s store.Store, names []string) ([]*store.RuleSet, error) {
	if len(names) == 1 {
		return store.RuleVersions(ctx, s, names[0])
	}
	return store.ListRules(ctx, s)
}

// ruleSetJSON is what is printed of a set as JSON.
func ruleSetJSON(set *store.RuleSet) any {
	return struct {
		Name    string    `json:"name"`
		Version int       `json:"version"`
		Rules   int       `json:"rules"`
		Bytes   int       `json:"bytes"`
		At      time.Time `json:"at"`
	}{set.Name, set.Version, set.Rules, set.Bytes, set.At}
}

// printRuleSets prints what there is of sets.
func printRuleSets(w io.Writer, asJSON bool, sets []*store.RuleSet) error {
	rows := [][]string{{"NAME", "VERSION", "RULES", "BYTES", "PUT"}}
	for _, set := range sets {
		if asJSON {
			if err := json.NewEncoder(w).Encode(ruleSetJSON(set)); err != nil {
				return err
			}
			continue
		}
		rows = append(rows, []string{set.Name, strconv.Itoa(set.Version), show.Count(set.Rules), show.Count(set.Bytes), set.At.Format(time.RFC3339)})
	}
	if !asJSON {
		jobs.Columns(w, rows)
	}
	return nil
}

// showRules prints the rules of a set.
func showRules(ctx context.Context, s store.Store, o *storePlace, text string, version int, io console.Streams) error {
	name, own, err := store.CutVersion(text)
	if err != nil || version < 0 || own > 0 && version > 0 && own != version {
		return exit.Usage(errors.Join(err, errors.New("give one version, 1 or more")))
	}
	set, err := store.Rules(ctx, s, name, max(version, own))
	if err != nil {
		return unkept(err)
	}
	if o.json {
		return showRulesJSON(set, io)
	}
	for i, source := range set.Sources {
		if i > 0 {
			if _, err := fmt.Fprintln(io.Out); err != nil {
				return err
			}
		}
		text := source.Text
		if !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		if _, err := io.Out.Write([]byte(text)); err != nil {
			return err
		}
	}
	fmt.Fprintf(io.Err, "segq: %s, version %d, %s\n", set.Name, set.Version, show.Plural(set.Rules, "rule", "rules"))
	return nil
}

// showRulesJSON prints a line for each rule of a set, which -f takes.
func showRulesJSON(set *store.RuleSet, io console.Streams) error {
	written, err := rules.SplitAll(set.Sources)
	if err != nil {
		return exit.Data(err)
	}
	e := json.NewEncoder(io.Out)
	e.SetEscapeHTML(false)
	for _, w := range written {
		line := struct {
			ID   string `json:"id,omitempty"`
			Name string `json:"name,omitempty"`
			PQL  string `json:"pql"`
		}{w.ID, w.Name, w.Text()}
		if err := e.Encode(line); err != nil {
			return err
		}
	}
	return nil
}
