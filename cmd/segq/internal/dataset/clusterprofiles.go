package dataset

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/cluster"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/columnwire"
	"github.com/segq/segq/lang/check"
)

// mostOfOne is how many bytes the profiles of one id may take.
const mostOfOne = 256 << 20

// OfID returns the profiles on a cluster that have an id, as far as they are read, as a table of their own.
func (d *Dataset) OfID(ctx context.Context, id string, reads *check.Reads) (*column.Snapshot, error) {
	t, ok := d.table.(*clusterTable)
	if !ok {
		return nil, errNoCluster
	}
	same, err := sameID(d.Snapshot, id)
	if err != nil {
		return nil, exit.Data(err)
	}
	if same == nil { // no profile can have it
		return &column.Snapshot{Schema: d.Snapshot.Schema, ID: d.Snapshot.ID, Root: &column.Struct{Fields: make([]column.Column, len(d.Snapshot.Schema.Fields))}}, nil
	}
	p := cluster.Profiles{Operation: exec.Operation{Now: time.Unix(0, 0)}, Where: &check.Query{Root: same, Cond: same, Slots: 1}, Reads: reads, Few: true}
	s, err := t.Gather(ctx, p, mostOfOne)
	if err != nil {
		return nil, exit.Data(err)
	}
	return s, nil
}

// sameID is the condition that a profile has an id, nil where none can.
func sameID(s *column.Snapshot, id string) (check.Node, error) {
	f := s.ID
	if f == nil {
		return nil, errors.New("the profiles of this table have no ids, and the numbers of rows name none on a cluster: say with --id FIELD which field identifies them")
	}
	value := &check.Const{Info: check.Info{T: f.Type}}
	switch f.Type.Kind {
	case check.String:
		value.V = id
	case check.Int:
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil || strconv.FormatInt(n, 10) != id {
			return nil, nil
		}
		value.V = n
	case check.Float:
		x, err := strconv.ParseFloat(id, 64)
		if err != nil {
			return nil, nil
		}
		value.V = x
	default:
		return nil, fmt.Errorf("a profile on a cluster is found by an id that is a text or a number, and %s is neither", f.Name)
	}
	own := &check.Member{Info: check.Info{T: f.Type}, X: &check.Slot{Info: check.Info{T: s.Schema}}, F: f}
	return &check.Call{Info: check.Info{T: check.BoolType}, Op: check.Eq, Args: []check.Node{own, value}}, nil
}

// Part takes profiles, as rows do.
type Part interface {
	Add(n int, columns []column.Column) error
	End() error
	Emit() error
}

// TakeProfiles gives all profiles of a table on a cluster, or a share of them that seed draws, with all fields, to the parts that begin returns for
// the next n.
func (d *Dataset) TakeProfiles(ctx context.Context, share float64, seed uint64, begin func(n int) Part) error {
	t, ok := d.table.(*clusterTable)
	if !ok {
		return errNoCluster
	}
	p := cluster.Profiles{Operation: exec.Operation{Now: time.Unix(0, 0)}, Reads: &check.Reads{All: true}, Share: share, Seed: seed}
	err := t.Profiles(ctx, p, func(n int, objects []byte) error {
		b := columnwire.NewBuilder(d.Snapshot.Schema)
		if _, err := b.Add(objects, n); err != nil {
			return err
		}
		to := begin(n)
		if err := to.Add(n, b.Column().(*column.Struct).Fields); err != nil { // profiles are objects
			return err
		}
		return errors.Join(to.End(), to.Emit())
	})
	if err != nil && ctx.Err() == nil {
		return exit.Data(err)
	}
	return err
}

var errNoCluster = errors.New("the data is no table of a cluster")

// TakenFrom returns how profiles are read that were taken from a cluster, where a file says what their fields are.
func (d *Options) TakenFrom(from *Dataset, schema string) Options {
	own := *d
	own.cluster, own.schema, own.SharedIDs = clustered{}, schemaFile{schema}, true
	if from.Snapshot.ID != nil {
		own.id = from.Snapshot.ID.Name
	}
	if from.Snapshot.EventsField != nil {
		own.events = from.Snapshot.EventsField.Name
	}
	return own
}
