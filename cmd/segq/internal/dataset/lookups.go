package dataset

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/exec/lookup"
	"github.com/segq/segq/lang/spelling"
	"github.com/spf13/pflag"
)

// The ways of a lookup, as --lookup-how names them.
const (
	denormalised = "denormalised" // all its fields become columns when the data is opened
	broadcast    = "broadcast"    // its rows are held, and become columns when queries name them
	inRedis      = "redis"        // its rows are in Redis
)

// lookups are the flags that say what is looked up.
type lookups struct {
	given []string // as they were
	how   map[string]string
}

// lookupFlag is a lookup as a flag says it.
type lookupFlag struct {
	name, file string
	path       []string // to the key of profiles
	key        string   // the field of the file
	how        string   // "" to choose by size
}

// ReplicaOf is a lookup whose rows are to be held in Redis.
type ReplicaOf struct {
	Name string
	// Table has the rows; who makes the replica closes it. Key is the field that they are found by.
	Table   column.Table
	Key     string
	Rows    int
	Threads int
	// Note is told what takes long, while the lookup is opened.
	Note func(text string)
}

func (l *lookups) register(f *pflag.FlagSet) {
	f.StringArrayVar(&l.given, "lookup", nil, "make the rows of FILE readable as the object NAME beside the field PATH of profiles, found by their field KEY: `NAME=FILE:PATH=KEY`, such as products=products.parquet:productListItems.SKU=sku; may be given more than once (segq help lookups)")
	list := f.Lookup("lookup")
	list.Value = checkedLookups{list.Value.(listValue)}
	f.StringToStringVar(&l.how, "lookup-how", nil, "where the rows of a lookup are: `NAME=WAY`, broadcast (in memory, a column is made when a query names it), denormalised (all its columns are made when the data is opened) or redis (default: broadcast, and redis for what is too large; segq help lookups)")
	config.Allow(f, config.Rule{}, "lookup")
	config.Allow(f, config.Rule{OneOf: []string{broadcast, denormalised, inRedis}}, "lookup-how")
}

// byKey returns the ways of lookups whose rows are found by one key after another: there are no columns to be made from the start.
func (l *lookups) byKey() map[string]string {
	own := maps.Clone(l.how)
	for name, how := range own {
		if how == denormalised {
			own[name] = broadcast
		}
	}
	return own
}

// listValue is the value of a flag that may be given more than once.
type listValue interface {
	pflag.Value
	pflag.SliceValue
}

// checkedLookups are texts that are lookups, each by itself.
type checkedLookups struct{ listValue }

// Set adds a lookup.
func (l checkedLookups) Set(text string) error {
	if _, err := parseLookup(text); err != nil {
		return err
	}
	return l.listValue.Set(text)
}

// parse reads the flags.
func (l *lookups) parse() ([]lookupFlag, error) {
	var all []lookupFlag
	var names []string
	for _, text := range l.given {
		one, err := parseLookup(text)
		if err != nil {
			return nil, fmt.Errorf("--lookup %s: %w", text, err)
		}
		if slices.Contains(names, one.name) {
			return nil, fmt.Errorf("--lookup %s: there is a lookup %s already: give it another name", text, one.name)
		}
		one.how = l.how[one.name]
		all, names = append(all, one), append(names, one.name)
	}
	for name, how := range l.how {
		switch {
		case !slices.Contains([]string{broadcast, denormalised, inRedis}, how):
			return nil, fmt.Errorf("--lookup-how %s=%s: there is no such way: %s", name, how, spelling.Choices(how, []string{broadcast, denormalised, inRedis}))
		case len(names) == 0:
			return nil, fmt.Errorf("--lookup-how %s=%s: there is no --lookup", name, how)
		case !slices.Contains(names, name):
			return nil, fmt.Errorf("--lookup-how %s=%s: there is no lookup %s: %s", name, how, name, spelling.Choices(name, names))
		}
	}
	return all, nil
}

// lookupForm is how a lookup is written.
const lookupForm = "write NAME=FILE:PATH=KEY, such as products=products.parquet:productListItems.SKU=sku"

