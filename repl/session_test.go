package repl_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl"
	"github.com/segq/segq/repl/show"
)

// script is a backend whose jobs the test moves along by hand.
type script struct {
	forms
	shelf
	mu        sync.Mutex
	jobs      []repl.Job
	submitted []repl.Query
	cancelled []string
	polls     int
	refuse    error         // the error of Submit
	silent    error         // the error of Poll
	unchecked error         // the error of Cancel
	unheard   error         // the error of Crew and Everyone
	unread    error         // the error of Refresh
	crewTakes time.Duration // before Crew answers
	crew      *repl.Crew
	everyone  repl.Everyone
	fields    []repl.Field
	// helps answers what is asked while one types; nil knows nothing.
	helps *helper
	slow  time.Duration   // how long Check takes
	shown bool            // personal data
	wrong *ast.Diagnostic // what Check says of all
	// holds keeps Submit until it is closed; nil for nothing.
	holds chan struct{}
	// other is the data that workers have by now.
	other string
	// counting is how long the report of the data takes.
	counting time.Duration
	// screen is the goroutine that calls Update and View, on which nothing may wait.
	screen string
}

// away sees that the screen does not wait for a question.
func (s *script) away() {
	if s.screen != "" && s.screen == goroutine() {
		panic("asked where the screen waits for the answer")
	}
}

// goroutine is the name of the running goroutine.
func goroutine() string {
	var b [64]byte
	name, _, _ := strings.Cut(string(b[:runtime.Stack(b[:], false)]), "[")
	return name
}

func (s *script) Describe() repl.Info {
	if s.other != "" {
		return repl.Info{Dataset: s.other, Profiles: 12, Events: -1, Loaded: -1, Snapshot: "other"}
	}
	return repl.Info{
		Version: "0.1", Dataset: "sample", Profiles: 2_000_000, Events: 31_000_000, Snapshot: "9f2c4ab1",
		Fields: 118, Loaded: 3, Facts: []string{"412 rows skipped (.load)"},
	}
}

func (s *script) LoadReport(context.Context, show.Look) ([]string, error) {
	s.away()
	time.Sleep(s.counting)
	return []string{"412 rows left out, unreadable:", "  profiles.csv:7: 3 fields instead of 4", "  and 411 more"}, s.silent
}

func (s *script) ShowPersonal(shown bool) { s.shown = shown }

func (s *script) Survey(_ context.Context, paths []string) ([]repl.Survey, error) {
	s.away()
	out := make([]repl.Survey, len(paths))
	for i, path := range paths {
		switch out[i].Distinct = -1; {
		case path == "homeAddress.countryCode":
			out[i] = repl.Survey{Loaded: true, Places: 2_000_000, Filled: 1_940_000, Distinct: 31, Top: []string{"CA", "evil\u202etext", ""}}
		case strings.HasSuffix(path, "visits"):
			out[i] = repl.Survey{Loaded: true, Places: 2_000_000, Filled: 1_500_000, Distinct: -1}
		case strings.HasSuffix(path, "pager"):
			out[i] = repl.Survey{Loaded: true, Places: 2_000_000, Distinct: -1}
		case strings.HasSuffix(path, "email"):
			out[i] = repl.Survey{Loaded: true, Places: 2_000_000, Filled: 1_999_999, Distinct: 1_999_998, Masked: true}
		}
	}
	return out, s.silent
}

func (s *script) PersonalShown() bool { return s.shown }
func (s *script) Crew(context.Context) (*repl.Crew, error) {
	s.away()
	s.mu.Lock()
	takes := s.crewTakes
	s.mu.Unlock()
	time.Sleep(takes)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.crew, s.unheard
}

// now changes what it answers from now on.
func (s *script) now(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *script) Everyone(context.Context, int) (repl.Everyone, error) {
	s.away()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.everyone, s.unheard
}

func (s *script) Cancelling(id string) string {
	if s.crew == nil {
		return ""
	}
	return "segq cancel " + id
}

func (s *script) Open(context.Context) error { s.away(); return nil }

func (s *script) Reopen(context.Context, []string, func(repl.Opening)) (bool, error) {
	s.away()
	return false, nil
}

