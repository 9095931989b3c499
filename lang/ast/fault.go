package ast

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

// Internal is the Code of the diagnostic of a [Fault].
const Internal = "internal"

// Fault is a mistake of this program that one query has brought to light: a panic,
// caught where the work on that query begins. It is the query's error, and nobody
// else's.
type Fault struct {
	// Value is what was panicked with.
	Value any
	// Frames are the functions under way, the innermost first, as "pkg.func file:line".
	Frames []string
}

// maxFrames is how many frames a fault keeps: enough to find the place, few enough to
// be sent along with an answer.
const maxFrames = 12

// Caught gives the fault for what recover gave, which must not be nil. It is called by
// the deferred function itself, while the stack is still that of the panic. A fault that
// was caught before, in another goroutine, comes back as it is.
func Caught(value any) *Fault {
	if f, ok := value.(*Fault); ok {
		return f
	}
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	f := &Fault{Value: value}
	thrown := false
	for {
		frame, more := frames.Next()
		switch {
		case strings.HasPrefix(frame.Function, "runtime."):
			thrown = thrown || frame.Function == "runtime.gopanic"
		case thrown && len(f.Frames) < maxFrames:
			f.Frames = append(f.Frames, fmt.Sprintf("%s %s:%d", path.Base(frame.Function), path.Base(frame.File), frame.Line))
		}
		if !more {
			return f
		}
	}
}

// Guard is deferred at a door: it gives a panic to then, as a fault.
func Guard(then func(*Fault)) {
	if v := recover(); v != nil {
		then(Caught(v))
	}
}

// Error gives the value and the innermost place.
func (f *Fault) Error() string {
	text := fmt.Sprintf("internal error: %v", f.Value)
	if len(f.Frames) > 0 {
		text += ", in " + f.Frames[0]
	}
	return text
}

// Report says what the maintainers need to know beside the query and the version.
func (f *Fault) Report() string {
	return "this is a mistake of segq, not of the query; please report it with the query, the version and this: " + strings.Join(f.Frames, " < ")
}

// Diagnostic gives the fault as what is wrong with the text at a place.
func (f *Fault) Diagnostic(at Span) Diagnostic {
	return Diagnostic{Code: Internal, Message: f.Error(), Hint: f.Report(), At: at}
}
