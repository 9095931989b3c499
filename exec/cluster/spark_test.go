package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// sparkTable is a table that Spark itself writes, and rules about it, each beside the condition of Spark that says the same.
type sparkTable struct {
	name  string // of the table that is asked
	make  []string
	rules [][2]string
	// files says that segq may read the files by itself, else why it is not to.
	files string
	// unread says that Spark itself does not read it.
	unread bool
}

const may = "may"

// What is counted over tables as Spark writes them is what Spark counts, by its own SQL, whichever way segq comes by the rows.
func TestSparkCounts(t *testing.T) {
	host, program := os.Getenv("SEGQ_TEST_SPARK"), os.Getenv("SEGQ_TEST_PROGRAM")
	if host == "" || program == "" {
		t.Skip("SEGQ_TEST_SPARK and SEGQ_TEST_PROGRAM name no cluster")
	}
	s := sparkSession(t, host)
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, table := range sparkTables(dir) {
		t.Run(table.name, func(t *testing.T) {
			for _, sql := range table.make {
				if _, err := s.query(t.Context(), sql); err != nil {
					t.Fatalf("%s: %v", sql, err)
				}
			}
			conditions := make([]string, len(table.rules))
			for i, r := range table.rules {
				conditions[i] = "CAST(count_if(" + r[1] + ") AS STRING)"
			}
			a, err := ParseAddress("spark://" + host + "/" + table.name)
			if err != nil {
				t.Fatal(err)
			}
			said, err := s.query(t.Context(), "SELECT "+strings.Join(conditions, ", ")+" FROM "+a.sql())
			if err != nil {
				t.Fatal(err)
			}
			for _, way := range []Way{ByFiles, Piped} {
				if way == Piped && table.unread {
					continue
				}
				t.Run(string(way), func(t *testing.T) {
					c, err := Open(t.Context(), a, Options{Program: program, Splits: 2, Way: way})
					if way == ByFiles && table.files != may {
						if err == nil || !strings.Contains(err.Error(), table.files) {
							t.Errorf("the files can be read: %v", err)
						}
						return
					}
					if err != nil {
						t.Fatal(err)
					}
					defer c.Close()
					got, err := c.Run(t.Context(), sparkRules(t, c, table.rules))
					if err != nil {
						t.Fatal(err)
					}
					some := false
					for i, r := range got {
						if want := said[0].text(i); r.Err != nil || fmt.Sprint(r.Count) != want {
							t.Errorf("%s: %d %v, and Spark counts %s of %s", table.rules[i][0], r.Count, r.Err, want, table.rules[i][1])
						}
						some = some || r.Count > 0 && r.Count < r.Total
					}
					if !some && c.Snapshot().Rows() > 1 {
						t.Error("no rule tells one row from another")
					}
					for _, m := range c.Misfits() {
						t.Logf("misfit: %s", m)
					}
				})
			}
		})
	}
}

