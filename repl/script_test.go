package repl_test

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl"
	"github.com/segq/segq/repl/show"
)

// script is a backend whose jobs the test moves along by hand.
type script struct {
	forms
	store
	mu        sync.Mutex
	jobs      []repl.Job
	submitted []repl.Query
	cancelled []string
	polls     int
	refuse    error // the error of Submit
	silent    error // the error of Poll
	unchecked error // the error of Cancel
	unheard   error // the error of Crew and Everyone
	unread    error // the error of Refresh
	crew      *repl.Crew
	everyone  repl.Everyone
	fields    []repl.Field
	// helps answers what is asked while one types; nil knows nothing.
	helps *helper
	shown bool            // personal data
	wrong *ast.Diagnostic // what Check says of all
	// Each keeps one question until it is closed, where it is not nil: Submit, Check, Crew and LoadReport.
	holds, checks, crews, counts chan struct{}
	// other is the data that workers have by now.
	other string
	// screen is the goroutine that calls Update and View, on which nothing may wait.
	screen string
}

// away sees that the screen does not wait for a question.
func (s *script) away() {
	if s.screen != "" && s.screen == goroutine() {
		panic("asked where the screen waits for the answer")
	}
}

// until waits until a channel is closed, if it is one.
func until(closed chan struct{}) {
	if closed != nil {
		<-closed
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
	until(s.counts)
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
	closed := s.crews
	s.mu.Unlock()
	until(closed)
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
	until(s.checks)
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
	until(s.holds)
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
