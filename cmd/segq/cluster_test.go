//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/cluster"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// realCluster returns the address of a Thrift server of Spark that tests may fill (HOST:PORT), and the program that its executors
// are to run; the test is passed over where there is none.
func realCluster(t *testing.T) (host, program string) {
	t.Helper()
	host, program = os.Getenv("SEGQ_TEST_SPARK"), os.Getenv("SEGQ_TEST_PROGRAM")
	if host == "" || program == "" {
		t.Skip("SEGQ_TEST_SPARK and SEGQ_TEST_PROGRAM name no cluster")
	}
	return host, program
}

// onCluster makes a table of files.
func onCluster(t *testing.T, host, name string, files []string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := os.Link(f, filepath.Join(dir, filepath.Base(f))); err != nil {
			t.Fatal(err)
		}
	}
	for _, sql := range []string{"DROP TABLE IF EXISTS " + name, "CREATE TABLE " + name + " USING parquet LOCATION '" + dir + "'"} {
		if err := cluster.Execute(t.Context(), cluster.Address{Host: host, User: "segq"}, sql); err != nil {
			t.Fatal(err)
		}
	}
}

// What the engines on a cluster count is what the engine here counts, whatever is asked, and whichever way they come by the
// rows.
func TestClusterCounts(t *testing.T) {
	host, program := realCluster(t)
	table := newTaskTable(t)
	onCluster(t, host, "segq_counts", table.files)
	if err := cluster.Execute(t.Context(), cluster.Address{Host: host, User: "segq"}, "CREATE OR REPLACE VIEW segq_counted AS SELECT * FROM segq_counts"); err != nil {
		t.Fatal(err)
	}
	engine := resident.New(table.snap, resident.Options{})
	defer engine.Close()
	for name, way := range map[string]cluster.Way{"segq_counts": cluster.ByFiles, "segq_counted": ""} {
		t.Run(name, func(t *testing.T) {
			a, err := cluster.ParseAddress("spark://" + host + "/" + name)
			if err != nil {
				t.Fatal(err)
			}
			c, err := cluster.Open(t.Context(), a, cluster.Options{Program: program, Splits: 4, Way: way})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if c.Snapshot().Rows() != table.snap.Rows() {
				t.Fatalf("the table has %d rows, and not %d", c.Snapshot().Rows(), table.snap.Rows())
			}
			if testing.Short() {
				equalCounts(t, table.queries(t, 1, 12), engine, c)
				return
			}
			for batch := range 4 {
				equalCounts(t, table.queries(t, uint64(batch+1), 75), engine, c)
			}
			equalOverlaps(t, table.queries(t, 9, 12), engine, c)
			equalRows(t, table, engine, c, way == cluster.ByFiles)
			equalMemberships(t, table.queries(t, 10, 40), engine, c)
		})
	}
}

// equalOverlaps compares audiences on both engines.
func equalOverlaps(t *testing.T, asked exec.Batch, here exec.Runner, c *cluster.Cluster) {
	t.Helper()
	var own, there []*check.Query
	for _, q := range asked.Queries {
		other, problems := lang.Compile(q.Typed.Canonical, column.Catalog{Snapshot: c.Snapshot()}, check.Options{})
		if problems.Failed() {
			t.Fatal(problems)
		}
		own, there = append(own, q.Typed), append(there, other)
	}
	want, err := exec.OverlapOf(t.Context(), here, exec.Operation{Now: taskNow}, own)
	if err != nil {
		t.Fatal(err)
	}
	got, err := exec.OverlapOf(t.Context(), c, exec.Operation{Now: taskNow}, there)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// equalCounts asks a batch of both engines.
func equalCounts(t *testing.T, asked exec.Batch, here exec.Runner, c *cluster.Cluster) {
	t.Helper()
	there := asked
	there.Queries = nil
	for _, q := range asked.Queries {
		own, problems := lang.Compile(q.Typed.Canonical, column.Catalog{Snapshot: c.Snapshot()}, check.Options{})
		if problems.Failed() {
			t.Fatalf("%s: %v", q.Typed.Canonical, problems)
		}
		q.Typed = own
		there.Queries = append(there.Queries, q)
	}
	want, err := here.Run(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	got, err := c.Run(t.Context(), there)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d queries: %v", len(got), time.Since(began))
	for i := range got {
		for _, v := range []*exec.Values{want[i].Values, got[i].Values} {
			if v != nil {
				v.Examples = nil // which ones there are first is decided by the order of the rows
			}
		}
		if diff := cmp.Diff(want[i].Values, got[i].Values); diff != "" {
			t.Errorf("the values of %s: %s", asked.Queries[i].Typed.Canonical, diff)
		}
		if got[i].Count != want[i].Count || got[i].Total != want[i].Total || got[i].Err != nil || want[i].Err != nil || !slices.Equal(got[i].Groups, want[i].Groups) {
			t.Errorf("%s: %d of %d %v, and here %d of %d", asked.Queries[i].Typed.Canonical, got[i].Count, got[i].Total, got[i].Err, want[i].Count, want[i].Total)
		}
	}
}

// A batch that is cancelled leaves nothing on the cluster that works.
func TestClusterCancels(t *testing.T) {
	host, program := realCluster(t)
	table := newTaskTable(t)
	onCluster(t, host, "segq_cancels", table.files)
	a, err := cluster.ParseAddress("spark://" + host + "/segq_cancels")
	if err != nil {
		t.Fatal(err)
	}
	c, err := cluster.Open(t.Context(), a, cluster.Options{Program: program, Splits: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	slow := "exists " + strings.Join(slowDeclarations(9), ", ") + " where A.commerce.order.priceTotal + I.commerce.order.priceTotal < 0"
	compiled := func(text string) exec.Batch {
		q, problems := lang.Compile(text, column.Catalog{Snapshot: c.Snapshot()}, check.Options{})
		if problems.Failed() {
			t.Fatal(problems)
		}
		return exec.Batch{Now: taskNow, Queries: []exec.Query{{ID: "q", Typed: q}}}
	}
	if _, err := c.Run(t.Context(), compiled("true")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	defer time.AfterFunc(2*time.Second, cancel).Stop()
	began := time.Now()
	stopped, err := c.Run(ctx, compiled(slow))
	if err != nil || !errors.Is(stopped[0].Err, context.Canceled) {
		t.Fatal(stopped, err)
	}
	t.Logf("it ended after %v", time.Since(began))
	began = time.Now()
	got, err := c.Run(t.Context(), compiled("true")) // which has to wait for the slots
	if err != nil || got[0].Count != table.snap.Rows() {
		t.Fatal(got, err)
	}
	t.Logf("the next answer came %v later", time.Since(began))
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v until the slots were free", took)
	}
}

func slowDeclarations(n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf("%c from xEvent", 'A'+i))
	}
	return all
}
