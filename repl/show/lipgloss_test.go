package show

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/lipgloss/table"
)

// people are n rows as an answer may have them: ids, names in several scripts, and numbers.
func people(n int) (rows [][]string) {
	names := []string{"Anna Maria Rivera", "山田太郎", "👩‍👩‍👧‍👦 family", "Zoë", "नमस्ते", "한국어 텍스트가 깁니다", "a much longer text than there is room for on a narrow screen"}
	for i := range n {
		rows = append(rows, []string{fmt.Sprintf("p-%07d", i), names[i%len(names)], names[(i/3)%len(names)], fmt.Sprint(i * 37)})
	}
	return rows
}

// peopleHeads are the heads of their columns.
var peopleHeads = []string{"_id", "person.name.fullName", "homeAddress.city", "loyalty.points"}

// ours draws them as answers are.
func ours(rows [][]string, width int) string {
	columns := make([]Column, len(peopleHeads))
	for i, head := range peopleHeads {
		columns[i] = Column{Head: head, Fold: i < 3, Right: i == 3}
	}
	t := NewTable(columns, Look{Width: width}, rows)
	var b strings.Builder
	b.WriteString(t.Head() + "\n")
	for _, row := range rows {
		b.WriteString(t.Line(row) + "\n")
	}
	return b.String()
}

// theirs draws them with the table of lipgloss, as near to that as it comes.
func theirs(rows [][]string, width int) string {
	right, left := lipgloss.NewRenderer(io.Discard).NewStyle().Align(lipgloss.Right), lipgloss.NewRenderer(io.Discard).NewStyle().PaddingRight(gap)
	return table.New().Headers(peopleHeads...).Rows(rows...).Width(width).Wrap(false).Border(lipgloss.HiddenBorder()).BorderTop(false).BorderBottom(false).
		BorderLeft(false).BorderRight(false).BorderColumn(false).BorderHeader(false).
		StyleFunc(func(_, column int) lipgloss.Style {
			if column == 3 {
				return right
			}
			return left
		}).String()
}

// BenchmarkTable compares what draws the answers with the table of lipgloss. What is measured stands in ARCHITECTURE.
func BenchmarkTable(b *testing.B) {
	for _, n := range []int{30, 10_000} {
		rows := people(n)
		for name, draw := range map[string]func([][]string, int) string{"ours": ours, "lipgloss": theirs} {
			b.Run(fmt.Sprint(n, "/", name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					draw(rows, 80)
				}
			})
		}
	}
}
