package cluster

import (
	"fmt"
	"maps"
	"math"
	"strings"
	"testing"

	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"pgregory.net/rapid"
)

func TestParseAddress(t *testing.T) {
	for text, want := range map[string]string{
		"spark://h:1/t":             "h:1 segq default t",
		"spark://h/d.t":             "h:10000 segq d t",
		"spark://ann@[::1]:7/d.t_1": "[::1]:7 ann d t_1",
		"spark://h/d.t`; DROP":      "is no name",
		"spark://h/":                "is no name",
		"spark://h/a.b.c":           "segq b c",
		"spark://h/d.t-%C3%A4 1":    "segq d t-ä 1",
		"spark://h/a.b.c.d":         "is no name",
		"spark://h/a..c":            "is no name",
		"spark:///t":                "has no host",
		"spark://u:p@h/t":           "a password does not belong",
		"spark://h/t?x=1":           "nothing can stand behind",
		"http://h/t":                "write it as spark://",
	} {
		a, err := ParseAddress(text)
		got := fmt.Sprint(a.Host, " ", a.User, " ", a.Database, " ", a.Table)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) || err != nil && strings.Contains(got, ":p@") {
			t.Errorf("%s: %s, not %s", text, got, want)
		}
	}
}

// Every row group of every file is in one split, and in no other, whatever the files are; and no split names a file twice.
func TestSplitsAreTheTable(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		sizes := rapid.SliceOf(rapid.Int64Range(0, 1000)).Draw(r, "sizes")
		n := rapid.IntRange(1, 20).Draw(r, "n")
		var files []file
		groups := map[string]int{}
		var total, most int64
		for i, size := range sizes {
			f := file{path: fmt.Sprintf("file:/f/%d", i), size: size}
			files = append(files, f)
			groups[fmt.Sprintf("/f/%d", i)] = rapid.IntRange(0, 50).Draw(r, "groups")
			total += size
		}
		seen := map[string][]int{}
		splits := divide(files, n)
		if len(splits) > n {
			r.Errorf("%d splits", len(splits))
		}
		for i, s := range splits {
			if s.Part != i {
				r.Errorf("split %d is called %d", i, s.Part)
			}
			named := map[string]bool{}
			size := int64(0)
			for _, p := range s.Pieces {
				if named[p.Path] {
					r.Errorf("a split has %s twice", p.Path)
				}
				named[p.Path] = true
				share := load.Share{From: p.From, To: p.To, Of: p.Of}
				if p.Of == 0 {
					share = load.Share{To: 1, Of: 1}
				}
				from, to, err := share.Groups(groups[p.Path])
				if err != nil {
					r.Error(err)
				}
				for g := from; g < to; g++ {
					seen[p.Path] = append(seen[p.Path], g)
				}
				size += p.Size * int64(share.To-share.From) / int64(share.Of)
			}
			most = max(most, size)
		}
		for path, n := range groups {
			if len(seen[path]) != n {
				r.Errorf("%s: %v of %d groups", path, seen[path], n)
			}
			for i, g := range seen[path] {
				if g != i {
					r.Errorf("%s: %v", path, seen[path])
				}
			}
		}
		if ideal := total/int64(n) + 2*int64(len(files)) + 2; most > ideal {
			r.Errorf("a split has %d bytes of %d in %d", most, total, n)
		}
	})
}

// A sample of all parts is one of all that match: each is as probable as any other.
func TestMergedSamplesAreUniform(t *testing.T) {
	parts := []drawn{{ids: []string{"a", "b", "c"}, matched: 3}, {}, {ids: []string{"d"}, matched: 1}, {ids: []string{"e", "f", "g", "h"}, matched: 4}}
	counts := map[string]int{}
	const rounds, n = 20_000, 3
	for seed := range rounds {
		got := merge(parts, n, uint64(seed))
		if len(got) != n {
			t.Fatal(got)
		}
		for i, id := range got {
			if i > 0 && got[i-1] >= id {
				t.Fatalf("%v are not in order", got)
			}
			counts[id]++
		}
	}
	for id, count := range counts {
		// Four standard deviations of a binomial distribution.
		p := float64(n) / 8
		if d := math.Abs(float64(count) - rounds*p); d > 4*math.Sqrt(rounds*p*(1-p)) {
			t.Errorf("%s was drawn %d times of %d", id, count, rounds)
		}
	}
	if got := merge(parts, 100, 1); strings.Join(got, "") != "abcdefgh" {
		t.Errorf("%v are not all", got)
	}
	if first, again := fmt.Sprint(merge(parts, 4, 7)), fmt.Sprint(merge(parts, 4, 7)); first != again {
		t.Error("equal seeds draw others")
	}
}

