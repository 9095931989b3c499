package executor

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// Rows are how rows on standard input are read.
type Rows struct {
	V          string `json:"v"`
	Schema     string `json:"schema"`
	ID, Events string `json:",omitempty"`
}

// NewRows says how rows of a schema are read.
func NewRows(schema *check.Type, id, events string) (*Rows, error) {
	var text strings.Builder
	err := load.WriteSchema(&text, schema)
	return &Rows{V: version, Schema: text.String(), ID: id, Events: events}, err
}

// Encode returns the form in which it travels as an argument.
func (r *Rows) Encode() (string, error) { return encode(r) }

// rowsKey is the key of rows in the cache.
func rowsKey(name string) string { return "rows\x00" + name }

// Pack reads rows, objects of JSON in a line each, and leaves them in the cache. It writes a line: the number of the part that
// they are, which no other has, the split by which they are asked about, how many they are, their sum, and which of their values did not fit ([DecodeMisfits]). A row that cannot be read is an error: none may be missing.
func Pack(ctx context.Context, in io.Reader, out io.Writer, rows string, o Options) error {
	if o.Cache == nil {
		return wrong("rows are packed into a cache, and there is none here")
	}
	r := &Rows{}
	if err := decode(rows, r); err != nil {
		return wrong("how the rows are read cannot be read: %w", err)
	}
	if r.V != version {
		return wrong("the program on the executors is another segq than the one that asks (version %s, and not %s): give the cluster the same, under a name of its own", version, r.V)
	}
	schema, err := (&Batch{Schema: r.Schema}).schema()
	if err != nil {
		return err
	}
	sum := &summing{line: sha256.New()}
	snap, report, err := load.Reader(ctx, io.TeeReader(in, sum), "ndjson", "rows", load.Options{Threads: max(o.Threads, 1), Schema: schema, ID: r.ID, Events: r.Events, SharedIDs: true, Strict: true, NullEntries: true})
	if err != nil {
		return err
	}
	sum.end()
	name := rand.Text()
	number, err := rand.Int(rand.Reader, big.NewInt(1<<53)) // which JSON keeps
	if err != nil {
		return err
	}
	table, err := o.Cache.Open(ctx, rowsKey(name), func(context.Context) (column.Table, error) { return load.TableOf(snap, report, load.Options{}), nil })
	if err != nil {
		return err
	}
	_, release, err := table.Load(ctx, &check.Reads{All: true}, nil)
	if err != nil {
		return errors.Join(err, table.Close())
	}
	release()
	if !table.Kept() {
		return errors.Join(&exec.DataError{Err: errors.New("the rows cannot be kept in the cache")}, table.Close())
	}
	split := Split{Part: int(number.Int64()), Cached: name}
	text, err := split.Encode()
	if err != nil {
		return errors.Join(err, table.Close())
	}
	misfits, err := encode(report.Misfits)
	if err != nil {
		return errors.Join(err, table.Close())
	}
	_, err = fmt.Fprintf(out, "%d\t%s\t%d\t%s\t%s\n", split.Part, text, snap.Rows(), sum.sum, misfits)
	return errors.Join(err, table.Close())
}

// DecodeMisfits reads which values did not fit their fields.
func DecodeMisfits(text string) (all []load.Misfit, err error) {
	err = decode(text, &all)
	return all, err
}
