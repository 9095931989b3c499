package exec_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/segq/segq/exec"
	"pgregory.net/rapid"
)

// log is a sink that writes down what it hears.
type log []string

func (l *log) Start(query string, partitions []int) {
	*l = append(*l, fmt.Sprint("start ", query, partitions))
}

func (l *log) Load(query string, x exec.Loading) {
	*l = append(*l, fmt.Sprint("load ", query, " ", x.Done, " of ", x.Total))
}

func (l *log) Progress(query string, partition int, p exec.Progress) {
	*l = append(*l, fmt.Sprint(query, " ", partition, ": ", p.Rows, " rows, ", p.Matched, " matched, done ", p.Done))
}

// Two queries go through two partitions; to the outside they are one, which is not through
// as long as one of them has not begun: it may wait for columns that the other does not read.
func TestAsOne(t *testing.T) {
	heard := &log{}
	s := exec.AsOne(heard, "job", 2, "b")
	s.Load("b", exec.Loading{Done: 1, Total: 2})
	s.Start("a", []int{10, 20})
	s.Start("b", []int{10, 20})
	s.Progress("a", 0, exec.Progress{Rows: 10, Matched: 9, Done: true})
	s.Progress("b", 0, exec.Progress{Rows: 10, Matched: 3, Done: true})
	s.Progress("b", 1, exec.Progress{Rows: 5, Matched: 2})
	s.Progress("a", 1, exec.Progress{Rows: 1})
	want := log{
		"load job 1 of 2",
		"start job[10 20]",
		"job 0: 0 rows, 0 matched, done false",
		"job 0: 10 rows, 3 matched, done true",
		"job 1: 0 rows, 0 matched, done false",
		"job 1: 1 rows, 0 matched, done false",
	}
	if !slices.Equal(*heard, want) {
		t.Errorf("got %q\nwant %q", *heard, want)
	}
}

// least is a sink that has the last number of rows.
type least struct{ rows int }

func (*least) Start(string, []int)                         {}
func (*least) Load(string, exec.Loading)                   {}
func (l *least) Progress(_ string, _ int, p exec.Progress) { l.rows = p.Rows }

// However many queries go through a partition, and if one begins again: it is told what all of them have seen.
func TestAsOneOfMany(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		heard, n := &least{}, rapid.IntRange(1, 5).Draw(t, "queries")
		s := exec.AsOne(heard, "job", n, "")
		s.Start("0", []int{10})
		rows := make([]int, n)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			i := rapid.IntRange(0, n-1).Draw(t, "query")
			rows[i] = rapid.IntRange(max(0, rows[i]-1), rows[i]+2).Draw(t, "rows")
			if s.Progress(fmt.Sprint(i), 0, exec.Progress{Rows: rows[i]}); heard.rows != slices.Min(rows) {
				t.Fatalf("%d rows of %v", heard.rows, rows)
			}
		}
	})
}