// Of two attempts at a part the further one counts, once, and what is no attempt does not.
func TestAttemptsCountOnce(t *testing.T) {
	of := func(part int, attempt string, total int, rows, matched []int) (name, text string) {
		p := executor.Progress{Part: part, Attempt: attempt, Total: total, Rows: rows, Matched: matched}
		return p.Name(), p.String()
	}
	told := map[string]string{"2:x": "garbage", "nobody": "", "3:y": "9 0 0 0 10:1 :0", "4:z": "9 0 0 0 3:4 :0"}
	for _, p := range []struct {
		part          int
		attempt       string
		rows, matched []int
	}{
		{0, "a", []int{50, 50}, []int{5, 7}}, {0, "b", []int{20, 20}, []int{2, 3}}, {1, "c", []int{0, 0}, []int{0, 0}}, {1, "d", []int{10, 0}, []int{10, 0}},
	} {
		name, text := of(p.part, p.attempt, 100, p.rows, p.matched)
		told[name] = text
	}
	got := map[int]string{}
	for _, p := range furthest(told, 2) {
		got[p.Part] = fmt.Sprint(p.Attempt, p.Rows, p.Matched)
	}
	if want := map[int]string{0: "a[50 50] [5 7]", 1: "d[10 0] [10 0]"}; !maps.Equal(got, want) {
		t.Errorf("%v, and not %v", got, want)
	}
}

// Of a hundred lines of Java one is told, of a process what it has said itself.
func TestErrorsAreALine(t *testing.T) {
	for text, want := range map[string]string{
		"*org.apache.hive.service.cli.HiveSQLException: Error running query: [TABLE_OR_VIEW_NOT_FOUND] org.apache.spark.sql.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table `x` cannot be found. SQLSTATE: 42P01; line 1 pos 14\n\tat org.apache.X\n": "The table `x` cannot be found.",
		"org.apache.spark.SparkException: Subprocess exited with status 65. Error: note\nsegq: part 3: the table has changed\n\tat x":                                                                                                                        "on an executor: part 3: the table has changed",
		"java.lang.NullPointerException\n\tat x\n": "the cluster does not say what is wrong",
		"": "the cluster does not say what is wrong",
	} {
		if got := firstLine(text); got != want {
			t.Errorf("%q, and not %q", got, want)
		}
	}
	if got := (&StatementError{text: "Subprocess exited with status 75. Error:"}).taskStatus(); got != "75" {
		t.Errorf("the status is %q", got)
	}
}

// Types of Spark are those that segq reads from the files; what it has none for is left out, and named.
func TestSchemaOfSpark(t *testing.T) {
	text := &sparkType{Name: "string"}
	of := func(name string, t sparkType) sparkField { return sparkField{Name: name, Type: t} }
	d := description{Columns: []sparkField{
		of("i", sparkType{Name: "smallint"}), of("d", sparkType{Name: "decimal", Precision: 20}), of("e", sparkType{Name: "decimal", Precision: 9}), of("t", sparkType{Name: "date"}),
		of("l", sparkType{Name: "array", Element: &sparkType{Name: "struct", Fields: []sparkField{of("x", sparkType{Name: "binary"}), of("y", sparkType{Name: "double"})}}}),
		of("m", sparkType{Name: "map", Key: text, Value: text}), of("n", sparkType{Name: "map", Key: &sparkType{Name: "int"}, Value: text}), of("v", sparkType{Name: "variant"}),
	}}
	got, left := d.schema()
	want := check.ObjectOf(
		&check.Field{Name: "i", Type: check.IntType}, &check.Field{Name: "d", Type: check.FloatType}, &check.Field{Name: "e", Type: check.IntType}, &check.Field{Name: "t", Type: check.TimestampType},
		&check.Field{Name: "l", Type: check.ListOf(check.ObjectOf(&check.Field{Name: "y", Type: check.FloatType}))}, &check.Field{Name: "m", Type: check.MapOf(check.StringType)},
	)
	if !got.Equal(want) || fmt.Sprint(left) != "[l.x n v]" {
		t.Errorf("%s without %v", got, left)
	}
}
