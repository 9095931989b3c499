// Package cluster answers batches over a table of a Spark cluster: it is an [exec.Runner] whose engines are processes of
// segq that Spark starts, places and retries, each over a part of the table (package executor).
//
// The tour: [Open] connects to the Thrift server of a cluster (address.go, session.go, over transport.go), asks what the
// table is (schema.go) and of which files (splits.go), and hands over the program of the tasks (program.go).
// [Cluster.Run] (run.go, batch.go, pace.go) writes a batch into a statement (statement.go), whose result is a row for each part: an answer that proves
// by itself that it is whole. They are added up, and samples merged (sample.go). It is asked in a session of its class (lane.go). What the cluster says of an error in
// a hundred lines becomes one (failure.go), and how far executors are they tell past it (meter.go).
//
// The splits of a table are cached on the cluster when the first batch is asked (keep.go): later ones are asked where its columns
// were packed, and what an executor had that is gone is packed anew by another, as Spark knows how it came about.
//
// What rules say is part of a statement as base64 only, and names of tables and columns in quotes.
package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/exec/load"
)

// Options say how a cluster is asked. The zero value is good.
type Options struct {
	// Password is that of the user.
	Password string
	// ID and Events name the fields in these roles, as for load.Options.
	ID, Events string
	// Way is how the table is read; "" for by its files where executors can, else piped.
	Way Way
	// Splits is into how many parts the table is divided; 0 for as many as the cluster runs tasks at once.
	Splits int
	// Program is the segq that executors run; "" for this one.
	Program string
	// Also are those for executors with other processors.
	Also []string
	// From is the address at which they fetch it; "" for the one that this machine has for the server. File is a
	// place from which the cluster fetches it by itself instead, a path of its own or an address that stays.
	From, File string
	// Meter returns a meter of a name that no other has, to which executors tell how far they are; nil where there are none.
	Meter func(name string) (Meter, error)
	// Within is how long a batch may take that has no deadline; 0 for ten minutes.
	Within time.Duration
}

// Way is how executors come by the rows of a table.
type Way string

// The ways. By its files, segq reads Parquet itself, and columns alone that rules name; piped, Spark reads whatever it
// can read, once, and all of it.
const (
	ByFiles Way = "files"
	Piped   Way = "rows"
)

// mostArgument is how long an argument of a program may be (128 KiB on Linux), less what stands beside it.
const mostArgument = 100 << 10

// within is how long executors work for somebody who does not say how long he waits.
const within = 10 * time.Minute

// Cluster is a table of a cluster. It is safe for concurrent use; some batches of each class are answered at a time.
type Cluster struct {
	address Address
	options Options
	program *program

	snapshot *column.Snapshot
	id       string // of the field
	events   string
	left     []string
	notes    []string     // what there is to say of how it is read
	fields   []sparkField // of the table, without those that are left out
	files    []file       // nil where rows are piped
	splits   []string     // of files, as they travel; nil where rows are piped
	piped    string       // how rows are read that are piped, as it travels; "" where files are read
	lines    string       // of these, as a statement makes them
	tasks    int          // how many the cluster runs at once, or were asked for
	// unmetered is why executors cannot tell how far they are; "" where they can, or are not asked to.
	unmetered string
	shape     atomic.Pointer[shape] // nil before the first answer

	lanes *lanes
	pace  pace
	own   struct { // the session that opens the table, and keeps it on the cluster
		sync.Mutex
		lane   lane
		rowSum *executor.Sum // of the rows, where they are piped; nil before they were
	}
	open atomic.Bool // the server was there
	ctx  context.Context
	stop context.CancelFunc
	work sync.WaitGroup // of what goes on though nobody waits for it

	mu      sync.Mutex // guards what follows
	closed  bool
	made    *making       // nil for none
	renew   *kept         // is to be looked at again; nil for none
	misfits []load.Misfit // of what executors have read
}

var _ exec.Runner = (*Cluster)(nil)

