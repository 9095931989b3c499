package dataset

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/cluster"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/redisx"
	"github.com/spf13/pflag"
)

// clustered are the flags of a table that stays on a cluster.
type clustered struct {
	address, passwordFile string
	from, file, way       string
	also                  []string
	splits                int
}

// RegisterCluster adds the flags of a table that stays on a cluster, under a heading of their own.
func (d *Options) RegisterCluster(f *pflag.FlagSet) {
	c := &d.cluster
	f.StringVar(&c.address, "cluster", "", "ask a table of a Spark cluster where it lies, in place of DATA: `spark://[USER@]HOST:PORT/DATABASE.TABLE`, of its Thrift server")
	f.StringVar(&c.passwordFile, "cluster-password-file", "", "read the password for it from this `FILE`")
	f.IntVar(&c.splits, "cluster-parts", 0, "divide the table into `N` parts (default as many as the cluster works on at once)")
	f.StringVar(&c.way, "cluster-way", "", "how rows are come by, `WAY`: files (segq reads Parquet itself) or rows (Spark reads whatever it can, once, and pipes it); default files where executors can read them")
	f.StringVar(&c.from, "cluster-listen", "", "hand segq to the executors at this `ADDRESS` (default the one that this machine has for the server, and any port)")
	f.StringVar(&c.file, "cluster-program", "", "have the cluster fetch segq from this `PLACE` instead, a path or an address of its own")
	f.StringArrayVar(&c.also, "cluster-also", nil, "hand this `FILE` to executors with another processor: a segq that was built for it")
	help.Under(f, help.Cluster)
	config.Allow(f, config.Rule{OneOf: clusterWays}, "cluster-way")
	config.Allow(f, config.Rule{}, "cluster", "cluster-parts", "cluster-listen", "cluster-program", "cluster-also")
	config.Allow(f, config.Rule{Path: true, Below: []string{"cluster"}}, "cluster-password-file")
}

// clusterWays are what --cluster-way says.
var clusterWays = []string{string(cluster.ByFiles), string(cluster.Piped)}

// Clustered says whether the data stays on a cluster.
func (d *Options) Clustered() bool { return d.cluster.address != "" }

// ReadingFiles returns the names of the flags that say how files are read, which is decided on a cluster by the table.
func ReadingFiles() (names []string) {
	for _, f := range Reading() {
		if f.Name != "id" && f.Name != "events" {
			names = append(names, f.Name)
		}
	}
	return names
}

// clusterTable is a table of which no column is here.
type clusterTable struct {
	*cluster.Cluster
	report load.Report
	redis  *redisx.Client // to which executors tell how far they are; nil for none
}

var _ table = (*clusterTable)(nil)

// stays says whether the data is that of the cluster: paths, as of .open, are others.
func (d *Options) stays(paths []string) bool { return d.Clustered() && len(paths) == 0 }

// clusterOptions returns where the cluster is, and how it is asked.
func (d *Options) clusterOptions() (a cluster.Address, o cluster.Options, err error) {
	if a, err = cluster.ParseAddress(d.cluster.address); err != nil {
		return a, o, exit.Usage(fmt.Errorf("--cluster: %w", err))
	}
	if way := d.cluster.way; way != "" && !slices.Contains(clusterWays, way) {
		return a, o, exit.Usage(fmt.Errorf("unknown --cluster-way %q: %s", way, spelling.Choices(way, clusterWays)))
	}
	o = cluster.Options{Way: cluster.Way(d.cluster.way), ID: d.id, Events: d.events, Splits: d.cluster.splits, From: d.cluster.from, File: d.cluster.file, Also: d.cluster.also}
	if d.cluster.splits < 0 {
		return a, o, exit.Usage(errors.New("--cluster-parts must be 1 or more"))
	}
	if d.cluster.passwordFile != "" {
		text, err := os.ReadFile(d.cluster.passwordFile)
		if err != nil {
			return a, o, exit.Usage(fmt.Errorf("--cluster-password-file: %w", err))
		}
		o.Password = strings.TrimRight(string(text), "\r\n")
	}
	return a, o, nil
}

// clusterStamp is [Stamp] of a table on a cluster: of what is not to be opened again nobody asks, since it costs a statement.
func (d *Options) clusterStamp(ctx context.Context) (string, error) {
	if !d.Reloads {
		return "", nil
	}
	a, o, err := d.clusterOptions()
	if err != nil {
		return "", err
	}
	return cluster.Stamp(ctx, a, o)
}