func (s *script) Refresh(context.Context) (bool, error) {
	s.away()
	s.mu.Lock()
	defer s.mu.Unlock()
	return false, s.unread
}

func (s *script) ReadingFlags() []repl.ReadingFlag {
	return []repl.ReadingFlag{
		{Name: "--delimiter", Value: "C", Doc: "what is between the cells"},
		{Name: "--no-header", Doc: "the first line is a row"},
		{Name: "--type", Value: "FIELD=TYPE", Doc: "read it so", Words: []string{"number", "text"}},
	}
}

func (s *script) Complete(ctx context.Context, text string, cursor int) repl.Completion {
	s.away()
	return s.helps.complete(ctx, text, cursor)
}

func (s *script) Peek(ctx context.Context, text string, cursor int) repl.Peek {
	s.away()
	return s.helps.peek(ctx, text, cursor)
}

func (s *script) Check(q repl.Query) ast.Diagnostics {
	s.away()
	s.helps.check(q)
	time.Sleep(s.slow)
	if s.wrong != nil {
		return ast.Diagnostics{*s.wrong}
	}
	if i := strings.Index(q.Text, "homeAdress"); i >= 0 {
		return ast.Diagnostics{{
			Code: "unknown-field", Message: "there is no field homeAdress in a profile",
			Hint: "did you mean homeAddress?", Instead: "homeAddress", At: ast.Span{Start: i, End: i + len("homeAdress")},
		}}
	}
	if strings.Contains(q.Text, "#") {
		_, found := lang.Query(q.Text)
		return found
	}
	if strings.HasPrefix(q.Text, "h") && !strings.Contains(q.Text, ".") {
		return ast.Diagnostics{{
			Code: "unknown-field", Message: "there is no field " + q.Text, Hint: "fields are listed by segq schema",
			At: ast.Span{End: len(q.Text)},
		}}
	}
	return nil
}

func (s *script) Gives(q repl.Query) string {
	if strings.HasSuffix(q.Text, ".count()") {
		return "int"
	}
	return ""
}

func (s *script) Schema() []repl.Field {
	if s.fields != nil {
		return s.fields
	}
	return []repl.Field{
		{Path: "homeAddress", Type: "object", Filled: 0.97},
		{Path: "homeAddress.city", Type: "text", Doc: "city or town", Filled: 0.95},
		{Path: "homeAddress.countryCode", Type: "text", Doc: "ISO 3166-1 code", Filled: 0.97},
		{Path: "person", Type: "object", Filled: -1},
		{Path: "person.gender", Type: "text", Filled: 0.8},
		{Path: "xEvent", Type: "list of object", Doc: "events in order of time", Filled: 0.7},
		{Path: "xEvent.eventType", Type: "text", Filled: 1},
	}
}

func (s *script) Submit(_ context.Context, q repl.Query) (string, error) {
	s.away()
	if s.holds != nil {
		<-s.holds
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse != nil {
		return cmp.Or(q.ID, fmt.Sprintf("job-%d", len(s.jobs)+1)), s.refuse
	}
	s.submitted = append(s.submitted, q)
	if i := slices.IndexFunc(s.jobs, func(j repl.Job) bool { return j.ID == q.ID }); i >= 0 {
		if s.jobs[i].State == repl.Lost {
			s.jobs[i].State = repl.Queued
		}
		return q.ID, nil
	}
	id := fmt.Sprintf("job-%d", len(s.jobs)+1)
	s.jobs = append(s.jobs, repl.Job{ID: id, State: repl.Queued})
	return id, nil
}

func (s *script) Poll(_ context.Context, ids []string) ([]repl.Job, error) {
	s.away()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.polls++
	var found []repl.Job
	for _, j := range s.jobs {
		if slices.Contains(ids, j.ID) {
			found = append(found, j)
		}
	}
	return found, s.silent
}

func (s *script) Cancel(_ context.Context, id string) error {
	s.away()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cancelled = append(s.cancelled, id)
	return s.unchecked
}

// job changes the n-th job.
func (s *script) job(n int, change func(*repl.Job)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.jobs[n-1])
}

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
