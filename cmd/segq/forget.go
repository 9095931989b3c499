package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/forget"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/jobs"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/repl/history"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

// forgetting is one run of segq forget.
type forgetting struct {
	storePlace
	history historyPlace
	exports string
	sure    bool

	forget.Search
	found []finding
	// left counts the files that have rows of the person and are written anew by nobody but their owner.
	left int
}

// finding is a place that has the id of a person, or may have it.
type finding struct {
	Place string `json:"place"`
	What  string `json:"what"`
	// State is found, removed, or stays; Hint says of what stays how it goes.
	State string `json:"state"`
	Hint  string `json:"hint,omitempty"`
}

// noExports says that no worker has a folder for exports.
const noExports = "off"

// The states of findings.
const (
	stateFound   = "found"
	stateRemoved = "removed"
	stateStays   = "stays"
)

func forgetCommand(streams console.Streams) *cobra.Command {
	o := &forgetting{}
	c := &cobra.Command{
		Use:   "forget ID [flags] [FILE ...]",
		Short: "Find what is kept of a person, and remove it",
		Long: `forget looks for the id of a profile in what segq keeps: members of saved segments, saved queries and sets of rules that name
it, the history of sessions, with --redis or --attach the same in Redis, the segments that are published there, and the
jobs of the queue with their answers, and the files that you name or that are below --export-root: exports, and packed files
(.segq). It lists what it has found. With --yes it removes the id from members, from segments published as sets, from the
history, jobs that have ended and are about it, and from files of records (.csv, .tsv, .ndjson, .json) the rows whose id it is, and
says of the rest what to do: of Parquet, Arrow, Avro, packed and compressed files and archives (.tar) how many rows have it, with status 3 if
--yes leaves any. Rows that name it in other fields stay: they may be of others. A query names somebody where it compares the
field of ids (_id, id, profile or --id) with the id, or has a text that is the id; names of files and of what is kept are
looked at, too. Among ids that are numbers 7.0 is 7, and among dates 2020-01-01 is 2020-01-01T00:00:00Z; among texts only
the text itself is meant. What could not be looked
through is named, with status 3; of Redis that is also what workers have exported, unless --export-root says where that is
(or off: nowhere). The data itself is yours: segq keeps no copy of it but those that you have made.`,
		Example: `  segq forget p-0001898 --export-root exports profiles.segq
  segq forget p-0001898 --redis redis://127.0.0.1:6379 --yes`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ID = args[0]
			return o.run(cmd.Context(), args[1:], streams)
		},
	}
	f := c.Flags()
	f.BoolVarP(&o.sure, "yes", "y", false, "remove what can be removed")
	o.history.register(f)
	f.StringVar(&o.Field, "id", "", "the `FIELD` of files that has the ids (default: _id, id or profile)")
	f.StringVar(&o.exports, "export-root", "", "look through the files below this `DIR`, too: the one that workers write exports to; off where they have none")
	config.Allow(f, config.Rule{Path: true}, "export-root")
	help.Under(f, help.Others)
	o.register(f)
	return c
}

func (o *forgetting) run(ctx context.Context, files []string, streams console.Streams) error {
	if strings.TrimSpace(o.ID) == "" {
		return exit.Usage(errors.New("the id is empty"))
	}
	if o.attach && o.redis.URL == "" {
		return exit.Usage(errors.New("--attach needs --redis URL (or SEGQ_REDIS_URL)"))
	}
	if o.exports != "" && o.exports != noExports {
		if _, err := os.Stat(o.exports); err != nil {
			return exit.Data(err)
		}
		files = append(files, o.exports)
	}
	files, unread := withFolders(files)
	err := errors.Join(unread, o.fromFile(ctx), o.fromRedis(ctx), o.fromHistory(), o.fromFiles(ctx, files))
	if printed := o.print(streams.Out, err == nil); printed != nil {
		return printed
	}
	if !o.sure {
		o.suggest(streams.Err)
	}
	if err != nil {
		return exit.Data(fmt.Errorf("not all was looked through: %w\nsegq cannot tell whether more is kept", err))
	}
	if o.sure && o.left > 0 {
		return exit.Data(fmt.Errorf("not all was removed: %s of the person, which the list says how to make again", show.Plural(o.left, "file has rows", "files have rows")))
	}
	return nil
}

// suggest says what would remove what was found.
func (o *forgetting) suggest(w io.Writer) {
	n := 0
	for _, f := range o.found {
		if f.State == stateFound {
			n++
		}
	}
	if n > 0 {
		fmt.Fprintf(w, "segq: nothing was removed: --yes removes it from %s\n", show.Plural(n, "place", "places"))
	}
}

