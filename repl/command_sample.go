package repl

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// usualSample is how many profiles .sample shows, mostSample how many at most, and mostColumns how many fields of the query.
const usualSample, mostSample, mostColumns = 10, 10_000, 6

func sampleCommand() dotCommand {
	return dotCommand{
		name: ".sample", args: "[n] [audience]", doc: "some profiles of an audience, chosen from all",
		more: append([]string{
			"  .sample        of the last audience, with the fields that its query names",
			"  .sample 20 #3  20 of a query of this session",
			"  .sample with loyalty.tier, xEvent.count()",
			"                 with these columns: fields, and what is made of them",
		}, aboutAudiences...),
		ask: (*Model).sample, complete: fieldsThenAudiences, order: countFirst,
		reads: func(written string) []ast.Span { s := readSample(written); return []ast.Span{s.audience} },
	}
}

// sampling is what is written behind .sample.
type sampling struct {
	n        int
	audience ast.Span
	with     string // the columns, "" for those of the query
	named    bool   // they are named
}

func readSample(written string) sampling {
	end, behind := beforeWord(written, "with")
	a := arguments{text: written[:end]}
	s := sampling{named: end < len(written), with: strings.TrimSpace(written[behind:])}
	s.n, _ = a.count()
	s.audience = a.rest()
	return s
}

// sample asks for some profiles of an audience.
func (m *Model) sample(written string) tea.Cmd {
	s := readSample(written)
	switch {
	case s.named && s.with == "":
		m.refuse(refusal{"with needs fields", "write .sample with loyalty.tier, homeAddress.city"})
		return nil
	case s.n > mostSample:
		m.refuse(refusal{fmt.Sprintf("a sample has at most %d profiles", mostSample), ".export writes all of an audience to a file"})
		return nil
	case s.n == 0:
		s.n = usualSample
	}
	return m.about(written[s.audience.Start:s.audience.End], func(a audience) tea.Cmd {
		if !s.named {
			s.with = strings.Join(m.columnsOf(a.text), ", ")
		}
		return m.ask(asking{
			Operation: Operation{Op: Rows, IDs: true, Select: s.with, Sample: s.n}, about: a,
			label: "sample of " + a.called(m.words), more: map[string]string{"rows": fmt.Sprintf(".sample %d", min(10*s.n, mostSample))},
		})
	})
}

// columnsOf returns what tells profiles of a query apart: the fields that it names, and of lists how long they are.
func (m *Model) columnsOf(text string) (columns []string) {
	types := map[string]string{}
	for _, f := range m.backend.Schema() {
		types[f.Path] = f.Type
	}
	add := func(column string) {
		if len(columns) < mostColumns && !slices.Contains(columns, column) {
			columns = append(columns, column)
		}
	}
	seen := map[string]bool{}
	var look func(text string)
	look = func(text string) {
		x, found := lang.Query(text)
		if found.Failed() || seen[text] {
			return
		}
		seen[text] = true
		ast.Inspect(x, func(e ast.Expr) bool {
			path, plain := pathOf(e)
			if name := segmentOf(e); name != "" {
				if a, ok := m.audiences.byName(name); ok {
					look(a.text)
				}
				return false
			}
			if !plain {
				return true
			}
			t, known := types[path]
			switch {
			case !known:
				return true
			case strings.HasPrefix(t, "list"):
				add(ast.Format(e) + ".count()")
			case t != "object" && !strings.HasPrefix(t, "map"):
				add(ast.Format(e))
			}
			return false
		})
	}
	look(text)
	return columns
}

// pathOf returns the path of a field that an expression is.
func pathOf(x ast.Expr) (path string, ok bool) {
	switch x := x.(type) {
	case *ast.Name:
		return x.Text, true
	case *ast.Member:
		path, ok := pathOf(x.X)
		return path + "." + x.Name.Text, ok
	}
	return "", false
}

// segmentOf returns the name of the query that an expression asks about, "" for any other.
func segmentOf(x ast.Expr) string {
	call, ok := x.(*ast.Call)
	if !ok || call.Recv != nil || call.Name.Text != "inSegment" || len(call.Args) != 1 {
		return ""
	}
	if name, ok := call.Args[0].(*ast.String); ok {
		return name.Value
	}
	return ""
}
