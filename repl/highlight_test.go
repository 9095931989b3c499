package repl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segq/segq/repl/editor"
)

// described is what the looks of a text are: unknown names, and the other parts by their style.
func described(text string) string {
	var e editor.Buffer
	e.Set(text)
	var screen typed
	screen.render(&e, textView{width: 200, cursor: -1, palette: palette{on: true}, fields: someFields}, 0)
	names := map[style]string{bold: "bold", blue: "function", cyan: "field", magenta: "value", faint: "comment", boldRed: "bad", plain: "plain"}
	var all []string
	for _, l := range screen.lines {
		for _, p := range l.parts {
			name := names[p.style]
			if p.unknown {
				name += "+unknown"
			}
			all = append(all, fmt.Sprintf("%s:%s", l.text[p.start:p.end], name))
		}
	}
	return strings.Join(all, " ")
}

func TestLooks(t *testing.T) {
	for text, want := range map[string]string{
		`age > 3 and nosuch = "x"`:          `age:field >:bold 3:value and:bold nosuch:plain+unknown =:bold "x":value`,
		"xEvent[age > 1].count()":           "xEvent:field age:field >:bold 1:value count:function",
		"nofunction(age)":                   "nofunction:plain+unknown age:field",
		"adults: age // so":                 "adults:bold age:field // so:comment",
		"age in [1,\n  2,\n  3]\nage = 1":   "age:field in:bold 1:value 2:value 3:value age:field =:bold 1:value",
		"/* age\nage */ age":                "/* age:comment age */:comment age:field",
		"age /* never\nclosed age":          "age:field /* never:comment closed age:comment",
		`age = "gold`:                       `age:field =:bold "gold:value`,
		"age = €":                           "age:field =:bold €:bad",
		".fields age":                       ".fields:bold",
		".feilds age":                       ".feilds:bold+unknown",
		"age = 1\n.fields x\nnosuch":        "age:field =:bold 1:value .fields:bold nosuch:plain+unknown",
		"xEvent\n.age":                      "xEvent:field age:field",
		"select E from xEvent\nwhere E.age": "select:bold from:bold xEvent:field where:bold age:field",
		"age = 1\nE.age":                    "age:field =:bold 1:value E:plain+unknown",
		"age >\n.5":                         "age:field >:bold .5:value",
		"age = 1 or" + strings.Repeat("\nnosuch = 1 or", 12): "age:field =:bold 1:value or:bold" +
			strings.Repeat(" nosuch:plain+unknown =:bold 1:value or:bold", 9) + strings.Repeat(" =:bold 1:value or:bold", 3),
	} {
		if got := described(text); got != want {
			t.Errorf("%q:\n%s, want\n%s", text, got, want)
		}
	}
}

// A name at the cursor may not be written yet, so that it is not called unknown.
func TestNameAtCursor(t *testing.T) {
	var e editor.Buffer
	var screen typed
	v := textView{width: 40, fields: someFields}
	for _, c := range []struct {
		text string
		want string
	}{
		{"nosu", "segq> nosu\x1b[7m \x1b[0m"},
		{"nosuch = 1", "segq> \x1b[4mnosuch\x1b[0m = 1\x1b[7m \x1b[0m"},
	} {
		e.Set(c.text)
		if rows, _ := screen.render(&e, v, 1); rows[0] != c.want {
			t.Errorf("%q: %q, want %q", c.text, rows[0], c.want)
		}
	}
	e.Top()
	if rows, _ := screen.render(&e, v, 1); rows[0] != "segq> \x1b[7mn\x1b[0mosuch = 1" {
		t.Errorf("with the cursor on it: %q", rows[0])
	}
}

// The mate of the bracket at the cursor, or before it, is shown; so is a bracket that has none.
func TestBrackets(t *testing.T) {
	const mate, alone = "mate", "alone"
	for _, c := range []struct {
		text string // the cursor is at ▏
		want string
	}{
		{"(age▏)", "mate 0"},
		{"(age)▏", "mate 0"},
		{"▏(age)", "mate 4"},
		{"xEvent[(\nage > 1)\n▏]", "mate 6"},
		{"age▏)", "alone 3"},
		{"age)▏ = 1", "alone 3"},
		{"(▏age", ""}, // it was just opened
		{"▏(age", "alone 0"},
		{`age = "(▏"`, ""},
		{"age // (▏", ""},
		{"(age]▏", "alone 4"},
		{"age▏ (1)", ""},
		{"age = 1\n(▏age = 2)\n", "mate 16"},
		{"(▏1 or" + strings.Repeat("\n1 or", 20) + ")", ""}, // too far
	} {
		var e editor.Buffer
		e.Set(strings.ReplaceAll(c.text, "▏", ""))
		e.MoveTo(strings.Index(c.text, "▏"))
		var screen typed
		v := textView{width: 40, fields: someFields}
		screen.render(&e, v, 0)
		got := ""
		for _, m := range screen.brackets(&e, v) {
			what := alone
			if m.style == mateStyle {
				what = mate
			}
			got = fmt.Sprintf("%s %d", what, m.at.Start)
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}