// parseLookup reads a flag. The name has no =, and neither do, outside of backquotes, path and key; the file
// may have any.
func parseLookup(text string) (lookupFlag, error) {
	if strings.Count(text, "`")%2 != 0 {
		return lookupFlag{}, errors.New("it lacks a backquote")
	}
	name, rest, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		return lookupFlag{}, errors.New("it has no NAME= at its beginning: " + lookupForm)
	}
	name, err := lookupName(name)
	if err != nil {
		return lookupFlag{}, err
	}
	at := lastOutside(rest, '=')
	if at < 0 || at == len(rest)-1 {
		return lookupFlag{}, errors.New("it has no =KEY at its end, the field of the file by which rows are found: " + lookupForm)
	}
	key, err := load.PathSteps(rest[at+1:])
	if err != nil {
		return lookupFlag{}, err
	}
	if len(key) != 1 {
		return lookupFlag{}, fmt.Errorf("the key %s is in an object: it has to be a field of the rows themselves (a name with a dot goes in backquotes)", rest[at+1:])
	}
	rest = rest[:at]
	at = lastOutside(rest, ':')
	if at <= 0 || at == len(rest)-1 {
		return lookupFlag{}, errors.New("it has no :PATH behind the file, the field of profiles that has keys: " + lookupForm)
	}
	path, err := load.PathSteps(rest[at+1:])
	if err != nil {
		return lookupFlag{}, err
	}
	return lookupFlag{name: name, file: rest[:at], path: path, key: key[0]}, nil
}

// lookupName reads a name, which may be in backquotes as queries write it.
func lookupName(name string) (string, error) {
	if strings.HasPrefix(name, "`") {
		steps, err := load.PathSteps(name)
		if err != nil || len(steps) != 1 {
			return "", fmt.Errorf("%s is no name: %s", name, lookupForm)
		}
		name = steps[0]
	}
	if name == eventsName {
		return "", fmt.Errorf("in queries %s is the field of events, whatever that is called: give the lookup another name", name)
	}
	return name, nil
}

// eventsName is what queries call the field of events.
const eventsName = "xEvent"

// lastOutside returns where a character is last in a text, outside of backquotes; -1 for nowhere.
func lastOutside(text string, c byte) int {
	quoted := false
	for i := len(text) - 1; i >= 0; i-- {
		switch {
		case text[i] == '`':
			quoted = !quoted
		case text[i] == c && !quoted:
			return i
		}
	}
	return -1
}

// object is the path of the object of a lookup, beside the keys.
func (f *lookupFlag) object() []string {
	path := slices.Clone(f.path)
	for path[len(path)-1] == lookup.Values {
		path = path[:len(path)-1]
	}
	path[len(path)-1] = f.name
	return path
}

// looked are the lookups that are open.
type looked struct {
	lookups []lookup.Lookup
	notes   []found
}

// found is what was found in the file of a lookup.
type found struct {
	lookupFlag
	table  table
	source lookup.Source
	digest string // once it is known
}

// openLookups opens what the flags name. Of o, what is said of their fields is taken out.
func (d *Options) openLookups(ctx context.Context, m shares, o *load.Options) (*looked, error) {
	flags, err := d.lookups.parse()
	if err != nil || len(flags) == 0 {
		return nil, err
	}
	all, own := &looked{}, divide(flags, o)
	for i, f := range flags {
		if err := d.openLookup(ctx, f, own[i], m, o, all); err != nil {
			all.close()
			return nil, fmt.Errorf("--lookup %s: %w", f.name, err)
		}
	}
	return all, nil
}

// openLookup opens a file, and finds its rows by their keys.
func (d *Options) openLookup(ctx context.Context, f lookupFlag, said said, m shares, o *load.Options, all *looked) error {
	if f.file == Stdin {
		return exit.Usage(errors.New("the rows of a lookup are read from files, not from standard input"))
	}
	if IsPacked(f.file) {
		return exit.Usage(fmt.Errorf("%s is packed: give the file that it was made of", object.Redacted(f.file)))
	}
	own := *o
	own.Types, own.Schema, own.Object = said.types, said.schema, load.PathText(f.object())
	own.ID, own.Events, own.Dialect, own.Format, own.Stdin = "", "", load.Dialect{}, "", nil
	own.Columns = m.columns / lookupShare
	t, err := openTable(ctx, []string{f.file}, d.peek, own)
	if err != nil {
		var unknown *load.FieldError
		if errors.As(err, &unknown) {
			return exit.Usage(fmt.Errorf("--type of %s: %w", load.PathText(f.object()), err))
		}
		return exit.Data(f.outOfMemory(err))
	}
	if empty(t) {
		return errors.Join(exit.Data(fmt.Errorf("%s is empty: it has no field %s", object.Redacted(f.file), f.key)), t.Close())
	}
	unread, err := lookup.NewUnread(measured{t, &f}, f.key, o.Threads)
	if err != nil {
		if outer, _, dotted := strings.Cut(f.key, "."); dotted && t.Snapshot().Schema.Field(outer) != nil {
			err = fmt.Errorf("%s is read as a field of the object %s, as columns with a dot are, and a key has to be a field of the rows themselves: give the column another name", f.key, outer)
		}
		return exit.Usage(fmt.Errorf("%s: %w", object.Redacted(f.file), err))
	}
	far, err := d.far(&f, t, own.Columns)
	if err != nil {
		return errors.Join(err, t.Close())
	}
	one := found{lookupFlag: f, table: t, source: unread}
	if f.how == denormalised && !d.peek {
		if one.digest, err = t.Digest(ctx); err != nil { // its file is closed soon
			return errors.Join(exit.Data(err), t.Close())
		}
	}
	switch {
	case d.peek: // most rows are never asked for
	case far:
		one.source, err = d.Replica(ctx, ReplicaOf{Name: f.name, Table: t, Key: f.key, Rows: t.Snapshot().Rows(), Threads: o.Threads, Note: d.note})
		if err == nil {
			one.digest = one.source.Fingerprint() // its table is closed when the rows are there
		}
	default:
		if err = unread.Read(ctx); err != nil {
			err = errors.Join(err, t.Close())
		}
	}
	if err != nil {
		return exit.Data(fmt.Errorf("%s: %w", object.Redacted(f.file), inFiles(t.Report(), d.untold(&f, err))))
	}
	all.notes = append(all.notes, one)
	all.lookups = append(all.lookups, lookup.Lookup{
		Name: f.name, Path: f.path, Source: one.source, Whole: f.how == denormalised && !d.peek, Far: far,
	})
	return nil
}

