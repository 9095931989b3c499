package repl

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/parse"
	"github.com/segq/segq/repl/editor"
)

// fragments are what the texts of these tests are made of.
var fragments = []string{
	"age", " ", " > 3", " and", "\n", "\n\n", "\t", "(", ")", "[", "]", `"gold`, `"`, "/* a", "b */", "// note", ".5", ".", "nosuch",
	"select E from xEvent where E.age", "日本語", "👩‍👩‍👧", "e\u0301", "\u200d", "\x1b[2J", "adults: ", ";", "\n.fields age\n", "in", "a very long word of text here", "aaaaaaaaaaaaaaaaaaaaaaaaaa",
	"\n  xEvent[age > 1]", "or\n", "last month", "@name", "\u202e",
}

func somewhere(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(fragments), 0, 30).Draw(t, "text"), "")
}

var someFields = lang.NewFields(typesOf([]Field{
	{Path: "age", Type: "int"}, {Path: "xEvent", Type: "list<object>"}, {Path: "xEvent.age", Type: "int"},
}))

// Rows hold the line, no more than fits, and are as long as they can be where a word is broken.
func TestWrapped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := strings.ReplaceAll(somewhere(t), "\n", "")
		room := rapid.IntRange(1, 40).Draw(t, "room")
		l := &typedLine{text: line}
		l.indent, l.starts = wrapped(line, room)
		all := ""
		for i := range l.rows() {
			from, to := l.row(i)
			row := line[from:to]
			all += row
			cells := cellsOf(line, to) - cellsOf(line, from)
			if i > 0 {
				cells += l.indent
			}
			last := strings.HasSuffix(row, " ") || strings.HasSuffix(row, "\t")
			if cells > room && !(last && cells == room+1) && editor.ClusterLen(row) < len(row) {
				t.Fatalf("row %q of %q has %d cells of %d", row, line, cells, room)
			}
			if row == "" && line != "" && i < len(l.starts) {
				t.Fatalf("an empty row of %q", line)
			}
			if i < len(l.starts) && !last && strings.ContainsAny(row, " \t") && strings.TrimLeft(row, " \t") != row[len(row)-len(strings.TrimLeft(row, " \t")):] {
				t.Fatalf("row %q of %q ends within a word", row, line)
			}
		}
		if all != line {
			t.Fatalf("rows of %q are %q", line, all)
		}
	})
}

func TestWrappedAtWords(t *testing.T) {
	for _, c := range []struct {
		line string
		room int
		want string
	}{
		{"age > 3 and age < 5", 12, "age > 3 and |age < 5"},
		{"age > 3 and age < 5", 11, "age > 3 and |age < 5"}, // a blank has the last column
		{"age > 3 and age < 5", 10, "age > 3 |and age < |5"},
		{"abcdefghij", 4, "abcd|efgh|ij"},
		{"a abcdefghij", 4, "a |abcd|efgh|ij"},
		{"日本語日本語", 5, "日本|語日|本語"},
		{"    age > 3 and age", 12, "    age > 3 |and age"}, // and the second row is indented too
		{"a\tb c", 5, "a\tb |c"},
		{"a    b", 3, "a   | b"},
		{"", 3, ""},
		{"abc", 3, "abc"},
		{"abc ", 3, "abc |"}, // where the next word will be
	} {
		l := &typedLine{text: c.line}
		l.indent, l.starts = wrapped(c.line, c.room)
		var rows []string
		for i := range l.rows() {
			from, to := l.row(i)
			rows = append(rows, c.line[from:to])
		}
		if got := strings.Join(rows, "|"); got != c.want {
			t.Errorf("%q in %d cells: %q, want %q", c.line, c.room, got, c.want)
		}
	}
}

// What is kept from key to key is what would be found anew, for the rows in sight and all.
func TestKeptIsWhatIsFoundAnew(t *testing.T) {
	keys := []func(*editor.Buffer){
		(*editor.Buffer).Left, (*editor.Buffer).Right, (*editor.Buffer).Top, (*editor.Buffer).Bottom, (*editor.Buffer).DeleteLeft,
		(*editor.Buffer).CutToLineEnd, (*editor.Buffer).Yank, (*editor.Buffer).CutWord,
		func(e *editor.Buffer) { e.Vertical(-1) }, func(e *editor.Buffer) { e.Vertical(1) },
		func(e *editor.Buffer) { e.Undo() }, func(e *editor.Buffer) { e.Redo() },
	}
	rapid.Check(t, func(t *rapid.T) {
		var e editor.Buffer
		var kept typed
		v := textView{width: 30, palette: palette{on: true}, fields: someFields}
		height := 6
		for range rapid.IntRange(1, 30).Draw(t, "keys") {
			switch rapid.IntRange(0, 9).Draw(t, "kind") {
			case 0:
				v.width = rapid.IntRange(8, 40).Draw(t, "width")
			case 1:
				height = rapid.IntRange(1, 20).Draw(t, "height")
			case 2:
				v.fields = rapid.SampledFrom([]*lang.Fields{nil, someFields}).Draw(t, "fields")
			case 3, 4, 5:
				e.Paste(somewhere(t))
			default:
				rapid.SampledFrom(keys).Draw(t, "key")(&e)
			}
			got, row := kept.render(&e, v, height)
			var again editor.Buffer
			again.Set(e.Text())
			again.MoveTo(e.Cursor())
			var fresh typed
			want, wantRow := fresh.render(&again, v, height)
			if !slices.Equal(got, want) || row != wantRow {
				t.Fatalf("%q at %d:\n%q\nis kept as\n%q", e.Text(), e.Cursor(), strings.Join(want, "\n"), strings.Join(got, "\n"))
			}
			if len(got) > height || row < 0 || row >= len(got) || !strings.Contains(got[row], "\x1b[") {
				t.Fatalf("%d rows in %d, the cursor in %d", len(got), height, row)
			}
			for _, r := range got {
				if w := ansi.StringWidth(r); w > v.width && v.width >= 12 && !strings.Contains(r, `\u`) {
					t.Fatalf("%q has %d cells of %d", r, w, v.width)
				}
			}
		}
	})
}

// The lines of a text, read one by one, have the tokens of the text.
func TestTokensOfLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := somewhere(t)
		var got []parse.Token
		state, start := lexed{}, 0
		for line := range strings.SplitSeq(text, "\n") {
			tokens, comment := state.tokens(line)
			for _, tok := range tokens {
				tok.At.Start, tok.At.End = tok.At.Start+start, tok.At.End+start
				if n := len(got); tok.Kind == parse.Comment && state.comment && tok.At.Start == start && n > 0 && got[n-1].Kind == parse.Comment {
					got[n-1].At.End = tok.At.End // a comment of several lines
					continue
				}
				got = append(got, tok)
			}
			state = state.through(line, tokens, comment)
			start += len(line) + 1
		}
		want := lang.Tokens(text)
		if n := len(want); n > 0 && strings.HasPrefix(text[want[n-1].At.Start:], "/*") {
			want[n-1].Kind = parse.Comment // which is never closed
			want[n-1].At.End = got[len(got)-1].At.End
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q:\n%v, want\n%v", text, got, want)
		}
	})
}
