package repl

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
)

// The pauses before what is asked while one types: how long no key was pressed before the count and
// the errors are wanted, those at the cursor too, and the time to the next look at what was still on its way.
const (
	countPause  = 100 * time.Millisecond
	checkPause  = 300 * time.Millisecond
	settlePause = 900 * time.Millisecond
	lookAgain   = 100 * time.Millisecond
	// What does not come is not waited for any longer, and looked for less often.
	lookFor   = 3 * time.Second
	lookLater = time.Second
)

// assist is what helps to go on with the text that is being typed: what can stand at the cursor, how many
// profiles match so far, and what is wrong.
type assist struct {
	popup      popup
	completing inquiry[choices]
	// waiting says that Tab was pressed before the choices were there.
	waiting bool

	aside aside
	// pending is since when choices for a text are on their way.
	pending struct {
		at    input
		since time.Time
	}
	tally    tally
	counting inquiry[tally]

	findings findings
	checking inquiry[findings]
	// checked says that the text was checked since it was changed.
	checked bool

	// key says what the key under way is; text is the text after the one before it.
	key  keyKind
	text string
	// rows are kept below the input, so that it stays where it is.
	rows int
	// instead is the query that the last answer suggests, "" for none.
	instead string
	// taken is the input before the last Tab, for Shift-Tab.
	taken *input
	// closing is the bracket that was written with a function.
	closing closing
}

// aside is why nothing is offered, for a text with the cursor in it.
type aside struct {
	at  input
	why string
}

// input is a text with the cursor in it.
type input struct {
	text   string
	cursor int
}

// keyKind is what a key does to the text, as far as help depends on it.
type keyKind int

const (
	otherKey   keyKind = iota
	typingKey          // one character more
	erasingKey         // one less
)

func keyKindOf(k tea.KeyMsg) keyKind {
	switch {
	case k.Paste || k.Alt:
		return otherKey
	case k.Type == tea.KeyRunes || k.Type == tea.KeySpace:
		return typingKey
	case k.Type == tea.KeyBackspace || k.Type == tea.KeyCtrlH:
		return erasingKey
	}
	return otherKey
}

// growing says whether the word at the cursor is being written.
func (a *assist) growing() bool { return a.key != otherKey }

// at is the text with the cursor in it.
func (m *Model) at() input { return input{m.editor.Text(), m.editor.Cursor()} }

// due asks what it is time to ask, unless a key was pressed since.
func (m *Model) due(msg tea.Msg) tea.Cmd {
	a := &m.assist
	switch msg := msg.(type) {
	case dueMsg[choices]:
		if msg.round == a.completing.round {
			return m.complete()
		}
	case dueMsg[tally]:
		if msg.round == a.counting.round {
			return m.count()
		}
	case dueMsg[findings]:
		if msg.round == a.checking.round {
			return m.check()
		}
	}
	return nil
}

// askable says whether there is anybody to ask about the text, and somewhere to show the answer. Commands are known
// before the data is there.
func (m *Model) askable() bool {
	text := m.editor.Text()
	return !m.accessible && m.search == nil && strings.TrimSpace(text) != "" && (m.opening == nil || startsCommand(text))
}

// changed is called after each key that has changed the text or moved the cursor, and starts what
// helps to go on: what can stand at the cursor, what is wrong, and how many profiles match.
func (m *Model) changed() tea.Cmd {
	a, text := &m.assist, m.editor.Text()
	edited := text != a.text
	a.findings.follow(a.text, text)
	a.tally.follow(m.at(), m.known.fields)
	a.text = text
	if a.closing.at(m.at()) < 0 {
		a.closing = ""
	}
	if !m.askable() {
		m.assist.clear()
		return nil
	}
	cmds := []tea.Cmd{m.offer()}
	if startsCommand(text) {
		a.counting.drop()
		a.checking.drop()
		return tea.Batch(cmds...)
	}
	if m.peek {
		cmds = append(cmds, a.counting.after(m.ctx, countPause))
	}
	if edited {
		a.checked = false
		cmds = append(cmds, a.checking.after(m.ctx, checkPause))
	}
	return tea.Batch(cmds...)
}

// anew asks again what was said of a text: what can stand at the cursor, if that is shown, what is wrong, and how many match.
func (m *Model) anew() tea.Cmd {
	a := &m.assist
	if !m.askable() || startsCommand(m.editor.Text()) {
		return nil
	}
	var cmds []tea.Cmd
	if a.popup.open() {
		cmds = append(cmds, m.complete())
	}
	a.tally, a.findings, a.checked = tally{}, findings{}, false
	if m.peek {
		cmds = append(cmds, a.counting.after(m.ctx, countPause))
	}
	return tea.Batch(append(cmds, a.checking.after(m.ctx, checkPause))...)
}

// clear takes away all that was said about a text.
func (a *assist) clear() {
	a.popup, a.aside = popup{}, aside{}
	a.tally, a.findings, a.waiting = tally{}, findings{}, false
	a.completing.drop()
	a.counting.drop()
	a.checking.drop()
}

// startsCommand says whether a text is a command, or the beginning of one.
func startsCommand(text string) bool {
	text = strings.TrimSpace(text)
	return text == "." || text == "#" || isCommand(text)
}

// offer asks what can stand at the cursor where something is being written there, and closes the popup
// elsewhere.
func (m *Model) offer() tea.Cmd {
	a := &m.assist
	before := m.editor.Text()[:m.editor.Cursor()]
	a.popup.leave()
	a.waiting = false
	if a.key == otherKey || a.key == erasingKey && !a.popup.open() || !inWord(before) {
		a.popup.close()
		a.completing.drop()
		return nil
	}
	return m.complete()
}

// inWord says whether a text ends where a word is being written: after a letter of a name, a dot, a quote,
// or inside of a string, which may have anything in it.
func inWord(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	if wordRune(r) || strings.ContainsRune("./#\"'`", r) {
		return true
	}
	line := text[strings.LastIndexByte(text, '\n')+1:]
	return strings.Count(line, `"`)%2 == 1 || strings.Count(line, "'")%2 == 1
}

func wordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// reserve keeps the rows below the input that what is shown there takes, until the input is done: a print
// above it would pull the input down, and the next popup up again.
func (m *Model) reserve() {
	a := &m.assist
	switch {
	case m.editor.Text() == "" || m.accessible:
		a.rows = 0
	case a.popup.open():
		a.rows = max(a.rows, popupRows(m.height)+2)
	default:
		a.rows = max(a.rows, 1)
	}
}