// untold returns an error without the key that it names, where the values of keys are told to nobody: answers of workers
// say why data could not be loaded.
func (d *Options) untold(f *lookupFlag, err error) error {
	var twice *lookup.TwiceError
	if !errors.As(err, &twice) {
		return err
	}
	rules, wrong := d.Personal()
	inObject := load.PathText(append(f.object(), f.key))
	if wrong == nil && !rules.Personal(inObject) && !rules.Personal(load.PathText(f.path)) {
		return err
	}
	return &lookup.TwiceError{Field: twice.Field, First: twice.First, Second: twice.Second}
}

// inFiles adds to the error of a key that stands twice the files that it stands in, where there are several.
func inFiles(r *load.Report, err error) error {
	var twice *lookup.TwiceError
	if !errors.As(err, &twice) || len(r.Files) < 2 {
		return err
	}
	var places []string
	for _, row := range []int{twice.First, twice.Second} {
		for _, file := range r.Files {
			if row <= file.Rows {
				places = append(places, fmt.Sprintf("row %d of %s", row, object.Redacted(file.Name)))
				break
			}
			row -= file.Rows
		}
	}
	if len(places) != 2 {
		return err
	}
	return fmt.Errorf("%w (%s)", err, strings.Join(places, " and "))
}

// empty says whether a table has nothing, not even fields.
func empty(t table) bool {
	s := t.Snapshot()
	return s.Rows() == 0 && len(s.Schema.Fields) == 0
}

// The parts of the memory for columns that lookups have: what they hold of their rows, each, and the columns that are
// made of them, all together.
const (
	lookupShare = 8
	madeShare   = 4
)

// keyBytes is what finding a row by its key takes, beside the key.
const keyBytes = 16

// far says whether the rows of a lookup are to be in Redis: where the flag says so, or where they need more
// than so many bytes.
func (d *Options) far(f *lookupFlag, t table, most int64) (bool, error) {
	if d.peek {
		return false, nil
	}
	if f.how == inRedis {
		if d.Replica == nil && !d.HasRedis {
			return false, exit.Usage(fmt.Errorf("--lookup-how %s=redis: this command has no --redis: choose %s or %s here", f.name, broadcast, denormalised))
		}
		if d.Replica == nil {
			return false, exit.Usage(fmt.Errorf("--lookup-how %s=redis: there is no Redis: name one with --redis", f.name))
		}
		return true, nil
	}
	needs := keyBytes*int64(t.Snapshot().Rows()) + t.Report().Columns
	if files, ok := t.(*load.Table); ok && t.Snapshot().Partial {
		needs += files.Weight(everything)
	}
	if f.how != "" || most <= 0 || needs <= most {
		return false, nil
	}
	if d.Replica == nil {
		others := ""
		if d.HasRedis {
			others = ", or --redis, where its rows are then kept"
		}
		return false, exit.Data(fmt.Errorf("%s needs about %s, and lookups may hold %s each, an eighth of the memory for columns: give more --memory%s (--lookup-how %s=broadcast tries it all the same)",
			object.Redacted(f.file), amount(needs), amount(most), others, f.name))
	}
	return true, nil
}

// close closes what is open.
func (l *looked) close() {
	if l == nil {
		return
	}
	for _, one := range l.lookups {
		_ = one.Source.Close() // of what was only read
	}
}
