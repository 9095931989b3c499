package repl

import (
	"fmt"
	"regexp"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/manual"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/repl/show"
)

func helpCommand() dotCommand {
	return dotCommand{
		early: true, name: ".help", args: "[topic]", doc: "this help, or about keys, pql, a command, a function",
		more: []string{"  .help keys        the keys", "  .help pql         a first look at the language", "  .help startsWith  what the manual says of a function or a word"},
		do:   (*Model).help, complete: helpTopics,
	}
}

// helpTopics are what there is help on.
func helpTopics(*Model, string) []lang.Item {
	items := []lang.Item{
		{Text: "keys", Kind: commandItem, Doc: "the keys of the input"},
		{Text: "pql", Kind: commandItem, Doc: "a first look at the language"},
	}
	for _, c := range commandTable() {
		items = append(items, lang.Item{Text: strings.TrimPrefix(c.name, "."), Kind: commandItem, Doc: c.doc})
	}
	return items
}

// pqlHelp is a first look at the language: queries that find something in the sample, and what they do.
var pqlHelp = [][2]string{
	{`loyalty.tier = "gold"`, "compare a field with a value"},
	{`loyalty.tier in ["gold", "platinum"]`, "one of several"},
	{`homeAddress.countryCode = "CA" and loyalty.points >= 1000`, "and, or, not"},
	{`not (person.gender = "female") and isNotNull(person.birthDate)`, "a field that has a value"},
	{`person.name.firstName.startsWith("An", false)`, "test text; false ignores case"},
	{`person.birthDate occurs > 30 years before now`, "compare with the present"},
	{`exists X from xEvent where X.eventType = "commerce.purchases"`, "some event"},
	{`xEvent[eventType = "commerce.purchases"].count() >= 2`, "filter and count events"},
	{`active: xEvent.count() >= 10`, "a query with a name"},
	{`inSegment("active") and person.birthYear > 1990`, "ask about a query by its name"},
}

// help prints what there is about a topic: the commands, the keys, the language, one of the commands, or
// what the manual says of a name.
func (m *Model) help(args []string) tea.Cmd {
	if len(args) == 0 {
		m.print(m.helpCommands()...)
		return nil
	}
	topic := strings.Join(args, " ")
	switch strings.ToLower(topic) {
	case "keys":
		m.print(m.helpKeys()...)
		return nil
	case "pql":
		m.print(m.table(pqlHelp)...)
		m.print("The manual has more: .help and a name, such as startsWith, occurs, inSegment or Time")
		return nil
	}
	for _, c := range commandTable() {
		if strings.TrimPrefix(c.name, ".") == strings.TrimPrefix(strings.ToLower(topic), ".") {
			m.print(strings.TrimSpace(c.name+" "+c.args), "  "+c.doc)
			m.print(c.more...)
			return nil
		}
	}
	if found := manual.Find(topic); found != nil {
		m.helpManual(found)
		return nil
	}
	m.print(fmt.Sprintf("there is no help on %s%s; topics are keys, pql, the commands, and the names of the language", show.Clean(topic), meant(topic)))
	return nil
}

// helpManual prints entries of the manual, in lines that are easy to read.
func (m *Model) helpManual(found []manual.Entry) {
	width := min(m.width, manualWidth)
	for _, e := range found {
		m.print(m.palette.paint(bold, strings.TrimSuffix(e.Title, ".")))
		m.print(strings.Split(strings.TrimRight(show.Markdown(withoutQuotes(e.Text), width), "\n"), "\n")...)
	}
	m.print(m.palette.paint(faint, "ann, bob, cat and dan in examples are four profiles made up for them."))
}

// withoutQuotes returns a text of the manual without the backquotes around its words; in its examples they belong to
// what is typed.
func withoutQuotes(text string) string {
	var b strings.Builder
	code := false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			code = !code
		} else if !code {
			line = inlineCode.ReplaceAllString(line, "$1$2")
		}
		b.WriteString(line)
	}
	return b.String()
}

// inlineCode is a word in backquotes, or in two of them with backquotes in it.
var inlineCode = regexp.MustCompile("`` ?(.*?[^`]) ?``|`([^`\n]+)`")

// manualWidth is how long the lines of a text are at most.
const manualWidth = 100

// meant asks whether a topic was meant that is nearly the same.
func meant(topic string) string {
	names := append(manual.Names(), "keys", "pql")
	for _, c := range commandTable() {
		names = append(names, strings.TrimPrefix(c.name, "."))
	}
	topic = strings.TrimPrefix(topic, ".")
	near := spelling.Nearest(topic, names)
	few := max(1, len(topic)/4)
	if near == "" || spelling.Distance(strings.ToLower(topic), strings.ToLower(near), few) > few {
		return ""
	}
	return "; did you mean " + near + "?"
}

// helpCommands lists the commands and the topics.
func (m *Model) helpCommands() []string {
	rows := make([][2]string, 0, 8)
	for _, c := range commandTable() {
		rows = append(rows, [2]string{strings.TrimSpace(c.name + " " + c.args), c.doc})
	}
	lines := append([]string{"Type a PQL query and press Enter. Several queries can run at once. Commands:"}, m.table(rows)...)
	return append(lines, "More: .help keys, .help pql, .help and the name of a command or of a function")
}

// helpKeys lists the key bindings.
func (m *Model) helpKeys() []string {
	rows := make([][2]string, len(m.keys))
	for i, k := range m.keys {
		rows[i] = [2]string{k.Help().Key, k.Help().Desc}
	}
	return m.table(rows)
}

// table sets two columns side by side, the second wrapped where that helps, or one below the other where the
// screen is too narrow.
func (m *Model) table(rows [][2]string) []string {
	left, right := 0, 0
	for _, r := range rows {
		left, right = max(left, show.Cells(r[0])), max(right, show.Cells(r[1]))
	}
	at := 2 + left + 2
	beside := at+right <= m.width || at <= m.width*2/5
	var lines []string
	for _, r := range rows {
		if r[1] == "" {
			lines = append(lines, "  "+r[0])
			continue
		}
		if !beside {
			lines = append(lines, "  "+r[0], "      "+m.palette.paint(faint, r[1]))
			continue
		}
		for i, text := range show.Wrap(r[1], m.width-at) {
			before := strings.Repeat(" ", at)
			if i == 0 {
				before = "  " + r[0] + strings.Repeat(" ", at-2-show.Cells(r[0]))
			}
			lines = append(lines, before+m.palette.paint(faint, text))
		}
	}
	return lines
}
