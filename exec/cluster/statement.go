package cluster

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/exec/executor"
)

// The statements. What comes from elsewhere is in them only as the characters of base64, as names that were checked, or as
// numbers.

// quote returns a name as statements have it, and quoted several.
func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

func quoted(names []string) string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = quote(name)
	}
	return strings.Join(all, ", ")
}

// asJSON is an object of JSON of some columns: instants are in UTC, whatever the zone of the session, which is the server's, since Spark reads times without a zone
// by it. nulls says that what is null is written as well: else maps lack the keys of such values.
func asJSON(columns string, nulls bool) string {
	return "to_json(struct(" + columns + "), map('timeZone', 'UTC', 'ignoreNullFields', '" + strconv.FormatBool(!nulls) + "'))"
}

// delimited is the form of the rows on both sides of a process.
const delimited = ` ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'`

const (
	// tickEach is how often an executor reads a row that means nothing, at least, and mostTicks how many there are.
	tickEach  = 250 * time.Millisecond
	mostTicks = 2400
	// tickPad makes such a row as long as what is read of it: with the two tabs and the line end 8 KiB.
	tickPad = 8<<10 - 3
)

// ticks returns how many rows that mean nothing a process has for so long, and how often it reads one.
func ticks(within time.Duration) (n int, each time.Duration) {
	for each = tickEach; ; each *= 2 {
		if n = executor.Ticks(within, each); n <= mostTicks {
			return n, each
		}
	}
}

// answering is a statement that has each split of a table answer a batch: rows of the part, and its answer.
func (p *program) answering(splits, batch, comment, arguments string, within time.Duration) string {
	n, each := ticks(within)
	var q strings.Builder
	fmt.Fprintf(&q, "SELECT /* %s */ TRANSFORM(split, batch, pad)%s", comment, delimited)
	fmt.Fprintf(&q, " USING '%s'", p.command(fmt.Sprintf("--tick %dms %s", each.Milliseconds(), arguments)))
	fmt.Fprintf(&q, " AS (part STRING, answer STRING, split STRING)%s", delimited)
	fmt.Fprintf(&q, " FROM (SELECT IF(k = 0, split, '') AS split, IF(k = 0, '%s', '') AS batch, IF(k = 0, '', space(%d)) AS pad", batch, tickPad)
	fmt.Fprintf(&q, " FROM (SELECT part, IF(k = 0, split, '') AS split, k FROM (SELECT part, split, explode(sequence(0, %d)) AS k FROM %s) SORT BY part, k))", n, splits)
	return q.String()
}

// listed are splits as a table, each in a task of its own.
func listed(splits []string) string {
	return fmt.Sprintf("(SELECT id AS part, array('%s')[CAST(id AS INT)] AS split FROM range(0, %d, 1, %d))", strings.Join(splits, "','"), len(splits), len(splits))
}

// placing is a statement that has each of some splits said back where there is room for it, as many at a time as the cluster
// runs tasks: rows of the part, and the split.
func (p *program) placing(splits []string, word string) string {
	return fmt.Sprintf("SELECT TRANSFORM(part, split)%[1]s USING '%[2]s' AS (part STRING, split STRING)%[1]s FROM %[3]s", delimited, p.command("--place --word "+word), listed(splits))
}

// packing is a statement that has rows packed where they are read: the number of each part, its split, and its rows, as the task says them. It makes as
// many parts as are asked for, at most.
func (p *program) packing(table, lines, how, arguments string, parts int) string {
	return fmt.Sprintf("SELECT TRANSFORM(line)%[1]s USING '%[2]s' AS (part STRING, split STRING, rows STRING, sum STRING, misfits STRING)%[1]s FROM (SELECT /*+ COALESCE(%[3]d) */ %[4]s AS line FROM %[5]s)",
		delimited, p.command(arguments+" --pack "+how), parts, lines, table)
}
