package repl

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/repl/show"
)

func helpCommand() dotCommand {
	return dotCommand{
		name: ".help", args: "[topic]", doc: "this help; topics are keys, pql and the commands",
		do: (*Model).help, complete: helpTopics,
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

// pqlHelp is a first look at the language, each line a query that can be typed.
var pqlHelp = [][2]string{
	{`homeAddress.countryCode = "CA"`, "compare a field with a value"},
	{`person.firstName.startsWith("An", false)`, "test text; false ignores case"},
	{`homeAddress.city in ["Oslo", "Bergen"]`, "one of several"},
	{`not (person.gender = "female") and isNotNull(person.birthDate)`, "and, or, not"},
	{`exists X from xEvent where X.eventType = "purchase"`, "some event"},
	{`xEvent[timestamp occurs <= 7 days before now].count() > 3`, "filter and count events"},
	{`active: person.gender = "male"`, "a query with a name"},
	{`inSegment("active") and person.birthYear > 1990`, "ask about a query by its name"},
}

func (m *Model) help(args []string) tea.Cmd {
	if len(args) == 0 {
		m.print(m.helpCommands()...)
		return nil
	}
	topic := strings.ToLower(args[0])
	switch topic {
	case "keys":
		m.print(m.helpKeys()...)
		return nil
	case "pql":
		m.print(m.table(pqlHelp)...)
		return nil
	}
	for _, c := range commandTable() {
		if strings.TrimPrefix(c.name, ".") == strings.TrimPrefix(topic, ".") {
			m.print(strings.TrimSpace(c.name+" "+c.args), "  "+c.doc)
			m.print(c.more...)
			return nil
		}
	}
	m.print(fmt.Sprintf("there is no help on %s; topics are keys, pql and the commands, such as schema", show.Clean(args[0])))
	return nil
}

// helpCommands lists the commands and the topics.
func (m *Model) helpCommands() []string {
	rows := make([][2]string, 0, 8)
	for _, c := range commandTable() {
		rows = append(rows, [2]string{strings.TrimSpace(c.name + " " + c.args), c.doc})
	}
	lines := append([]string{"Type a PQL query and press Enter. Several queries can run at once. Commands:"}, m.table(rows)...)
	return append(lines, "More: .help keys, .help pql, .help and the name of a command")
}

// helpKeys lists the key bindings.
func (m *Model) helpKeys() []string {
	rows := make([][2]string, len(m.keys))
	for i, k := range m.keys {
		rows[i] = [2]string{k.Help().Key, k.Help().Desc}
	}
	return m.table(rows)
}

// table sets two columns side by side, or one below the other where the screen
// is too narrow.
func (m *Model) table(rows [][2]string) []string {
	left, right := 0, 0
	for _, r := range rows {
		left, right = max(left, show.Cells(r[0])), max(right, show.Cells(r[1]))
	}
	var lines []string
	for _, r := range rows {
		switch {
		case r[1] == "":
			lines = append(lines, "  "+r[0])
		case 2+left+2+right > m.width:
			lines = append(lines, "  "+r[0], "      "+m.palette.paint(faint, r[1]))
		default:
			pad := strings.Repeat(" ", left-show.Cells(r[0])+2)
			lines = append(lines, "  "+r[0]+pad+m.palette.paint(faint, r[1]))
		}
	}
	return lines
}
