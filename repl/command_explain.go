package repl

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

func explainCommand() dotCommand {
	return dotCommand{
		name: ".explain", args: "[plan] [audience]", doc: "what an audience is, in words; with plan, how it runs",
		more: append([]string{
			"  .explain                     the last audience, in words, and which times and fields that is",
			"  .explain plan #3             how a query runs: each question asked of the data, and what it costs",
		}, aboutAudiences...),
		anyValue: true,
		ask:      (*Model).explain, reads: behindPlan, order: planFirst,
		complete: func(*Model, string) []lang.Item {
			return []lang.Item{{Text: "plan", Kind: commandItem, Doc: "how it runs"}}
		},
	}
}

// cutPlan cuts the word plan from what is written behind the command.
func cutPlan(written string) (plan bool, rest string) {
	name, rest := cutName(written)
	if strings.EqualFold(name, "plan") {
		return true, rest
	}
	return false, written
}

func behindPlan(written string) []ast.Span {
	_, rest := cutPlan(written)
	return []ast.Span{{Start: len(written) - len(rest), End: len(written)}}
}

// explain says what an audience is, or how it runs.
func (m *Model) explain(written string) tea.Cmd {
	plan, rest := cutPlan(written)
	return m.aboutAny(rest, func(a audience) tea.Cmd {
		b, l := m.backend, m.look()
		return m.later(func(ctx context.Context) func(*Model) tea.Cmd {
			var lines []string
			var err error
			if plan {
				lines, err = b.Plan(ctx, a.query())
			} else {
				lines, err = b.Explain(ctx, a.query(), l)
			}
			if err != nil {
				return tells(nil, err)
			}
			return func(m *Model) tea.Cmd {
				m.print(m.palette.paint(bold, a.called(m.words)))
				m.print(indent(lines)...)
				if !plan {
					m.print(m.palette.paint(faint, margin+".explain plan has how it runs"))
				}
				return nil
			}
		})
	})
}
