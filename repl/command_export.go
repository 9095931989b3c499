package repl

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

func exportCommand() dotCommand {
	return dotCommand{
		name: ".export", args: "file [audience]", doc: "write the profiles of an audience to a file, or publish them in Redis",
		more: append([]string{
			"  .export vip.csv                  the ids of the last audience; also .parquet .ndjson .json .tsv .arrow .md .txt",
			"  .export vip.parquet #3 --select homeAddress.city, loyalty.tier",
			"  .export vip.csv --limit 1000     the first so many; --replace writes over a file that is there",
			"  .export redis:set:vip            published as set, bloom, hll, bitmap or stream, with --attach",
			"With --attach the worker writes the file, below its --export-root, and goes on when the session is left.",
		}, aboutAudiences...),
		ask: (*Model).export, reads: exportedQuery, complete: exportPlaces, order: fileFirst,
	}
}

// exportPlaces are where an export may go, beside files.
func exportPlaces(*Model, string) []lang.Item {
	var items []lang.Item
	for _, kind := range []string{"set", "bloom", "hll", "bitmap", "stream"} {
		items = append(items, lang.Item{Text: "redis:" + kind + ":", Kind: commandItem, Doc: "published in Redis under a name"})
	}
	return items
}

// exportedQuery is the part of what is written that says of whom.
func exportedQuery(written string) []ast.Span {
	_, rest := cutName(written)
	start := len(written) - len(rest)
	return []ast.Span{{Start: start, End: start + flagsAt(rest)}}
}

// flagsAt is where the first of the flags of an export begins, outside of quotes; the end where there is none.
func flagsAt(text string) int {
	var quote byte
	for i := range len(text) {
		c := text[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case strings.HasPrefix(text[i:], "--") && (i == 0 || text[i-1] == ' '):
			return i
		}
	}
	return len(text)
}

// export writes the profiles of an audience somewhere.
func (m *Model) export(written string) tea.Cmd {
	name, rest := cutName(written)
	if name == "" {
		m.refuse(refusal{"say where to: .export vip.csv", ".help export says more"})
		return nil
	}
	at := flagsAt(rest)
	op, err := exportTo(name)
	if err == nil {
		err = op.exportFlags(rest[at:])
	}
	if err != nil {
		m.complain(err)
		return nil
	}
	return m.about(rest[:at], func(a audience) tea.Cmd {
		return m.ask(asking{Operation: op, about: a, label: "export of " + a.called(m.words) + " to " + show.Clean(name)})
	})
}

// exportTo reads where an export goes.
func exportTo(name string) (Operation, error) {
	op := Operation{Op: Export, To: "file", Into: name, IDs: true}
	rest, published := strings.CutPrefix(name, "redis:")
	if !published {
		return op, nil
	}
	kind, into, ok := strings.Cut(rest, ":")
	if !ok || into == "" {
		return op, errors.New("write redis:KIND:NAME, such as redis:set:vip; kinds are set, bloom, hll, bitmap and stream")
	}
	op.To, op.Into, op.IDs = kind, into, false
	return op, nil
}

// exportFlags reads --select FIELDS, --limit N and --replace.
func (op *Operation) exportFlags(text string) error {
	for _, flag := range strings.Split(" "+text, " --")[1:] {
		name, value, _ := strings.Cut(strings.TrimSpace(flag), " ")
		switch value = strings.TrimSpace(value); name {
		case "replace":
			if op.Replace = true; value != "" {
				return fmt.Errorf("--replace takes no value; the audience stands before it: %s", show.Clean(value))
			}
		case "select":
			if op.Select = value; value == "" {
				return errors.New("--select needs fields: --select homeAddress.city, loyalty.tier")
			}
		case "limit":
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 {
				return fmt.Errorf("--limit %s: use a whole number from 1 on", show.Clean(value))
			}
			op.Limit = n
		default:
			return fmt.Errorf("there is no --%s: use --select, --limit or --replace", show.Clean(name))
		}
	}
	if op.To != "file" && (op.Select != "" || op.Limit > 0) {
		return errors.New("what is published in Redis are all ids: --select and --limit are for files")
	}
	return nil
}

// stays says whether a query goes on when the session is left.
func (m *Model) stays(q *query) bool {
	return q.asks != nil && q.asks.Op == Export && q.id != "" && !q.cancelling && m.backend.ExportsStay()
}

// going says of the queries that go on when the session is left how they are found again.
func (m *Model) going() (lines []string) {
	for _, q := range m.queries {
		if m.stays(q) {
			lines = append(lines, fmt.Sprintf("%s%d  goes on with the workers: segq watch %s", m.words.number, q.number, show.Clean(q.id)))
		}
	}
	return lines
}
