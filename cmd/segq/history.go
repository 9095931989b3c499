package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/repl/history"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// noHistory is the place of a history that is not kept.
const noHistory = "off"

// historyPlace is where the history is kept: a file, noHistory, or "" for where it always is.
type historyPlace string

func (p *historyPlace) register(f *pflag.FlagSet) {
	f.StringVar((*string)(p), "history", "", "keep what is typed in sessions in this `FILE`; off keeps it in no file (default segq/history.ndjson below the XDG_STATE_HOME, or ~/.local/state)")
	config.Allow(f, config.Rule{Path: true, NoPath: []string{noHistory}}, "history")
}

// open returns the history of a session.
func (p historyPlace) open() *history.Store { return history.Open(p.file()) }

// file returns the name of the file, "" for none.
func (p historyPlace) file() string {
	switch p {
	case noHistory, os.DevNull:
		return ""
	case "":
		return history.DefaultFile()
	}
	return string(p)
}

// entries returns what the history has, and the name of its file.
func (p historyPlace) entries() ([]*history.Entry, string, error) {
	s := p.open()
	if s.File() == "" {
		return nil, "", exit.Usage(errors.New("no history is kept: --history is off, or there is no home for it"))
	}
	if err := s.Sync(); err != nil {
		return nil, "", exit.Data(err)
	}
	return s.Entries(), s.File(), nil
}

func historyCommand(io console.Streams) *cobra.Command {
	var place historyPlace
	limit, asJSON := 100, false
	c := &cobra.Command{
		Use: "history [WORD ...]", Short: "List what was typed in sessions",
		Long: `history lists what was typed in sessions, the newest last: when, how many profiles a query
matched of how many, in which data, and the whole input. With WORDs it lists what has all of them.

Sessions keep what is typed in a file that they share, apart from inputs that begin with a space. --history FILE,
or SEGQ_HISTORY, names another; off is none. Runs that are no sessions keep nothing.`,
		Example: `  segq history
  segq history loyalty tier
  segq history --limit 0 --json | jq -r .text
  segq history clear --match Smith`,
		RunE: func(_ *cobra.Command, words []string) error {
			if limit < 0 {
				return exit.Usage(errors.New("--limit must be 0 or more"))
			}
			all, _, err := place.entries()
			if err != nil {
				return err
			}
			all = slices.DeleteFunc(slices.Clone(all), func(e *history.Entry) bool { return !e.Holds(words) })
			shown := all
			if limit > 0 {
				shown = all[max(len(all)-limit, 0):]
			}
			if err := printHistory(io.Out, shown, asJSON); err != nil {
				return err
			}
			if len(shown) < len(all) {
				fmt.Fprintf(io.Err, "segq: the newest %d of %s; --limit 0 lists all\n", limit, show.Count(len(all)))
			}
			return nil
		},
	}
	place.register(c.Flags())
	c.Flags().IntVarP(&limit, "limit", "n", limit, "how many; 0 for all")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, a line for each input")
	c.AddCommand(historyClearCommand(io))
	return c
}

// printHistory prints inputs, with the lines of one below each other.
func printHistory(w io.Writer, entries []*history.Entry, asJSON bool) error {
	b := bufio.NewWriter(w)
	rows, widths := make([][]string, len(entries)), make([]int, 4)
	for i, e := range entries {
		if asJSON {
			_, _ = b.Write(e.Line()) // Flush says what is wrong
			continue
		}
		rows[i] = historyRow(e)
		for k, cell := range rows[i] {
			widths[k] = max(widths[k], show.Cells(cell))
		}
	}
	for i, row := range rows {
		if row == nil {
			continue
		}
		line := ""
		for k, cell := range row {
			gap := strings.Repeat(" ", widths[k]-show.Cells(cell))
			if k == 3 {
				line += cell + gap + "  "
			} else {
				line += gap + cell + "  "
			}
		}
		for _, text := range show.CleanLines(entries[i].Text) {
			fmt.Fprintln(b, line+text)
			line = strings.Repeat(" ", show.Cells(line))
		}
	}
	return b.Flush()
}

// historyRow returns what is beside an input: time, count, share and data.
func historyRow(e *history.Entry) []string {
	row := []string{e.Time.Local().Format("2006-01-02 15:04"), string(e.State), "", show.Clean(e.Dataset)}
	if e.State == history.Done {
		row[1], row[2] = show.Count(e.Count), show.Share(e.Count, e.Total)
		if !e.Exact {
			row[1] = "≈ " + row[1]
		}
	}
	return row
}

func historyClearCommand(io console.Streams) *cobra.Command {
	var place historyPlace
	var before, match string
	sure := false
	c := &cobra.Command{
		Use: "clear", Short: "Remove what was typed, or some of it", Args: cobra.NoArgs,
		Long: `clear removes what is in the history, or that of it that is older than --before, has the text
--match, or both. It asks first, unless you say --yes. Sessions that are open forget it too.`,
		RunE: func(*cobra.Command, []string) error {
			remove, err := removal(before, match)
			if err != nil {
				return exit.Usage(err)
			}
			all, file, err := place.entries()
			if err != nil {
				return err
			}
			n := len(slices.DeleteFunc(slices.Clone(all), func(e *history.Entry) bool { return !remove(e) }))
			if !sure && n > 0 {
				if yes, err := confirmed(io, fmt.Sprintf("Remove %s of %s from %s?", show.Count(n), show.Plural(len(all), "input", "inputs"), show.Clean(file))); err != nil || !yes {
					return err
				}
			}
			if n, err = history.Clear(file, remove); err != nil {
				return exit.Data(err)
			}
			_, err = fmt.Fprintf(io.Out, "removed %s from %s\n", show.Plural(n, "input", "inputs"), show.Clean(file))
			return err
		},
	}
	place.register(c.Flags())
	c.Flags().StringVar(&before, "before", "", "only what is older than this `TIME` (ISO-8601)")
	c.Flags().StringVar(&match, "match", "", "only what has this `TEXT`, whatever the case of its letters")
	c.Flags().BoolVarP(&sure, "yes", "y", false, "do not ask")
	return c
}

// removal says what is to be removed.
func removal(before, match string) (func(*history.Entry) bool, error) {
	var t time.Time
	if before != "" {
		var ok bool
		if t, ok = rules.Instant(before); !ok {
			return nil, fmt.Errorf("--before %q is not a time: write it like 2026-11-01T00:00:00Z or 2026-11-01", before)
		}
	}
	return func(e *history.Entry) bool {
		return (before == "" || e.Time.Before(t)) && e.Holds([]string{match})
	}, nil
}

// confirmed asks a question on the terminal. Where there is none, nobody can be asked.
func confirmed(io console.Streams, question string) (bool, error) {
	if !io.Interactive() {
		return false, exit.Usage(errors.New("this removes what cannot be had back: say --yes where nobody can be asked"))
	}
	fmt.Fprint(io.Err, question+" [y/N] ")
	answer, err := bufio.NewReader(io.In).ReadString('\n')
	if err != nil {
		return false, nil //nolint:nilerr // the end of the input is no yes
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes", nil
}
