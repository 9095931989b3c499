package repl

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/repl/show"
)

func setCommand() dotCommand {
	return dotCommand{
		name: ".set", args: "[@name = value]", doc: "give @name a value in queries, or change a setting; alone, list them", early: true,
		more: []string{
			`  .set @tier = "gold"        queries may say loyalty.tier = @tier from now on`,
			`  .set @tiers = ["gold", 3]  a list; true, false and numbers are what they look like`,
			"  .set @tier                 takes the value away",
			"  .set peek off              changes a setting; .set peek says what it can be",
			"--param on the command line gives values that a session begins with.",
		},
		ask: (*Model).setWritten, complete: setArguments,
	}
}

// setWritten gives a parameter a value or takes it away, or changes a setting.
func (m *Model) setWritten(written string) tea.Cmd {
	written = strings.TrimSpace(written)
	if written == "" {
		m.listSet()
		return nil
	}
	name, value, given := cutValue(written)
	if s, ok := settingNamed(name); ok {
		m.changeSetting(s, value)
		return nil
	}
	bare, marked := strings.CutPrefix(name, "@")
	bare = strings.TrimSuffix(strings.TrimPrefix(bare, "{"), "}")
	known := m.paramNamed(bare) != nil
	switch {
	case !marked && !strings.Contains(written, "=") && (given || m.paramNamed(bare) == nil):
		m.complain(fmt.Errorf("there is no setting and no parameter %s%s", show.Clean(name), m.meantSetting(name)))
		m.print("hint: .set lists them; .set @name = value gives a parameter a value")
	case bare == "" || !plainName(bare) && !strings.Contains(bare, ";") && !strings.HasPrefix(name, "@{"):
		m.complain(fmt.Errorf("%s is no name of a parameter: write letters, digits and _, as in .set @tier = \"gold\"", show.Clean(name)))
	case !given:
		m.dropParam(bare)
	default:
		p, err := m.backend.SetParam(bare, value)
		if err != nil {
			m.complain(err)
			return nil
		}
		line := m.paramLine(p)
		if !marked && !known {
			line += ", a parameter of queries: there is no setting " + show.Clean(name)
		}
		m.print(line)
	}
	return m.changed()
}

// cutValue cuts name = value, or name value.
func cutValue(written string) (name, value string, given bool) {
	end := strings.IndexAny(written, "= \t")
	if strings.HasPrefix(written, "@{") { // whose name may have a version, ctx;version=1
		if end = strings.IndexByte(written, '}') + 1; end == 0 {
			end = len(written)
		}
	}
	if end < 0 || end >= len(written) {
		return written, "", false
	}
	name, value = written[:end], strings.TrimSpace(written[end:])
	value = strings.TrimSpace(strings.TrimPrefix(value, "="))
	return name, value, value != ""
}

func plainName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return !wordRune(r) }) && (name[0] < '0' || name[0] > '9')
}

// dropParam takes the value of a parameter away.
func (m *Model) dropParam(name string) {
	if m.backend.DropParam(name) {
		m.print("@" + show.Clean(name) + " has no value any more")
		return
	}
	names := paramNames(m.backend.Params())
	said := ""
	if near := spelling.Nearest(name, names); near != "" {
		said = "; did you mean @" + show.Clean(near) + "?"
	}
	m.complain(fmt.Errorf("@%s has no value%s", show.Clean(name), said))
	m.print("hint: .set @" + show.Clean(name) + " = value gives it one")
}

// changeSetting changes a setting, or says what it is.
func (m *Model) changeSetting(s setting, word string) {
	switch word = strings.ToLower(strings.Trim(word, `"'`)); {
	case word == "":
		m.print(fmt.Sprintf("%s is %s; it can be %s", s.name, s.get(m), strings.Join(s.words, ", ")))
	case !slices.Contains(s.words, word):
		m.complain(fmt.Errorf("%s cannot be %s: use %s", s.name, show.Clean(word), strings.Join(s.words, ", ")))
	default:
		s.set(m, word)
		m.print(fmt.Sprintf("%s is %s", s.name, s.get(m)))
	}
}

// meantSetting asks whether a name was meant that is nearly the same.
func (m *Model) meantSetting(name string) string {
	var names []string
	for _, s := range settings() {
		names = append(names, s.name)
	}
	near := spelling.Nearest(name, append(names, paramNames(m.backend.Params())...))
	if near == "" || spelling.Distance(name, near, 2) > 2 {
		return ""
	}
	return "; did you mean " + show.Clean(near) + "?"
}

// listSet lists parameters and settings.
func (m *Model) listSet() {
	params := m.backend.Params()
	if len(params) == 0 {
		m.print("no parameter has a value; .set @name = value gives one")
	}
	for _, p := range params {
		m.print(m.paramLine(p))
	}
	m.print("settings:")
	rows := make([][2]string, len(settings()))
	for i, s := range settings() {
		rows[i] = [2]string{s.name + " " + s.get(m), s.doc + " (" + strings.Join(s.words, ", ") + ")"}
	}
	m.print(m.table(rows)...)
}

// paramLine is a parameter as one would set it.
func (m *Model) paramLine(p Param) string {
	name := "@" + p.Name
	if !plainName(p.Name) {
		name = "@{" + p.Name + "}"
	}
	return show.Clean(name) + " = " + show.OneLine(p.Value)
}

// paramNamed returns the parameter with a name, nil for none.
func (m *Model) paramNamed(name string) *Param {
	for _, p := range m.backend.Params() {
		if p.Name == name {
			return &p
		}
	}
	return nil
}

func paramNames(params []Param) []string {
	names := make([]string, len(params))
	for i, p := range params {
		names[i] = p.Name
	}
	return names
}

// setArguments are what may be set.
func setArguments(m *Model, _ string) []lang.Item {
	var items []lang.Item
	for _, p := range m.backend.Params() {
		items = append(items, lang.Item{Text: "@" + p.Name, Kind: commandItem, Doc: p.Value})
	}
	for _, s := range settings() {
		items = append(items, lang.Item{Text: s.name, Kind: commandItem, Type: s.get(m), Doc: s.doc})
	}
	return items
}