// Open connects to a cluster, and finds out what a table is. The error says in a line what is missing.
func Open(ctx context.Context, a Address, o Options) (*Cluster, error) {
	c := &Cluster{address: a, options: o, lanes: newLanes()}
	c.ctx, c.stop = context.WithCancel(context.Background())
	program := o.Program
	if program == "" {
		var err error
		if program, err = os.Executable(); err != nil {
			return nil, err
		}
	}
	var err error
	if c.program, err = newProgram(program, o.File, o.Also...); err != nil {
		return nil, err
	}
	if err = c.begin(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	c.open.Store(true)
	return c, nil
}

// begin finds out whether the cluster runs the program, and what the table is.
func (c *Cluster) begin(ctx context.Context) error {
	c.own.Lock()
	defer c.own.Unlock()
	s, err := c.connected(ctx, &c.own.lane)
	if err != nil {
		return err
	}
	if err := c.probe(ctx, s); err != nil {
		return err
	}
	return c.outline(ctx, s)
}

// outline finds out what the table is, and how it is read.
func (c *Cluster) outline(ctx context.Context, s *session) error {
	d, err := s.describe(ctx, c.address)
	if err != nil {
		return err
	}
	schema, left := d.schema()
	c.left, c.fields = left, d.Columns
	var text strings.Builder
	if err := load.WriteSchema(&text, schema); err != nil {
		return err
	}
	snap := &column.Snapshot{Schema: schema, Partial: true}
	if snap.ID, snap.EventsField, err = (load.Options{ID: c.options.ID, Events: c.options.Events}).Roles(schema); err != nil {
		return err
	}
	if snap.ID != nil {
		c.id = snap.ID.Name
	}
	if snap.EventsField != nil {
		c.events = snap.EventsField.Name
	}
	if c.tasks = c.options.Splits; c.tasks == 0 {
		if c.tasks, err = s.cores(ctx); err != nil {
			return err
		}
	}
	rows := 0
	read, why, err := c.readable(ctx, s, d)
	switch {
	case err != nil:
		return err
	case why == "" && c.options.Way != Piped:
		rows, snap.Fingerprint, err = c.byFiles(read, text.String())
	case c.options.Way == ByFiles:
		return fmt.Errorf("executors cannot read the files of %s by themselves: %s", c.address, why)
	default:
		rows, snap.Fingerprint, err = c.byRows(ctx, s, snap, text.String())
	}
	if err != nil {
		return err
	}
	if c.piped == "" {
		if why, err = c.unfit(ctx, s, rows); err != nil {
			return err
		}
		if why != "" && c.options.Way == ByFiles {
			return fmt.Errorf("segq is not to read the files of %s by itself: %s", c.address, why)
		}
		if why != "" {
			c.splits, c.files = nil, nil
			c.notes = append(c.notes, "Spark reads the table and pipes its rows, since segq is not to read the files by itself: "+why)
			if rows, snap.Fingerprint, err = c.byRows(ctx, s, snap, text.String()); err != nil {
				return err
			}
		}
	}
	snap.Root = &column.Struct{N: rows}
	for range schema.Fields {
		snap.Root.Fields = append(snap.Root.Fields, &column.Unloaded{N: rows})
	}
	c.snapshot = snap
	return nil
}

// readable returns the files of a table that executors read by themselves, or why they cannot.
func (c *Cluster) readable(ctx context.Context, s *session, d *description) (all []file, why string, err error) {
	if d.Type == "VIEW" {
		return nil, "it is a view", nil
	}
	if !strings.EqualFold(d.Provider, "parquet") {
		return nil, "it is no table of Parquet", nil
	}
	if c.options.Way == Piped {
		return nil, "", nil
	}
	if padded, err := s.padded(ctx, c.address); err != nil || padded {
		return nil, "it has texts that Spark makes longer (CHAR)", err
	}
	if all, err = s.files(ctx, c.address, d.Partitions); err != nil {
		return nil, "", err
	}
	if f := twice(all); f != nil {
		return nil, "two partitions have " + f.path, nil
	}
	for _, f := range all {
		if _, ok := f.local(); !ok {
			return nil, "they lie at " + f.path, nil
		}
	}
	return all, "", nil
}

// byFiles divides files.
func (c *Cluster) byFiles(files []file, schema string) (rows int, name string, err error) {
	c.files = files
	for _, f := range files {
		rows += f.rows
	}
	for _, split := range divide(files, c.tasks) {
		text, err := split.Encode()
		if err != nil {
			return 0, "", err
		}
		c.splits = append(c.splits, text)
	}
	return rows, fingerprint(files, schema), nil
}

// byRows prepares the piping of rows. What they are is not known by a name: each opening is another snapshot.
func (c *Cluster) byRows(ctx context.Context, s *session, snap *column.Snapshot, schema string) (rows int, name string, err error) {
	if rows, err = s.count(ctx, c.address); err != nil {
		return 0, "", err
	}
	how, err := executor.NewRows(snap.Schema, c.id, c.events)
	if err != nil {
		return 0, "", err
	}
	if c.piped, err = how.Encode(); err != nil {
		return 0, "", err
	}
	if len(c.piped) > mostArgument {
		return 0, "", fmt.Errorf("%s has too many fields to be piped: make a view of those that rules name", c.address)
	}
	c.lines = asJSON(columnsOf(c.fields), slices.ContainsFunc(c.fields, func(f sparkField) bool { return hasMaps(&f.Type) }))
	return rows, fingerprint([]file{{path: rand.Text(), rows: rows}}, schema), nil
}

// Snapshot is the table without its columns: the schema, the number of rows, and its name.
func (c *Cluster) Snapshot() *column.Snapshot { return c.snapshot }

// Unmetered is why executors cannot tell how far they are, "" where they can, or where there is no meter.
func (c *Cluster) Unmetered() string { return c.unmetered }

// Left are the paths of the fields of a type that segq does not have: nothing can be asked about them.
func (c *Cluster) Left() []string { return c.left }

// Notes says what there is to know about how the table is read.
func (c *Cluster) Notes() []string { return c.notes }

// Misfits are the values that were read so far and did not fit their fields, by field and kind.
func (c *Cluster) Misfits() []load.Misfit {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.misfits)
}

