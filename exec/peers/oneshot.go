package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// oneShot measures whole processes of segq that answer one rule, from the fork to the exit,
// next to the query alone in peers that are running already. The files are in the page cache.
func (c *config) oneShot(ctx context.Context, r *report) error {
	flat, err := flatTable.file(ctx, c.dir, c.rows, c.threads)
	if err != nil {
		return err
	}
	works := oneShotFlat(flat, c.rows)
	packed, err := c.packed(ctx, r, flat)
	if err != nil {
		return err
	}
	if packed != "" {
		rule := works[0].rule
		works = append(works, fileWork{name: "`" + rule + "`, packed", rule: rule, file: packed, often: true})
	}
	if err := runFiles(ctx, c, r, "oneshot, flat", c.rows, works); err != nil {
		return err
	}
	events, err := eventTable.file(ctx, c.dir, c.eventRows, c.threads)
	if err != nil {
		return err
	}
	if err := runFiles(ctx, c, r, "oneshot, events", c.eventRows, oneShotEvents(events)); err != nil {
		return err
	}
	if err := c.prompts(ctx, r, flat, events); err != nil {
		return err
	}
	return c.wide(ctx, r)
}

// asked is a rule over a file in all languages: what follows where in the peers' SQL.
func asked(rule, file, clickhouse string, duckdb ...string) fileWork {
	f := fileWork{name: "`" + rule + "`", rule: rule, file: file, often: true}
	f.clickhouse = counted(fmt.Sprintf("select count() from file('%s', Parquet) where %s", file, clickhouse))
	for _, where := range duckdb {
		f.duckdb = append(f.duckdb, counted(fmt.Sprintf("select count(*) from '%s' where %s", file, where))...)
	}
	return f
}

// oneShotFlat asks one column, three, a prefix of texts that are all different, and
// equalities that the statistics of the file narrow down: ids are sorted, e-mails are not.
func oneShotFlat(file string, rows int) []fileWork {
	id := fmt.Sprintf("p%08d", rows/2)
	return []fileWork{
		asked(`address.state = "CA"`, file, `address.state = 'CA'`, `address.state = 'CA'`),
		asked(`address.state = "CA" and person.age >= 30 and churnScore < 0.5`, file,
			`address.state = 'CA' and ifNull(person.age >= 30, 0) and churnScore < 0.5`, `address.state = 'CA' and person.age >= 30 and churnScore < 0.5`),
		asked(`email.startsWith("u12")`, file, `startsWith(email, 'u12')`, `starts_with(email, 'u12')`, `email like 'u12%'`),
		asked(`id = "`+id+`"`, file, `id = '`+id+`'`, `id = '`+id+`'`),
		asked(`email = "u123456@ex7.com"`, file, `email = 'u123456@ex7.com'`, `email = 'u123456@ex7.com'`),
	}
}

// oneShotEvents asks for some event, and for three.
func oneShotEvents(file string) []fileWork {
	byRows := func(having string) []form {
		f := counted(fmt.Sprintf("select count(*) from (select id from (select id, unnest(xEvent).type as t from '%s') where t = 'purchase' group by id having count(*) >= %s)", file, having))
		f[0].name = "over a row for each event"
		return f
	}
	some := asked(`xEvent.exists(type = "purchase")`, file, `has(xEvent.type, 'purchase')`, `len(list_filter(xEvent, lambda e: e.type = 'purchase')) >= 1`)
	three := asked(`xEvent[type = "purchase"].count() >= 3`, file, `countEqual(xEvent.type, 'purchase') >= 3`, `len(list_filter(xEvent, lambda e: e.type = 'purchase')) >= 3`)
	some.duckdb, three.duckdb = append(some.duckdb, byRows("1")...), append(three.duckdb, byRows("3")...)
	return []fileWork{some, three}
}

// packed packs a file, unless that was done before. A segq that has no packed files has "".
func (c *config) packed(ctx context.Context, r *report, file string) (string, error) {
	if has, err := c.helps(ctx, "\n  pack "); err != nil || !has {
		r.figure("packed file: left out, this segq has no subcommand pack")
		return "", err
	}
	segq, err := c.program(ctx)
	if err != nil {
		return "", err
	}
	return c.made(filepath.Base(file)+".segq", func(name string) error {
		return run(ctx, segq, "pack", file, "-o", name)
	})
}

// wide asks a table of thousands of columns, then loads all of it.
func (c *config) wide(ctx context.Context, r *report) error {
	file, err := c.madeByScript(ctx, fmt.Sprintf("wide-%d-%d.parquet", c.wideRows, c.wideColumns), "wide", fmt.Sprint(c.wideRows), fmt.Sprint(c.wideColumns))
	if err != nil {
		return err
	}
	works := []fileWork{asked(`c0000 < 10`, file, `c0000 < 10`, `c0000 < 10`), asked(`c0004 < 10`, file, `ifNull(c0004 < 10, 0)`, `c0004 < 10`)}
	if err := runFiles(ctx, c, r, fmt.Sprintf("oneshot, %s columns", thousands(c.wideColumns)), c.wideRows, works); err != nil {
		return err
	}
	flags, err := c.loadAll(ctx)
	if err != nil {
		return err
	}
	p, _, columns, err := c.one(ctx, `c0000 < 10`, file, append(flags, "--memory", "8GB")...)
	if err != nil {
		r.figure("all of %s columns × %s within 8 GB: %s", thousands(c.wideColumns), thousands(c.wideRows), shortened(err.Error()))
		return nil
	}
	r.figure("all of %s columns × %s within 8 GB: %s; at its peak the process has %s, %s its columns", thousands(c.wideColumns), thousands(c.wideRows),
		shown(p.Wall), megabytes(p.Peak), ratio(float64(p.Peak)/float64(columns)))
	return nil
}

// run runs a program whose output is of no interest.
func run(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	return cmd.Run()
}
