package dataset

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/lookup"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/redisx"
	"github.com/spf13/pflag"
)

// Options are the flags that say how data is read.
type Options struct {
	id, events string
	strict     bool
	badRows    badRows
	types      map[string]string
	load       string
	dialect    dialect
	schema     schemaFile
	format     string // of all files, "" where their names tell
	lookups    lookups
	cluster    clustered
	peek       bool // it is only to be looked at
	// memory is what columns, queries and loading may hold together, 0 for a share of
	// what there is.
	memory Size
	// personal and others are the fields whose values are told to nobody, and those that only look so.
	personal, others []string
	// Progress is told how many bytes of the data were read of how many, instead of those who read
	// the notes; nil for these.
	Progress func(read, total int64)
	// Taken counts the rows that are read; nil for nobody.
	Taken *atomic.Int64
	// Reloads says that the data may be opened anew later, if it has changed by then.
	Reloads bool
	// Called is what notes call the data; "" for the data.
	Called string
	// SharedIDs says that an id may well be in several rows, which is not noted.
	SharedIDs bool
	// Profile names the file of a profile, which is all of the data; - is standard input. The fields are those of
	// --schema, or of the data that is named beside it.
	Profile string
	// Replica holds the rows of a lookup in Redis; nil where there is none.
	Replica func(context.Context, ReplicaOf) (lookup.Source, error)
	// Redis reaches the one to which executors of a cluster tell how far they are; nil where there is none.
	Redis func(context.Context) (*redisx.Client, error)
	// HasRedis says that the command has a flag that would name one.
	HasRedis bool
	note     func(text string) // to whom the notes go
}

// Usual returns the options that hold where no flag is given.
func Usual() (d Options) {
	d.Register(pflag.NewFlagSet("", pflag.ContinueOnError))
	return d
}

// ReadAs has a field read as a type, as --type does.
func (d *Options) ReadAs(field, name string) {
	if d.types == nil {
		d.types = map[string]string{}
	}
	d.types[field] = name
}

// Personal returns what the flags say of fields that are personal.
func (d *Options) Personal() (*personal.Rules, error) {
	rules, err := personal.NewRules(d.personal, d.others)
	if err != nil {
		return nil, fmt.Errorf("--personal and --not-personal: %w", err)
	}
	return rules, nil
}

// Beside returns the names of the files that the flags read beside the data: lookups, a schema, a profile. What is
// wrong with the flags is said elsewhere.
func (d *Options) Beside() []string {
	names := []string{d.schema.name, d.Profile}
	all, _ := d.lookups.parse()
	for _, one := range all {
		names = append(names, one.file)
	}
	return names
}

// RegisterProfile adds the flag for a profile that is in no data, under a heading that others end.
func (d *Options) RegisterProfile(f *pflag.FlagSet) {
	f.StringVar(&d.Profile, "profile", "", "ask about the profile that this `FILE` has as JSON (- for standard input); DATA, or --schema without DATA, says what its fields are")
	config.Allow(f, config.Rule{}, "profile")
}

// Register adds the flags, under a heading of their own.
func (d *Options) Register(f *pflag.FlagSet) {
	f.StringVar(&d.id, "id", "", "field that identifies a profile (default _id, else id)")
	f.StringVar(&d.events, "events", "", "field that xEvent refers to (default xEvent)")
	f.StringToStringVar(&d.types, "type", nil, "read `FIELD=TYPE`: text, number, timestamp, boolean, map or object; may be given more than once")
	f.Var(&d.badRows, "bad-rows", "leave out up to `N|P%` rows that cannot be read; more are an error (default 1%, and always fewer than 10)")
	f.BoolVar(&d.strict, "strict", false, "end with an error at the first row that cannot be read")
	f.StringVar(&d.load, "load", "", "columns to load of files that have them apart (Parquet): named (those that queries name) or all (default: named, and all of them meanwhile in a session and with --serve)")
	d.schema.register(f)
	d.registerFormat(f)
	d.dialect.register(f)
	d.lookups.register(f)
	f.Var(&d.memory, "memory", "what data, loading and queries may hold together, such as 8GB; a quarter of it is for queries, a sixteenth for one of them (default three quarters of what the machine or its container has)")
	f.StringArrayVar(&d.personal, "personal", nil, "tell no values of this `FIELD` (crm.email, crm.*, or a name such as memberNo) in completions and notes; may be given more than once. Fields whose names say who somebody is need no flag")
	f.StringArrayVar(&d.others, "not-personal", nil, "do tell those of this `FIELD`, though its name looks as if they said who somebody is")
	config.Allow(f, config.Rule{Project: true}, "id", "events", "personal", "not-personal")
	config.Allow(f, config.Rule{Project: true, OneOf: append(load.TypeNames(), slices.Sorted(maps.Keys(synonyms))...)}, "type")
	config.Allow(f, config.Rule{Project: true, Below: []string{"strict"}}, "bad-rows")
	config.Allow(f, config.Rule{Project: true, Below: []string{"bad-rows"}}, "strict")
	config.Allow(f, config.Rule{Project: true, OneOf: []string{loadNamed, loadAll}}, "load")
	config.Allow(f, config.Rule{}, "memory")
	help.Under(f, help.Data)
	help.Common(f, "id", "type", "memory")
}

// What --load says.
const (
	loadNamed = "named"
	loadAll   = "all"
)

// synonyms are the names that schema has for types, and --type for the same.
var synonyms = map[string]string{"string": "text", "int": "number", "float": "number", "bool": "boolean"}

// badRows is the flag --bad-rows.
type badRows load.BadRows

// Set reads a number of rows, or a share of them.
func (b *badRows) Set(s string) error {
	limit, err := load.ParseBadRows(s)
	*b = badRows(limit)
	return err
}

// String returns nothing for the default, which the usage tells in words.
func (b *badRows) String() string {
	if !b.Given {
		return ""
	}
	return load.BadRows(*b).String()
}

// Type is the word for the value in the usage.
func (b *badRows) Type() string { return "N|P%" }

// progressOr returns who is told how far the reading is.
func (d *Options) progressOr(notes func(read, total int64)) func(read, total int64) {
	if d.Progress != nil {
		return d.Progress
	}
	return notes
}

// Validate finds what is wrong with the flags that say how data is read.
func (d *Options) Validate() error {
	if err := d.validate(); err != nil {
		return exit.Usage(err)
	}
	return nil
}

func (d *Options) validate() error {
	if d.strict && d.badRows.Given {
		return errors.New("--strict allows no bad rows, --bad-rows some: choose one")
	}
	if !slices.Contains([]string{"", loadNamed, loadAll}, d.load) {
		return fmt.Errorf("unknown --load %q: %s", d.load, spelling.Choices(d.load, []string{loadNamed, loadAll}))
	}
	for field, name := range d.types {
		if own := synonyms[name]; own != "" {
			d.types[field] = own
		}
	}
	if err := load.CheckTypes(d.types); err != nil {
		return fmt.Errorf("--type: %w", err)
	}
	_, err := d.lookups.parse()
	return err
}