// tell adds to the misfits. What was told of is told of once: what is read again is the same.
func (c *Cluster) tell(all []load.Misfit) {
	c.mu.Lock()
	defer c.mu.Unlock()
	told := len(c.misfits)
	for _, m := range all {
		same := func(of load.Misfit) bool { return of.Field == m.Field && of.Found == m.Found }
		switch i := slices.IndexFunc(c.misfits, same); {
		case i < 0:
			c.misfits = append(c.misfits, m)
		case i >= told:
			c.misfits[i].Count += m.Count
		}
	}
}

// Address says where the table is.
func (c *Cluster) Address() Address { return c.address }

// Close ends the sessions, and leaves nothing on the cluster. Batches under way are to have ended.
func (c *Cluster) Close() error {
	c.mu.Lock()
	closed, m := c.closed, c.made
	c.closed = true
	c.mu.Unlock()
	if closed {
		return nil
	}
	c.stop()
	c.work.Wait()
	c.lanes.close()
	c.own.Lock()
	defer c.own.Unlock()
	if m != nil && m.kept != nil {
		c.dropKept(m.kept)
	}
	c.own.lane.drop()
	return c.program.close()
}

// probe starts the program once, and says what is wrong where that does not work; and notes whether it reaches the meters.
func (c *Cluster) probe(ctx context.Context, s *session) error {
	arguments, m := "--probe", Meter(nil)
	if c.options.Meter != nil {
		var err error
		if m, err = c.options.Meter(rand.Text()); err != nil {
			return err
		}
		arguments += " --meter " + m.Name()
	}
	rows, err := s.query(ctx, "SELECT TRANSFORM(id)"+delimited+" USING '"+c.program.command(arguments)+"' AS (said STRING, unmetered STRING)"+delimited+" FROM range(0, 1, 1, 1)")
	if err != nil {
		return fmt.Errorf("the cluster does not run segq: %w%s", err, advice(err))
	}
	if len(rows) != 1 || !strings.HasPrefix(rows[0].text(0), "segq is ready") {
		return errors.New("the cluster does not run segq: its tasks say something else")
	}
	if rows[0].text(0) != executor.Ready() {
		return errors.New("the program on the cluster is another segq than this one: put this one there, under a name of its own, since executors keep a file of the old name")
	}
	if m != nil {
		c.unmetered = rows[0].text(1)
		if c.unmetered == "" && !told(ctx, m) {
			c.unmetered = "they tell it to another Redis"
		}
		endMeter(m, false)
	}
	return nil
}

// told says whether what an executor has told is there.
func told(ctx context.Context, m Meter) bool {
	ctx, cancel := context.WithTimeout(ctx, meterWithin)
	defer cancel()
	all, err := m.Read(ctx)
	return err == nil && len(all) > 0
}

// advice says what to do about an error of the probe.
func advice(err error) string {
	var failed *StatementError
	if !errors.As(err, &failed) {
		return ""
	}
	switch status := failed.taskStatus(); {
	case strings.Contains(failed.text, "Permission denied") && status == "126":
		return " (the folder of the executors allows no programs, perhaps it is mounted noexec)"
	case status == "" && (strings.Contains(failed.text, "TRANSFORM") || strings.Contains(failed.text, "ScriptTransform")):
		return " (this server does not allow TRANSFORM, by which segq works on a cluster)"
	}
	return ""
}
