package editor

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// state is what undoing gives back.
type state struct {
	text   string
	cursor int
}

func stateOf(e *Buffer) state { return state{e.Text(), e.Cursor()} }

// Undo and redo against a list of states: every state that a step began or ended in comes back, with its
// cursor, however often one goes back and forth.
func TestUndoAgainstStates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var e Buffer
		type pair struct{ before, after state }
		var steps []pair // those done, oldest first
		var undone []pair
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			op := rapid.SampledFrom(append([]string{"undo", "undo", "redo"}, names...)).Draw(t, "op")
			switch op {
			case "undo":
				if e.Undo() != (len(steps) > 0) {
					t.Fatalf("undo with %d steps", len(steps))
				}
				if n := len(steps); n > 0 {
					if got := stateOf(&e); got != steps[n-1].before {
						t.Fatalf("undone: %v, want %v", got, steps[n-1].before)
					}
					undone = append(undone, steps[n-1])
					steps = steps[:n-1]
				}
				continue
			case "redo":
				if e.Redo() != (len(undone) > 0) {
					t.Fatalf("redo with %d undone", len(undone))
				}
				if n := len(undone); n > 0 {
					if got := stateOf(&e); got != undone[n-1].after {
						t.Fatalf("done again: %v, want %v", got, undone[n-1].after)
					}
					steps = append(steps, undone[n-1])
					undone = undone[:n-1]
				}
				continue
			case "cutAndYank": // two steps
				op = "cutLeft"
			}
			before, had := stateOf(&e), e.past.done
			operations[op](t, &e, seen(t, &e))
			after := stateOf(&e)
			if after.text == before.text {
				continue
			}
			undone = nil
			switch e.past.done {
			case had + 1:
				steps = append(steps, pair{before, after})
			case had:
				steps[len(steps)-1].after = after
			default:
				t.Fatalf("%s is %d steps", op, e.past.done-had)
			}
		}
	})
}

// steps undoes all of a text, and returns what each step leaves, up to the empty text.
func steps(e *Buffer) string {
	var all []string
	for e.Undo() {
		all = append(all, e.Text())
	}
	return strings.Join(all, "|")
}

func typeIn(e *Buffer, text string) {
	for _, r := range text {
		e.Insert(string(r))
	}
}

// What is one step, and what is not.
func TestSteps(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(*Buffer)
		want string
	}{
		"words": {func(e *Buffer) { typeIn(e, `tier = "gold" and`) }, `tier = "gold" |tier = "|`},
		"lines": {func(e *Buffer) { typeIn(e, "a\nb") }, "a\n|a|"},
		"paste": {func(e *Buffer) { typeIn(e, "a "); e.Paste("b c\nd"); typeIn(e, "e") }, "a b c\nd|a |"},
		"kill":  {func(e *Buffer) { typeIn(e, "a b"); e.CutWord(); e.CutWord() }, "a |a b|a |"},
		"erase": {func(e *Buffer) { e.Paste("abc"); e.DeleteLeft(); e.DeleteLeft() }, "abc|"},
		"eat":   {func(e *Buffer) { e.Paste("abc"); e.Top(); e.DeleteRight(); e.DeleteRight() }, "abc|"},
		"move":  {func(e *Buffer) { typeIn(e, "ab"); e.Left(); e.Right(); typeIn(e, "c") }, "ab|"},
		"walk":  {func(e *Buffer) { typeIn(e, "my"); e.Set("one"); e.Set("two"); typeIn(e, "x") }, "two|my|"},
		"back":  {func(e *Buffer) { typeIn(e, "my"); e.Set("one"); e.Set("my") }, ""},
		"reset": {func(e *Buffer) { typeIn(e, "my"); e.Reset("") }, ""},
		"take":  {func(e *Buffer) { typeIn(e, "ab"); e.Replace(0, 2, "abroad"); typeIn(e, "c") }, "abroad|ab|"},
	} {
		var e Buffer
		c.do(&e)
		if got := steps(&e); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// What is kept for undoing is bounded, and the newest of it stays right.
func TestPastIsBounded(t *testing.T) {
	var e Buffer
	line := strings.Repeat("x", 1000)
	for i := range 20_000 {
		e.Paste(line)
		if i%2 == 1 {
			e.CutAll()
		}
	}
	if e.past.size > maxPast {
		t.Errorf("%d bytes are kept", e.past.size)
	}
	size := 0
	for _, s := range e.past.steps {
		size += s.size()
	}
	if size != e.past.size {
		t.Errorf("%d bytes are kept, and %d are counted", size, e.past.size)
	}
	e.Undo()
	if got := e.Text(); got != line+line {
		t.Errorf("undone: %d bytes", len(got))
	}
	for e.Undo() {
	}
	if n := len(e.Text()); n%1000 != 0 || n > 2000 {
		t.Errorf("at the start of what is kept there are %d bytes", n)
	}
}