// note notes a finding that can be removed, and was if somebody is sure.
func (o *forgetting) note(place, what string) {
	state := stateFound
	if o.sure {
		state = stateRemoved
	}
	o.found = append(o.found, finding{place, what, state, ""})
}

// stays notes a finding that cannot be removed, and what to do.
func (o *forgetting) stays(place, what, hint string) {
	o.found = append(o.found, finding{place, what, stateStays, hint})
}

// staysInFile notes rows of the person in a file from which segq takes none.
func (o *forgetting) staysInFile(name, what, hint string) {
	o.left++
	o.stays(name, what, hint)
}

// fromFile looks through the user's store.
func (o *forgetting) fromFile(ctx context.Context) error {
	name := o.file
	if name == "" {
		name = store.DefaultFile()
	}
	if name == "" {
		return nil
	}
	return o.fromStore(ctx, store.File(name))
}

// fromStore looks through a store.
func (o *forgetting) fromStore(ctx context.Context, s store.Store) error {
	var err error
	for i, id := range o.Spellings() {
		kept, failed := store.Find(ctx, s, id, o.sure && i == 0)
		for _, k := range kept {
			members := fmt.Sprintf("members of %s, saved for the %s time", k.Segment, ordinal(k.Version))
			if i == 0 {
				o.note(s.Place(), members)
			} else {
				o.stays(s.Place(), members+", have "+id, o.sameIf(id))
			}
		}
		if err == nil {
			err = failed // it is the same for the others
		}
	}
	texts, other := store.Texts(ctx, s)
	called := ""
	for _, t := range texts {
		drop := "segq " + t.Command + " drop " + t.Name
		if t.Name != called && o.Name(t.Name) {
			o.stays(s.Place(), fmt.Sprintf("%s %s: its name has it", t.Kind, t.Name), drop+", or keep it by another name")
		}
		called = t.Name
		if o.Query(t.Text) || slices.ContainsFunc(t.Names, o.Name) {
			o.stays(s.Place(), fmt.Sprintf("%s %s, version %d, names it", t.Kind, t.Name, t.Version), drop)
		}
	}
	if err != nil && other != nil && err.Error() == other.Error() {
		return err
	}
	return errors.Join(err, other)
}

// sameIf says what to do about an id that is written otherwise. Texts are not known from numbers and dates where all are kept
// as texts, and among texts 7 and 7.0 are two people.
func (o *forgetting) sameIf(id string) string {
	kind := o.Alike(id)
	if strings.HasPrefix(id, "-") {
		id = "-- " + id
	}
	return "it is the same where ids are " + kind + ": segq forget " + id
}

// ordinal writes a number as 1st, 2nd, 3rd.
func ordinal(n int) string {
	if n%100/10 != 1 && n%10 >= 1 && n%10 <= 3 {
		return fmt.Sprint(n, []string{"st", "nd", "rd"}[n%10-1])
	}
	return fmt.Sprint(n, "th")
}

// fromHistory looks through what was typed in sessions.
func (o *forgetting) fromHistory() error {
	file := o.history.file()
	if file == "" {
		return nil
	}
	if _, err := os.Stat(file); err != nil {
		return nil //nolint:nilerr // there is none, or nobody can read it
	}
	s := history.Open(file)
	if err := s.Sync(); err != nil {
		return err
	}
	n := 0
	for _, e := range s.Entries() {
		if o.Input(e.Text) {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	if o.sure {
		if _, err := history.Clear(file, func(e *history.Entry) bool { return o.Input(e.Text) }); err != nil {
			return err
		}
	}
	o.note(file, show.Plural(n, "input of a session", "inputs of sessions"))
	return nil
}

// print prints what was found.
func (o *forgetting) print(w io.Writer, all bool) error {
	if o.json {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		for _, f := range o.found {
			if err := e.Encode(f); err != nil {
				return err
			}
		}
		return nil
	}
	if len(o.found) == 0 && !all {
		_, err := fmt.Fprintf(w, "nothing was found of %s in what could be looked through\n", show.Clean(o.ID))
		return err
	}
	if len(o.found) == 0 {
		_, err := fmt.Fprintf(w, "nothing is kept of %s\n", show.Clean(o.ID))
		return err
	}
	rows := [][]string{{"STATE", "PLACE", "WHAT", "HOW IT GOES"}}
	for _, f := range o.found {
		rows = append(rows, []string{f.State, show.Clean(f.Place), show.Clean(f.What), show.Clean(f.Hint)})
	}
	jobs.Columns(w, rows)
	return nil
}