// sparkSession is a session in which tests make tables.
func sparkSession(t *testing.T, host string) *session {
	t.Helper()
	s, err := connect(t.Context(), Address{Host: host, User: "segq"}, "", settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	return s
}

// sparkRules are rules as a batch.
func sparkRules(t *testing.T, c *Cluster, rules [][2]string) exec.Batch {
	t.Helper()
	b := exec.Batch{Now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	for i, r := range rules {
		q, problems := lang.Compile(r[0], column.Catalog{Snapshot: c.Snapshot()}, check.Options{})
		if problems.Failed() {
			t.Fatalf("%s: %v", r[0], problems)
		}
		b.Queries = append(b.Queries, exec.Query{ID: fmt.Sprint(i), Typed: q})
	}
	return b
}

// A table that has changed is an error, or another snapshot, and never old rows under a new name.
func TestSparkChanges(t *testing.T) {
	host, program := os.Getenv("SEGQ_TEST_SPARK"), os.Getenv("SEGQ_TEST_PROGRAM")
	if host == "" || program == "" {
		t.Skip("SEGQ_TEST_SPARK and SEGQ_TEST_PROGRAM name no cluster")
	}
	s := sparkSession(t, host)
	query := func(sql string) {
		t.Helper()
		if _, err := s.query(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	query("DROP TABLE IF EXISTS segq_changes")
	query("CREATE TABLE segq_changes USING parquet AS SELECT id, 'old' AS state FROM range(10)")
	a, err := ParseAddress("spark://" + host + "/segq_changes")
	if err != nil {
		t.Fatal(err)
	}
	open := func(way Way) *Cluster {
		t.Helper()
		c, err := Open(t.Context(), a, Options{Program: program, Splits: 2, Way: way})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	rules := [][2]string{{`state = "old"`, ""}, {`state = "new"`, ""}}
	counts := func(c *Cluster) string {
		t.Helper()
		got, err := c.Run(t.Context(), sparkRules(t, c, rules))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(got[0].Err, got[1].Err); err != nil {
			return err.Error()
		}
		return fmt.Sprint(got[0].Count, got[1].Count)
	}
	stamp := func(table string) string {
		t.Helper()
		of := a
		of.Table = table
		s, err := Stamp(t.Context(), of, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	query("CREATE OR REPLACE VIEW segq_changes_view AS SELECT * FROM segq_changes")
	files, rows := open(ByFiles), open(Piped)
	before, viewed := stamp("segq_changes"), stamp("segq_changes_view")
	if again := stamp("segq_changes"); again != before {
		t.Errorf("a table that has not changed is %s, and %s", before, again)
	}
	for _, c := range []*Cluster{files, rows} {
		if got := counts(c); got != "10 0" {
			t.Error(got)
		}
	}
	query("INSERT OVERWRITE segq_changes SELECT id, 'new' FROM range(10)")
	if got := counts(files); !strings.Contains(got, "table has changed") && !strings.Contains(got, "no such file") {
		t.Errorf("its files are others: %s", got)
	}
	if got := counts(rows); got != "10 0" && !strings.Contains(got, "has changed since it was read") { // Spark packs again what it knows to have changed
		t.Errorf("rows that were read are as they were: %s", got)
	}
	rows.giveUp()
	if got := counts(rows); !strings.Contains(got, "has changed since it was read") {
		t.Errorf("rows that are read again are others: %s", got)
	}
	for _, way := range []Way{ByFiles, Piped} {
		if got := counts(open(way)); got != "0 10" {
			t.Errorf("%s: %s", way, got)
		}
	}
	if after := stamp("segq_changes"); after == before {
		t.Error("other files have the same stamp")
	}
	before = stamp("segq_changes")
	query("INSERT INTO segq_changes SELECT id, 'more' FROM range(3)")
	if stamp("segq_changes") == before || stamp("segq_changes_view") == viewed {
		t.Error("a table with more rows has the same stamp")
	}
}

// giveUp has what was packed read again.
func (c *Cluster) giveUp() {
	c.mu.Lock()
	m := c.made
	c.mu.Unlock()
	if m != nil {
		c.forget(m.kept, executor.ErrGone)
	}
}

// sparkTables are the tables.
func sparkTables(dir string) []sparkTable {
	at := func(name string) string { return "'" + filepath.Join(dir, name) + "'" }
	parquet := " USING parquet "
	return []sparkTable{
		{
			name: "segq_parts", files: may,
			make: []string{
				"DROP TABLE IF EXISTS segq_parts",
				"CREATE TABLE segq_parts (id BIGINT, v STRING, region STRING, n INT, day DATE, f DOUBLE)" + parquet + "PARTITIONED BY (region, n, day, f)",
				`INSERT INTO segq_parts VALUES (1, 'x', 'a/b=c d%', 1, DATE'2026-01-01', 1.5), (2, 'y', 'Köln', 1, DATE'2026-01-01', 1.5), (3, 'z', '01', 2, DATE'1899-12-31', 1e10),
				(4, 'x', '1', 2, NULL, NULL), (5, 'x', NULL, NULL, DATE'2026-01-01', 1.5), (6, 'y', '', 3, DATE'2026-02-28', 0.1), (7, 'z', "x'y", 3, DATE'2026-02-28', 0.1),
				(8, 'x', 'TRUE', 4, DATE'2026-02-28', 2), (9, 'y', '2026-01-01', 4, DATE'2026-02-28', 2), (10, 'z', '[z]*?', -5, DATE'0001-01-01', -1), (11, 'x', 'ä"b', -5, DATE'9999-12-31', -1),
				(12, NULL, '1.0', 6, DATE'2026-01-01', 3), (13, NULL, '__HIVE', 6, DATE'2026-01-01', 3), (14, 'q', 'a b', 7, DATE'2026-01-01', 3), (15, 'q', 'a+b', 7, DATE'2026-01-01', 3), (16, 'q', 'a:b{c}', 7, DATE'2026-01-01', 3)`,
			},
			rules: [][2]string{
				{`region = "a/b=c d%"`, `region = 'a/b=c d%'`}, {`region = "Köln"`, `region = 'Köln'`}, {`region = "01"`, `region = '01'`}, {`region = "1"`, `region = '1'`},
				{`region.isNull()`, `region IS NULL`}, {`region = ""`, `region = ''`}, {`region = "x'y"`, `region = "x'y"`}, {`region = "TRUE"`, `region = 'TRUE'`}, {`region = "true"`, `region = 'true'`},
				{`region = "2026-01-01"`, `region = '2026-01-01'`}, {`region = "[z]*?"`, `region = '[z]*?'`}, {`region = "1.0"`, `region = '1.0'`}, {`n > 2`, `n > 2`}, {`n < 0`, `n < 0`}, {`n.isNull()`, `n IS NULL`},
				{`day = "2026-01-01"`, `day = DATE'2026-01-01'`}, {`day < "1900-01-01"`, `day < DATE'1900-01-01'`}, {`day.isNull()`, `day IS NULL`}, {`f = 0.1`, `f = 0.1D`}, {`f > 1000000`, `f > 1000000`},
				{`v = "x" and region = "a b"`, `v = 'x' AND region = 'a b'`}, {`v = "q" and region = "a+b"`, `v = 'q' AND region = 'a+b'`}, {`v.isNull() and n = 6`, `v IS NULL AND n = 6`}, {`region = "a:b{c}"`, `region = 'a:b{c}'`}, {`day > "9000-01-01"`, `day > DATE'9000-01-01'`},
			},
		},
		{
			name: "segq_case", files: may,
			make: []string{
				"DROP TABLE IF EXISTS segq_lower", "DROP TABLE IF EXISTS SEGQ_Case",
				"CREATE TABLE segq_lower" + parquet + "LOCATION " + at("country=DE/case") + " AS SELECT id, IF(id % 2 = 0, 'de', 'fr') AS countrycode, named_struct('tier', IF(id < 3, 'gold', NULL), 'n', id) AS loyalty, 'FR' AS country FROM range(20)",
				"CREATE TABLE SEGQ_Case (ID BIGINT, countryCode STRING, Loyalty STRUCT<TIER: STRING, N: BIGINT>, Country STRING)" + parquet + "LOCATION " + at("country=DE/case"),
			},
			rules: [][2]string{
				{`countryCode = "de"`, `countryCode = 'de'`}, {`countryCode.isNull()`, `countryCode IS NULL`}, {`ID > 10`, `ID > 10`}, {`Loyalty.TIER = "gold"`, `Loyalty.TIER = 'gold'`}, {`Loyalty.TIER.isNull()`, `Loyalty.TIER IS NULL`},
				{`Loyalty.N < 7`, `Loyalty.N < 7`}, {`Country = "FR"`, `Country = 'FR'`}, {`Country = "DE"`, `Country = 'DE'`}, {`Loyalty.isNull()`, `Loyalty IS NULL`}, {`Loyalty.N = 3 or countryCode = "fr"`, `Loyalty.N = 3 OR countryCode = 'fr'`},
			},
		},
		{
			name: "segq_elsewhere", files: may,
			make: []string{
				"DROP TABLE IF EXISTS segq_elsewhere", "DROP TABLE IF EXISTS segq_raw",
				"CREATE TABLE segq_raw" + parquet + "LOCATION " + at("raw") + " AS SELECT id, id % 3 AS k FROM range(30)",
				"CREATE TABLE segq_elsewhere (id BIGINT, k BIGINT, day STRING)" + parquet + "PARTITIONED BY (day)",
				"INSERT INTO segq_elsewhere VALUES (100, 7, '2026-01-02')",
				"ALTER TABLE segq_elsewhere ADD PARTITION (day = '2026-01-01') LOCATION " + at("raw"),
			},
			rules: [][2]string{{`day = "2026-01-01"`, `day = '2026-01-01'`}, {`day = "2026-01-02"`, `day = '2026-01-02'`}, {`day.isNull()`, `day IS NULL`}, {`k = 1 and day = "2026-01-01"`, `k = 1 AND day = '2026-01-01'`}, {`id >= 29`, `id >= 29`}},
		},
		{
			name: "segq_twice", files: "two partitions have",
			make: []string{
				"DROP TABLE IF EXISTS segq_twice", "CREATE TABLE segq_twice (id BIGINT, day STRING)" + parquet + "PARTITIONED BY (day)",
				"ALTER TABLE segq_twice ADD PARTITION (day = 'a') LOCATION " + at("raw"), "ALTER TABLE segq_twice ADD PARTITION (day = 'b') LOCATION " + at("raw"),
			},
			rules: [][2]string{{`day = "a"`, `day = 'a'`}, {`day = "b" and id < 10`, `day = 'b' AND id < 10`}},
		},
		{
			name: "segq_evolved", files: may,
			make: []string{
				"DROP TABLE IF EXISTS segq_evolved", "CREATE TABLE segq_evolved (id BIGINT, s STRUCT<a: INT>)" + parquet,
				"INSERT INTO segq_evolved SELECT id, named_struct('a', CAST(id AS INT)) FROM range(10)",
				"ALTER TABLE segq_evolved ADD COLUMNS (later STRING, more ARRAY<STRING>)",
				"INSERT INTO segq_evolved SELECT id, IF(id = 15, NULL, named_struct('a', NULL)), IF(id < 15, 'x', NULL), array('p', NULL) FROM range(10, 20)",
			},
			rules: [][2]string{
				{`later.isNull()`, `later IS NULL`}, {`later = "x"`, `later = 'x'`}, {`later != "x"`, `later != 'x'`}, {`more.isNull()`, `more IS NULL`}, {`more.count() = 2`, `size(more) = 2`}, {`s.isNull()`, `s IS NULL`}, {`s.a.isNull()`, `s.a IS NULL`},
				{`s.a > 4`, `s.a > 4`}, {`not (s.a > 4)`, `NOT coalesce(s.a > 4, false)`}, {`id < 12 and later = "x"`, `id < 12 AND later = 'x'`},
			},
		},
		{
			name: "segq_filled", files: "in whose place Spark has a value",
			make: []string{
				"DROP TABLE IF EXISTS segq_filled", "CREATE TABLE segq_filled (id BIGINT)" + parquet, "INSERT INTO segq_filled SELECT id FROM range(10)",
				"ALTER TABLE segq_filled ADD COLUMNS (tier STRING DEFAULT 'none')", "INSERT INTO segq_filled SELECT id, 'gold' FROM range(5)", "ALTER TABLE segq_filled ALTER COLUMN tier DROP DEFAULT",
			},
			rules: [][2]string{{`tier = "none"`, `tier = 'none'`}, {`tier.isNull()`, `tier IS NULL`}, {`tier = "gold"`, `tier = 'gold'`}},
		},
		{
			name: "segq_wider", files: may,
			make: []string{
				"DROP TABLE IF EXISTS segq_narrow", "DROP TABLE IF EXISTS segq_wider",
				"CREATE TABLE segq_narrow" + parquet + "LOCATION " + at("narrow") + " AS SELECT CAST(id AS INT) AS n, CAST(id AS FLOAT) / 10 AS f, CAST(id AS DECIMAL(5,2)) AS d FROM range(30)",
				"CREATE TABLE segq_wider (n BIGINT, f DOUBLE, d DECIMAL(12,4))" + parquet + "LOCATION " + at("narrow"),
			},
			rules: [][2]string{{`n > 10`, `n > 10`}, {`f = 0.5`, `f = 0.5D`}, {`f > 0.1`, `f > 0.1D`}, {`f = 0.3`, `f = 0.3D`}, {`d = 7`, `d = 7`}, {`d > 9.99`, `d > 9.99`}},
		},
		{
			name: "segq_other", files: "in a file, and", unread: true,
			make:  []string{"DROP TABLE IF EXISTS segq_other", "CREATE TABLE segq_other (n BIGINT, f DOUBLE, d DECIMAL(12,1))" + parquet + "LOCATION " + at("narrow")},
			rules: [][2]string{{`n > 10`, `n > 10`}},
		},
		typesTable("segq_types", parquet, "makes longer"),
		typesTable("segq_orc", " USING orc ", "no table of Parquet"),
		{
			name: "segq_plain", files: may,
			make: []string{
				"DROP TABLE IF EXISTS segq_plain",
				"CREATE TABLE segq_plain" + parquet + "AS SELECT id, tiny, small, r, dbl, d2, d20, d38, b, day, ts, ntz, v FROM segq_types",
			},
			rules: typeRules[:len(typeRules)-1],
		},
		{
			name: "segq_micros", files: may,
			make: []string{
				"SET spark.sql.parquet.outputTimestampType=TIMESTAMP_MICROS", "DROP TABLE IF EXISTS segq_micros",
				"CREATE TABLE segq_micros" + parquet + "AS SELECT id, ts, ntz, day FROM segq_types", "SET spark.sql.parquet.outputTimestampType=INT96",
			},
			rules: timeRules,
		},
		{
			name: "segq_int96", files: may,
			make: []string{
				"SET spark.sql.parquet.outputTimestampType=INT96", "DROP TABLE IF EXISTS segq_int96", "CREATE TABLE segq_int96" + parquet + "AS SELECT id, ts, ntz, day FROM segq_types",
			},
			rules: timeRules,
		},
		{
			name: "segq_julian", files: "old calendar",
			make: []string{
				"SET spark.sql.parquet.datetimeRebaseModeInWrite=LEGACY", "SET spark.sql.parquet.int96RebaseModeInWrite=LEGACY", "DROP TABLE IF EXISTS segq_julian",
				"CREATE TABLE segq_julian" + parquet + "AS SELECT id, ts, ntz, day FROM segq_types", "SET spark.sql.parquet.datetimeRebaseModeInWrite=CORRECTED", "SET spark.sql.parquet.int96RebaseModeInWrite=CORRECTED",
			},
			rules: timeRules,
		},
		{
			name: "segq_names", files: may,
			make: []string{
				"DROP TABLE IF EXISTS segq_names",
				"CREATE TABLE segq_names (`a.b` INT, `with blank` STRING, `Ünï` STRING, `select` INT, `x'y` INT, `$HOME` INT, `${env:HOME}` INT, s STRUCT<`c.d`: INT, `e f`: STRING>, `a` STRUCT<b: INT>)" + parquet,
				"INSERT INTO segq_names SELECT id, IF(id % 2 = 0, 'even', NULL), 'ü', id + 1, id + 2, id + 3, id + 4, named_struct('c.d', id, 'e f', 'v'), named_struct('b', -id) FROM range(10)",
			},
			rules: [][2]string{
				{"`a.b` > 3", "`a.b` > 3"}, {"`with blank` = \"even\"", "`with blank` = 'even'"}, {"`with blank`.isNull()", "`with blank` IS NULL"}, {"`Ünï` = \"ü\"", "`Ünï` = 'ü'"}, {"`select` > 4", "`select` > 4"}, {"`x'y` < 5", "`x'y` < 5"},
				{"`$HOME` = 7", "`$HOME` = 7"}, {"`${env:HOME}` = 7", "`${env:HOME}` = 7"}, {"s.`c.d` = 2", "s.`c.d` = 2"}, {"s.`e f` = \"v\"", "s.`e f` = 'v'"}, {"a.b < -5", "a.b < -5"},
			},
		},
		{
			name: "segq_nested", files: may,
			make: []string{
				"DROP TABLE IF EXISTS segq_nested",
				"CREATE TABLE segq_nested" + parquet + `AS SELECT id,
				IF(id % 7 = 0, NULL, transform(sequence(1, CAST(id % 4 AS INT) + 1), i -> IF(i = 3, NULL, named_struct('k', IF(i = 2, NULL, concat('k', i)), 'm', map('x', array(named_struct('p', i * id, 'q', IF(id % 2 = 0, 'q', NULL)))))))) AS items,
				IF(id % 5 = 0, NULL, map('a', id, 'b', NULL)) AS m, IF(id % 3 = 0, array(), array(array(id, 1), NULL, array())) AS ll, CAST(NULL AS STRUCT<z: INT>) AS nothing, named_struct('in', named_struct('deep', IF(id > 5, id, NULL))) AS s FROM range(1, 41)`,
			},
			rules: [][2]string{
				{`items.isNull()`, `items IS NULL`}, {`items.count() = 4`, `size(items) = 4`}, {`items.exists(k = "k1")`, `exists(items, x -> x.k = 'k1')`}, {`items.exists(k.isNull())`, `coalesce(exists(items, x -> x.k IS NULL), false)`},
				{`m.get("a") > 20`, `m['a'] > 20`}, {`m.get("b").isNull()`, `m['b'] IS NULL`}, {`m.isNull()`, `m IS NULL`}, {`m.count() = 2`, `size(m) = 2`}, {`s.in.deep > 30`, `s.in.deep > 30`}, {`s.in.deep.isNull()`, `s.in.deep IS NULL`}, {`s.in.isNull()`, `s.in IS NULL`},
				{`nothing.isNull()`, `nothing IS NULL`}, {`nothing.z.isNull()`, `nothing.z IS NULL`}, {`ll.count() = 3`, `size(ll) = 3`}, {`ll.count() = 0`, `size(ll) = 0`}, {`id > 20`, `id > 20`},
			},
		},
		{
			name: "segq_buckets", files: may,
			make: []string{
				"DROP TABLE IF EXISTS segq_buckets", "CREATE TABLE segq_buckets (id BIGINT, k STRING)" + parquet + "CLUSTERED BY (id) SORTED BY (k) INTO 4 BUCKETS", "INSERT INTO segq_buckets SELECT id, concat('k', id % 5) FROM range(100)",
			},
			rules: [][2]string{{`k = "k3"`, `k = 'k3'`}, {`id < 50 and k != "k1"`, `id < 50 AND k != 'k1'`}},
		},
		{
			name: "segq_csv", files: "no table of Parquet",
			make: []string{
				"DROP TABLE IF EXISTS segq_csv", "CREATE TABLE segq_csv (id INT, t TIMESTAMP, v STRING) USING csv OPTIONS (header 'true')",
				`INSERT INTO segq_csv VALUES (1, TIMESTAMP'2026-01-01 00:00:00', 'a,b'), (2, TIMESTAMP'2026-06-01 12:00:00', 'c"d'), (3, NULL, NULL), (4, TIMESTAMP'1890-01-01 00:00:00', 'ü')`,
			},
			rules: [][2]string{
				{`t < "2026-01-01T04:00:00Z"`, `t < TIMESTAMP'2026-01-01T04:00:00Z'`}, {`t = "2026-01-01T05:00:00Z"`, `t = TIMESTAMP'2026-01-01T05:00:00Z'`}, {`t.isNull()`, `t IS NULL`}, {`v = "a,b"`, `v = 'a,b'`}, {`v = "ü"`, `v = 'ü'`}, {`t < "1900-01-01T00:00:00Z"`, `t < TIMESTAMP'1900-01-01T00:00:00Z'`},
			},
		},
		{
			name: "segq_json", files: "no table of Parquet",
			make: []string{
				"DROP TABLE IF EXISTS segq_json", "CREATE TABLE segq_json USING json AS SELECT id, ts, day, ntz, v, d2 FROM segq_types",
			},
			rules: append(timeRules[:len(timeRules):len(timeRules)], [2]string{`v = "two\nlines"`, `v = 'two\nlines'`}, [2]string{`d2 > 1.5`, `d2 > 1.5`}),
		},
		{
			name: "segq_view", files: "it is a view",
			make: []string{
				"CREATE OR REPLACE VIEW segq_view AS SELECT p.id, p.region, q.v, CAST('2026-03-01 00:00:00' AS TIMESTAMP) AS since, current_date() > DATE'2000-01-01' AS late FROM segq_parts p LEFT JOIN segq_types q ON p.id = q.id",
			},
			rules: [][2]string{{`region = "01"`, `region = '01'`}, {`v.isNull()`, `v IS NULL`}, {`since < "2026-03-01T00:00:01Z"`, `since < TIMESTAMP'2026-03-01T00:00:01Z'`}, {`since > "2026-03-01T04:00:00Z"`, `since > TIMESTAMP'2026-03-01T04:00:00Z'`}, {`late = true and id > 3`, `late AND id > 3`}},
		},
		{
			name: "segq_many", files: may,
			make: []string{
				"DROP TABLE IF EXISTS segq_many", "CREATE TABLE segq_many (id BIGINT, k STRING)" + parquet, "INSERT INTO segq_many SELECT /*+ REPARTITION(7) */ id, IF(id % 10 = 0, NULL, concat('k', id % 5)) FROM range(1000)",
				"INSERT INTO segq_many SELECT id, 'x' FROM range(0)",
			},
			rules: [][2]string{{`k = "k3"`, `k = 'k3'`}, {`k.isNull()`, `k IS NULL`}, {`id >= 990`, `id >= 990`}},
		},
	}
}

// timeRules are about instants and days.
var timeRules = [][2]string{
	{`ts < "1900-01-01T00:00:00Z"`, `ts < TIMESTAMP'1900-01-01T00:00:00Z'`}, {`ts < "1582-10-10T00:00:00Z"`, `ts < TIMESTAMP'1582-10-10T00:00:00Z'`}, {`ts = "1500-03-01T12:00:00Z"`, `ts = TIMESTAMP'1500-03-01T12:00:00Z'`},
	{`ts = "2026-07-01T12:00:00.123Z"`, `date_trunc('MILLISECOND', ts) = TIMESTAMP'2026-07-01T12:00:00.123Z'`}, {`ts.isNull()`, `ts IS NULL`}, {`ntz = "2026-07-01T12:00:00Z"`, `ntz = TIMESTAMP_NTZ'2026-07-01 12:00:00'`}, {`ntz < "1900-01-01"`, `ntz < TIMESTAMP_NTZ'1900-01-01 00:00:00'`},
	{`day = "2026-07-01"`, `day = DATE'2026-07-01'`}, {`day < "1582-10-10"`, `day < DATE'1582-10-10'`}, {`day = "1500-03-01"`, `day = DATE'1500-03-01'`}, {`day.isNull()`, `day IS NULL`}, {`ts > "9998-01-01T00:00:00Z"`, `ts > TIMESTAMP'9998-01-01T00:00:00Z'`},
	{`ts = "1969-12-31T23:59:59.999Z"`, `date_trunc('MILLISECOND', ts) = TIMESTAMP'1969-12-31T23:59:59.999Z'`},
}

// typeRules are about types of all kinds; the last needs CHAR.
var typeRules = append(timeRules[:len(timeRules):len(timeRules)],
	[2]string{`tiny < 0`, `tiny < 0`}, [2]string{`small > 300`, `small > 300`}, [2]string{`r = 0.5`, `r = 0.5D`}, [2]string{`r > 0.1`, `CAST(r AS DOUBLE) > 0.1D`}, [2]string{`r = 0.1`, `CAST(r AS DOUBLE) = 0.1D`}, [2]string{`dbl = 0.1`, `dbl = 0.1D`}, [2]string{`dbl < 0`, `dbl < 0`},
	[2]string{`d2 = 1.5`, `d2 = 1.5`}, [2]string{`d2 < -0.05`, `d2 < -0.05`}, [2]string{`d20 > 1000`, `d20 > 1000`}, [2]string{`d38 > 0.5`, `d38 > 0.5`}, [2]string{`d38.isNull()`, `d38 IS NULL`}, [2]string{`b = true`, `b`}, [2]string{`b.isNull()`, `b IS NULL`},
	[2]string{`v = "two\nlines"`, `v = 'two\nlines'`}, [2]string{`v = ""`, `v = ''`}, [2]string{`v.isNull()`, `v IS NULL`}, [2]string{`v = "\\N"`, `v = '\\N'`}, [2]string{`v like "%😀%"`, `v LIKE '%😀%'`},
	[2]string{`c = "ab   "`, `c = 'ab   '`})

// typesTable has values of all types.
func typesTable(name, using, files string) sparkTable {
	return sparkTable{
		name: name, files: files,
		make: []string{
			"DROP TABLE IF EXISTS " + name,
			"CREATE TABLE " + name + " (id BIGINT, tiny TINYINT, small SMALLINT, r FLOAT, dbl DOUBLE, d2 DECIMAL(10,2), d20 DECIMAL(20,0), d38 DECIMAL(38,10), b BOOLEAN, day DATE, ts TIMESTAMP, ntz TIMESTAMP_NTZ, v VARCHAR(100), bin BINARY, c CHAR(5))" + using,
			"INSERT INTO " + name + ` VALUES
			(1, -128, 32767, 0.1, 0.1, 1.5, 123456789012345, 0.5000000001, true, DATE'2026-07-01', TIMESTAMP'2026-07-01T12:00:00.123456Z', TIMESTAMP_NTZ'2026-07-01 12:00:00', 'two\nlines', X'00ff', 'ab'),
			(2, 127, -32768, 0.5, -0.1, -0.1, 999, 0.4999999999, false, DATE'1500-03-01', TIMESTAMP'1500-03-01T12:00:00Z', TIMESTAMP_NTZ'1500-03-01 00:00:00', '', NULL, 'abcde'),
			(3, 0, 0, -0.0, 1e300, 0, 0, 0, NULL, DATE'0001-01-01', TIMESTAMP'0001-01-02T00:00:00Z', TIMESTAMP_NTZ'1899-12-31 23:59:59.999999', '\\N', X'', NULL),
			(4, NULL, 301, 16777216, 5e-324, 99999999.99, NULL, NULL, true, DATE'9999-12-31', TIMESTAMP'9999-12-30T00:00:00Z', NULL, 'tab\tend', X'414243', ''),
			(5, 1, NULL, NULL, NULL, NULL, -5, -12345678901234567890.1234567891, true, NULL, NULL, TIMESTAMP_NTZ'1969-12-31 23:59:59.5', NULL, NULL, 'x'),
			(6, 2, 300, 3.4e38, -1, 0.01, 1001, 1, false, DATE'1582-10-15', TIMESTAMP'1969-12-31T23:59:59.9999Z', TIMESTAMP_NTZ'2026-03-08 02:30:00', 'grin 😀', NULL, 'ab'),
			(7, 3, 4, 0.3, 0.3, 0.3, 3, 0.3, NULL, DATE'1899-12-31', TIMESTAMP'1883-11-18T17:00:00Z', TIMESTAMP_NTZ'2026-11-01 01:30:00', 'quote " and \\ back', NULL, 'zz')`,
		},
		rules: typeRules,
	}
}
