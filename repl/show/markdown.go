package show

import "strings"

// BlockKind is what a [Block] is.
type BlockKind int

// The kinds of blocks.
const (
	Heading BlockKind = iota
	Paragraph
	Item // of a list
	Code
	Grid
)

// Block is a part of a text in Markdown, of which our manuals use these.
type Block struct {
	Kind  BlockKind
	Level int    // of a heading
	Text  string // in one line; code as it is
	// Rows are those of a grid, a table in Markdown, the first its head.
	Rows [][]string
}

// quoted takes the marks off code that has backquotes itself.
var quoted = strings.NewReplacer("`` `", "`", "` ``", "`")

// Blocks divides a text in Markdown. What is indented by two spaces is code too, as the commands
// have it in their help.
func Blocks(text string) []Block {
	var blocks []Block
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	open := false // the last block goes on
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if !strings.HasPrefix(line, "```") {
			line = quoted.Replace(line)
		}
		b := Block{Kind: Paragraph, Text: strings.TrimSpace(line)}
		switch {
		case b.Text == "":
			open = false
			continue
		case strings.HasPrefix(line, "```"):
			var code []string
			for i++; i < len(lines) && !strings.HasPrefix(lines[i], "```"); i++ {
				code = append(code, lines[i])
			}
			blocks, open = append(blocks, Block{Kind: Code, Text: strings.Join(code, "\n")}), false
			continue
		case strings.HasPrefix(line, "#"):
			b.Kind, b.Level = Heading, len(line)-len(strings.TrimLeft(line, "#"))
			b.Text = strings.TrimSpace(line[b.Level:])
			blocks, open = append(blocks, b), false
			continue
		case strings.HasPrefix(line, "|"):
			blocks, open = tableRow(blocks, open, line), true
			continue
		case strings.HasPrefix(line, "- "):
			b.Kind, b.Text = Item, line[2:]
		case open:
			last := &blocks[len(blocks)-1]
			if last.Kind == Code {
				last.Text += "\n" + strings.TrimPrefix(line, "  ")
			} else {
				last.Text += " " + b.Text
			}
			continue
		case strings.HasPrefix(line, "  "):
			b.Kind, b.Text = Code, line[2:]
		}
		blocks, open = append(blocks, b), true
	}
	return blocks
}

// tableRow adds a row to the table that is open, or begins one.
func tableRow(blocks []Block, open bool, line string) []Block {
	const bar = "\x00" // in place of one that belongs to a cell
	cells := strings.Split(strings.Trim(strings.ReplaceAll(line, `\|`, bar), "|"), "|")
	rule := true
	for i, c := range cells {
		cells[i] = strings.TrimSpace(strings.ReplaceAll(c, bar, "|"))
		rule = rule && strings.Trim(cells[i], "-:") == ""
	}
	if !open || blocks[len(blocks)-1].Kind != Grid {
		blocks = append(blocks, Block{Kind: Grid})
	}
	if last := &blocks[len(blocks)-1]; !rule {
		last.Rows = append(last.Rows, cells)
	}
	return blocks
}

// Markdown returns a text in Markdown as plain text, in lines of so many cells at most. Code stays as
// it is. It is for our own texts: nothing is made safe.
func Markdown(text string, width int) string {
	var b strings.Builder
	blocks := Blocks(text)
	for i, block := range blocks {
		if i > 0 && (block.Kind != Item || blocks[i-1].Kind != Item) {
			b.WriteByte('\n')
		}
		switch block.Kind {
		case Heading:
			b.WriteString(block.Text + "\n")
		case Paragraph:
			writeLines(&b, "", Wrap(block.Text, width))
		case Item:
			for k, line := range Wrap(block.Text, width-4) {
				b.WriteString([]string{"  - ", "    "}[min(k, 1)] + line + "\n")
			}
		case Code:
			writeLines(&b, "  ", strings.Split(block.Text, "\n"))
		case Grid:
			writeTable(&b, block.Rows, width)
		}
	}
	return b.String()
}

func writeLines(b *strings.Builder, indent string, lines []string) {
	for _, line := range lines {
		b.WriteString(strings.TrimRight(indent+line, " ") + "\n")
	}
}

// Wrap breaks a text at spaces into lines of so many cells at most. A word that is longer has a
// line of its own.
func Wrap(text string, width int) []string {
	var lines []string
	line, cells := "", 0
	for _, word := range strings.Fields(text) {
		n := Cells(word)
		if line != "" && cells+1+n > width {
			lines = append(lines, line)
			line, cells = "", 0
		}
		if line != "" {
			line, cells = line+" ", cells+1
		}
		line, cells = line+word, cells+n
	}
	return append(lines, line)
}

// TableText returns a table, the first row of which is its head, in lines of so many cells at most.
func TableText(rows [][]string, width int) string {
	var b strings.Builder
	writeTable(&b, rows, width)
	return b.String()
}

// tableGap is between two columns.
const tableGap = 2

// writeTable writes a table, whose cells are wrapped where it is too wide.
func writeTable(b *strings.Builder, rows [][]string, width int) {
	widths := tableWidths(rows, width)
	for i, row := range rows {
		wrapped, high := make([][]string, len(widths)), 0
		for k := range widths {
			if k < len(row) {
				wrapped[k] = Wrap(row[k], widths[k])
			}
			high = max(high, len(wrapped[k]))
		}
		for l := range high {
			line := ""
			for k, w := range widths {
				cell := ""
				if l < len(wrapped[k]) {
					cell = wrapped[k][l]
				}
				line += cell + strings.Repeat(" ", max(w-Cells(cell), 0)+tableGap)
			}
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
		if i > 0 {
			continue
		}
		for k, w := range widths {
			b.WriteString(strings.Repeat("-", w) + strings.Repeat(" ", tableGap*min(len(widths)-1-k, 1)))
		}
		b.WriteByte('\n')
	}
}

// tableWidths returns how wide the columns are: what is too much is taken from the widest.
func tableWidths(rows [][]string, width int) []int {
	var widths []int
	for _, row := range rows {
		for k, cell := range row {
			if k == len(widths) {
				widths = append(widths, 1)
			}
			widths[k] = max(widths[k], Cells(cell))
		}
	}
	for {
		all, widest := tableGap*(len(widths)-1), 0
		for k, w := range widths {
			all += w
			if w > widths[widest] {
				widest = k
			}
		}
		if all <= width || widths[widest] <= 8 {
			return widths
		}
		widths[widest]--
	}
}
