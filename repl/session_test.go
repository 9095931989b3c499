package repl_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"github.com/segq/segq/repl"
)

// session drives a model as Bubble Tea would, in the virtual time of synctest,
// and keeps what it prints.
type session struct {
	t       *testing.T
	backend *script
	model   tea.Model
	msgs    chan tea.Msg
	printed []string
	quit    bool
}

// play runs test with a session on a screen of the given size.
func play(t *testing.T, width, height int, o repl.Options, test func(*session)) {
	t.Helper()
	playWith(t, width, height, o, nil, test)
}

// playWith plays a session whose workers are elsewhere, and like this at first; nil for none.
func playWith(t *testing.T, width, height int, o repl.Options, crew *repl.Crew, test func(*session)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &script{screen: goroutine(), crew: crew}
		m := repl.New(t.Context(), b, o)
		s := &session{t: t, backend: b, model: m, msgs: make(chan tea.Msg, 1000)}
		s.send(tea.WindowSizeMsg{Width: width, Height: height})
		s.printed = append(s.printed, m.Banner()...)
		s.start(m.Init())
		test(s)
	})
}

// start runs a command as the runtime does, on a goroutine of its own; those of
// a sequence one after the other. Sequences and prints have no exported types.
func (s *session) start(cmd tea.Cmd) {
	if cmd != nil {
		go s.exec(cmd)
	}
}

func (s *session) exec(cmd tea.Cmd) {
	msg := cmd()
	v := reflect.ValueOf(msg)
	switch {
	case msg == nil:
	case v.Type().String() == "tea.sequenceMsg":
		for i := range v.Len() {
			s.exec(v.Index(i).Interface().(tea.Cmd))
		}
	case v.Type() == reflect.TypeFor[tea.BatchMsg]():
		for _, c := range msg.(tea.BatchMsg) {
			s.start(c)
		}
	default:
		s.msgs <- msg
	}
}

// send hands over a message and lets all that follows at once happen.
func (s *session) send(msg tea.Msg) {
	s.msgs <- msg
	s.settle()
}

func (s *session) settle() {
	for {
		synctest.Wait()
		select {
		case msg := <-s.msgs:
			if v := reflect.ValueOf(msg); v.Type().String() == "tea.printLineMessage" {
				s.printed = append(s.printed, v.FieldByName("messageBody").String())
			}
			if _, ok := msg.(tea.QuitMsg); ok {
				s.quit = true
			}
			var cmd tea.Cmd
			s.model, cmd = s.model.Update(msg)
			s.start(cmd)
		default:
			return
		}
	}
}

// wait lets virtual time pass, in steps short enough to see every tick.
func (s *session) wait(d time.Duration) {
	for ; d > 0; d -= 10 * time.Millisecond {
		time.Sleep(10 * time.Millisecond)
		s.settle()
	}
}

// keys presses keys by their names; a name of several letters that is no key is
// typed letter by letter.
func (s *session) keys(names ...string) {
	for _, n := range names {
		if k, ok := namedKeys[n]; ok {
			s.send(tea.KeyMsg(k))
			continue
		}
		for _, r := range n {
			s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
		}
	}
}

var namedKeys = map[string]tea.Key{
	"enter": {Type: tea.KeyEnter}, "ctrl+j": {Type: tea.KeyCtrlJ}, "alt+enter": {Type: tea.KeyEnter, Alt: true}, "ctrl+o": {Type: tea.KeyCtrlO},
	"ctrl+c": {Type: tea.KeyCtrlC}, "ctrl+d": {Type: tea.KeyCtrlD}, "ctrl+r": {Type: tea.KeyCtrlR},
	"ctrl+y": {Type: tea.KeyCtrlY}, "ctrl+u": {Type: tea.KeyCtrlU}, "esc": {Type: tea.KeyEsc}, "up": {Type: tea.KeyUp},
	"down": {Type: tea.KeyDown}, "left": {Type: tea.KeyLeft}, "right": {Type: tea.KeyRight}, "end": {Type: tea.KeyEnd}, "shift+tab": {Type: tea.KeyShiftTab},
	"ctrl+f": {Type: tea.KeyCtrlF}, "ctrl+s": {Type: tea.KeyCtrlS}, "alt+f": {Type: tea.KeyRunes, Runes: []rune{'f'}, Alt: true}, "tab": {Type: tea.KeyTab}, "home": {Type: tea.KeyHome}, "backspace": {Type: tea.KeyBackspace},
	"ctrl+_": {Type: tea.KeyCtrlUnderscore}, "alt+/": {Type: tea.KeyRunes, Runes: []rune("/"), Alt: true}, "ctrl+x": {Type: tea.KeyCtrlX},
	"ctrl+e": {Type: tea.KeyCtrlE}, "ctrl+k": {Type: tea.KeyCtrlK},
}

// screen is the scrollback and, below a line of its own, the live view.
func (s *session) screen() string {
	return strings.Join(s.printed, "\n") + "\n-- live --\n" + s.model.View() + "\n"
}

// sizes runs test at three sizes and compares the screen, without colours, with
// a golden file each.
func sizes(t *testing.T, test func(*session)) {
	t.Helper()
	sizesOf(t, test, [2]int{40, 12}, [2]int{80, 24}, [2]int{200, 60})
}

// sizesOf does so at the sizes that it is given.
func sizesOf(t *testing.T, test func(*session), sizes ...[2]int) {
	t.Helper()
	for _, size := range sizes {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			var screen string
			play(t, size[0], size[1], repl.Options{Peek: true}, func(s *session) {
				test(s)
				screen = ansi.Strip(s.screen())
				for l := range strings.SplitSeq(ansi.Strip(s.model.View()), "\n") {
					if w := ansi.StringWidth(l); w > size[0] {
						t.Errorf("a line of %d cells on a screen of %d: %q", w, size[0], l)
					}
				}
				s.finishAll()
			})
			golden.RequireEqual(t, screen)
		})
	}
}

// finishAll ends all jobs, so that no poll outlives the test.
func (s *session) finishAll() {
	s.backend.silent = nil
	for i := range s.backend.jobs {
		s.backend.job(i+1, func(j *repl.Job) { j.State = repl.Cancelled })
	}
	s.wait(3 * time.Second)
}

var errBroken = errors.New("connection refused")
