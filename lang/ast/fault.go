package ast

import (
	"fmt"
	"path"
	"runtime/debug"
	"strings"
)

// Internal is the Code of the diagnostic of a [Fault].
const Internal = "internal"

// Fault is a mistake of this program that one query has brought to light: a panic,
// caught where the work on that query begins. It is the query's error, and nobody
// else's.
type Fault struct {
	// Value is what was panicked with, Stack where, as [debug.Stack] prints it.
	Value any
	Stack []byte
}

// maxFrames is how many functions a report names: enough to find the place, few enough to
// be sent along with an answer.
const maxFrames = 12

// Caught returns the fault for what recover gave, which must not be nil. It is called by
// the deferred function itself, while the stack is still that of the panic. A fault that
// was caught before, in another goroutine, comes back as it is.
func Caught(value any) *Fault {
	if f, ok := value.(*Fault); ok {
		return f
	}
	return &Fault{Value: value, Stack: debug.Stack()}
}

// Guard is deferred at a door: it gives a panic to then, as a fault.
func Guard(then func(*Fault)) {
	if v := recover(); v != nil {
		then(Caught(v))
	}
}

// Error returns the value and the innermost place.
func (f *Fault) Error() string {
	text := fmt.Sprintf("internal error: %v", f.Value)
	if at := f.frames(); len(at) > 0 {
		text += ", in " + at[0]
	}
	return text
}

// Report says what the maintainers need to know beside the query and the version.
func (f *Fault) Report() string {
	return "this is a bug in segq, not a mistake in the query; please report it with the query, the version and this: " + strings.Join(f.frames(), " < ")
}

// frames returns the functions under way, the innermost first, as "pkg.func file:line".
func (f *Fault) frames() []string {
	var out []string
	lines := strings.Split(string(f.Stack), "\n")
	thrown := false
	for i := 1; i+1 < len(lines) && len(out) < maxFrames; i += 2 {
		name, place := lines[i], path.Base(strings.TrimSpace(lines[i+1]))
		switch {
		case strings.HasPrefix(name, "panic("):
			thrown = true // above are the guard and what caught it
		case thrown && !strings.HasPrefix(name, "runtime."):
			if end := strings.LastIndexByte(name, '('); end > 0 {
				name = name[:end]
			}
			place, _, _ = strings.Cut(place, " +0x")
			out = append(out, path.Base(name)+" "+place)
		}
	}
	return out
}

// Diagnostic returns the fault as what is wrong with the text at a place.
func (f *Fault) Diagnostic(at Span) Diagnostic {
	return Diagnostic{Code: Internal, Message: f.Error(), Hint: f.Report(), At: at}
}