// openCluster connects to the cluster.
func (d *Options) openCluster(ctx context.Context) (table, error) {
	began := time.Now()
	a, o, err := d.clusterOptions()
	if err != nil {
		return nil, err
	}
	t := &clusterTable{}
	unmetered := t.meter(ctx, d.Redis, &o)
	c, err := cluster.Open(ctx, a, o)
	if err != nil {
		return nil, errors.Join(err, t.closeRedis())
	}
	t.Cluster = c
	t.report = load.Report{Rows: c.Snapshot().Rows(), Files: []load.File{{Name: a.String(), Rows: c.Snapshot().Rows()}}, Elapsed: time.Since(began)}
	t.report.Notes = append(t.report.Notes, c.Notes()...)
	if unmetered = cmp.Or(unmetered, c.Unmetered()); unmetered != "" {
		t.report.Notes = append(t.report.Notes, "executors cannot tell how far they are, which changes no answer: "+unmetered)
	}
	for _, path := range c.Left() {
		t.report.Notes = append(t.report.Notes, path+" has a type that segq does not know: nothing can be asked about it")
	}
	return t, nil
}

// meter has executors tell how far they are, where there is a Redis for that; else it returns why they cannot.
func (t *clusterTable) meter(ctx context.Context, open func(context.Context) (*redisx.Client, error), o *cluster.Options) (why string) {
	if open == nil {
		return ""
	}
	client, err := open(ctx)
	if err != nil {
		return err.Error()
	}
	t.redis = client
	o.Meter = func(name string) (cluster.Meter, error) { return client.Meter(name) }
	return ""
}

// Close ends the sessions, and the connections to Redis.
func (t *clusterTable) Close() error { return errors.Join(t.Cluster.Close(), t.closeRedis()) }

func (t *clusterTable) closeRedis() error {
	if t.redis == nil {
		return nil
	}
	return t.redis.Close()
}

// Load fails: who asks for columns wants to read them here.
func (t *clusterTable) Load(context.Context, *check.Reads, func(done, total int64)) (*column.Snapshot, func(), error) {
	return nil, nil, &exec.DataError{Err: errors.New("this needs the values of profiles, which are on the cluster: it is not done there yet")}
}

// Report tells of the table, and of what executors have found in it since.
func (t *clusterTable) Report() *load.Report {
	r := t.report
	r.Misfits = t.Misfits()
	return &r
}

// Residency tells that nothing is here.
func (t *clusterTable) Residency() column.Residency { return column.Residency{} }

// Digest names the files of the table, which the fingerprint does as well.
func (t *clusterTable) Digest(context.Context) (string, error) { return t.Snapshot().Fingerprint, nil }

// LoadRest has nothing to do.
func (t *clusterTable) LoadRest(context.Context, func(context.Context) error) error { return nil }

// HasRoom says that nothing of it is to be here.
func (t *clusterTable) HasRoom(*check.Reads) bool { return false }

// LoadSpare fails as Load does.
func (t *clusterTable) LoadSpare(ctx context.Context, reads *check.Reads) error {
	_, _, err := t.Load(ctx, reads, nil)
	return err
}

// Runner is what answers batches: the engine of this process, or the cluster where the data is.
func (d *Dataset) Runner() exec.Runner {
	if t, ok := d.table.(*clusterTable); ok {
		return t.Cluster
	}
	return d.Engine
}

// GiveRows gives the profiles that match, wherever the data is.
func (d *Dataset) GiveRows(ctx context.Context, q resident.Rows) (resident.RowsResult, error) {
	if t, ok := d.table.(*clusterTable); ok {
		return t.Rows(ctx, q)
	}
	return d.Engine.Rows(ctx, q)
}

// GiveMemberships gives the rules of each profile, wherever the data is.
func (d *Dataset) GiveMemberships(ctx context.Context, q resident.Memberships) (resident.MembershipsResult, error) {
	if t, ok := d.table.(*clusterTable); ok {
		return t.Memberships(ctx, q)
	}
	return d.Engine.Memberships(ctx, q)
}

// OnCluster says whether the data is on a cluster.
func (d *Dataset) OnCluster() bool {
	_, ok := d.table.(*clusterTable)
	return ok
}

// engineName is the engine that answers, as records name it.
func (d *Dataset) engineName() string {
	if d.OnCluster() {
		return "cluster"
	}
	return "resident"
}

// TableOnCluster is the name of the table, without where the cluster is.
func (d *Options) TableOnCluster() string {
	return d.cluster.address[strings.LastIndexByte(d.cluster.address, '/')+1:]
}
