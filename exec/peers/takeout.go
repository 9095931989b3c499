package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
)

// takeOut measures processes of segq that write the profiles that match to a file, next to the COPY of
// DuckDB, and finds both files equal.
func (c *config) takeOut(ctx context.Context, r *report) error {
	gen, err := c.generated(ctx, c.genProfiles, "parquet")
	if err != nil {
		return err
	}
	var works []fileWork
	for i, t := range takenOut {
		t.to = filepath.Join(c.dir, fmt.Sprintf("-rows-%d.%s", i+1, t.format))
		works = append(works, t.work(gen), t.check(gen))
	}
	return runFiles(ctx, c, r, "rows", c.genProfiles, works)
}

// taken is what is taken out of the generated profiles.
type taken struct {
	rule, where string // in PQL, and in SQL
	ids         bool
	fields      []string
	format      string
	to          string // the path of the files, behind the name of who writes
}

// file is where one side writes.
func (t *taken) file(side string) string {
	return filepath.Join(filepath.Dir(t.to), side+filepath.Base(t.to))
}

var takenOut = []taken{
	{"true", "true", true, nil, "parquet", ""},
	{"true", "true", true, nil, "csv", ""},
	{"true", "true", true, []string{"homeAddress.city", "loyalty.points", "loyalty.joinDate"}, "parquet", ""},
	{"true", "true", true, []string{"homeAddress.city", "loyalty.points"}, "csv", ""},
	{`loyalty.tier = "gold"`, `loyalty.tier = 'gold'`, true, []string{"homeAddress.city", "person.birthYear"}, "parquet", ""},
	{`loyalty.tier = "gold"`, `loyalty.tier = 'gold'`, false, []string{"homeAddress.city", "person.birthYear"}, "csv", ""},
}

// name says what is taken out.
func (t *taken) name() string {
	all := t.fields
	if t.ids {
		all = append([]string{"ids"}, all...)
	}
	return fmt.Sprintf("%s of `%s` to %s", strings.Join(all, ", "), t.rule, t.format)
}

func (t *taken) columns() []string {
	if t.ids {
		return append([]string{"_id"}, t.fields...)
	}
	return t.fields
}

// work is the writing.
func (t *taken) work(file string) fileWork {
	flags := []string{"--format", t.format, "-o", t.file("segq")}
	if t.ids {
		flags = append(flags, "--ids")
	}
	if len(t.fields) > 0 {
		flags = append(flags, "--select", strings.Join(t.fields, ", "))
	}
	from := fmt.Sprintf("from '%s' where %s", file, t.where)
	return fileWork{name: t.name(), rule: t.rule, file: file, flags: flags, duckdb: []form{{rules: 1, queries: []string{
		fmt.Sprintf("copy (select %s %s) to '%s'", strings.Join(t.columns(), ", "), from, t.file("duckdb")),
		"select count(*) " + from,
	}}}}
}

// check counts the rows of segq's file that are those of DuckDB's answer, in their order.
func (t *taken) check(file string) fileWork {
	w := t.work(file)
	w.name += ", those that are equal"
	var same []string
	for i, column := range t.columns() {
		same = append(same, fmt.Sprintf(`a."%s" is not distinct from b.c%d`, column, i))
	}
	var answer []string
	for i, column := range t.columns() {
		answer = append(answer, fmt.Sprintf("%s as c%d", column, i))
	}
	mine := "'" + t.file("segq") + "'"
	if t.format == "csv" { // where "" is an empty text, and nothing null
		mine = fmt.Sprintf("read_csv(%s, header = true, allow_quoted_nulls = false)", mine)
	}
	w.duckdb = counted(fmt.Sprintf("select count(*) from %s a positional join (select %s from '%s' where %s) b where %s",
		mine, strings.Join(answer, ", "), file, t.where, strings.Join(same, " and ")))
	return w
}

// analyses measures what is asked of an audience beside its size, next to the size alone.
func (c *config) analyses(ctx context.Context, r *report) error {
	gen, err := c.generated(ctx, c.genProfiles, "parquet")
	if err != nil {
		return err
	}
	const rule = `loyalty.points > 500 and homeAddress.countryCode = "US"`
	where := `loyalty.points > 500 and homeAddress.countryCode = 'US'`
	grouped := fmt.Sprintf("select sum(n)::bigint from (select loyalty.tier, count(*) n from '%s' where %s group by 1)", gen, where)
	works := []fileWork{
		{name: "count alone", duckdb: counted(fmt.Sprintf("select count(*) from '%s' where %s", gen, where))},
		{name: "--by loyalty.tier", flags: []string{"--by", "loyalty.tier"}, duckdb: counted(grouped)},
		{name: "--funnel", flags: []string{"--funnel"}},
		{name: "--lift loyalty.tier", flags: []string{"--lift", "loyalty.tier"}},
		{name: "--lift all", flags: []string{"--lift", "all"}},
		{name: "--sample 10", flags: []string{"--sample", "10"}},
	}
	for i := range works {
		works[i].rule, works[i].file, works[i].often = rule, gen, true
	}
	return runFiles(ctx, c, r, "analyses", c.genProfiles, works)
}
