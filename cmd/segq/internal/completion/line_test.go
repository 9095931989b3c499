package completion

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// breaks is the usual COMP_WORDBREAKS.
const breaks = " \t\n\"'><=;|&(:"

// TestSplit: the words, and of the last the part that readline replaces, as bash 5.2 has them.
func TestSplit(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]struct {
		words, before, part string
		quote               byte
	}{
		`segq `:                        {"segq|", "", "", 0},
		`segq su`:                      {"segq|su", "", "su", 0},
		`segq -c 'a b`:                 {"segq|-c|a b", "", "a b", '\''},
		`segq -c 'a = "x`:              {"segq|-c|a = \"x", "", `a = "x`, '\''},
		`segq -c "a = \"x`:             {"segq|-c|a = \"x", "", `a = \"x`, '"'},
		`segq -c 'it'\''s`:             {"segq|-c|it's", "it'", "s", '\''},
		`segq my\ da`:                  {"segq|my da", "", `my\ da`, 0},
		`segq --by=lo`:                 {"segq|--by=lo", "--by=", "lo", 0},
		`segq --select='lo`:            {"segq|--select=lo", "--select=", "lo", '\''},
		`segq -c 'x' "a b" p`:          {"segq|-c|x|a b|p", "", "p", 0},
		"segq -c $(touch x) `touch y`": {"segq|-c|$(touch|x)|`touch|y`", "", "y`", 0},
		`segq ''`:                      {"segq|", "", "", 0},
		`segq é"ü`:                     {"segq|éü", "é", "ü", '"'},
	} {
		l := Split(line, breaks)
		if strings.Join(l.Words, "|") != want.words || l.before != want.before || l.part != want.part || l.quote != want.quote {
			t.Errorf("%s: %q before %q part %q quote %q", line, l.Words, l.before, l.part, l.quote)
		}
	}
}

func TestReplies(t *testing.T) {
	t.Parallel()
	gold := []Candidate{{`loyalty.tier = "gold"`, "262"}}
	for _, c := range []struct {
		line  string
		found []Candidate
		more  bool
		want  []string
	}{
		{`segq su`, []Candidate{{"submit", ""}}, false, []string{"submit "}},
		{`segq --color=al`, []Candidate{{"--color=always", ""}}, false, []string{"always "}},
		{`segq my`, []Candidate{{"my data.csv", ""}}, false, []string{`my\ data.csv `}},
		{`segq z`, []Candidate{{"zdir/", ""}}, false, []string{`zdir/`}},
		{`segq "my`, []Candidate{{"my $x.csv", ""}}, false, []string{`my \$x.csv`}},
		{`segq -c 'loyalty.tier = "g`, gold, true, []string{`loyalty.tier = "gold"`, `loyalty.tier = "gold" `}},
		{`segq -c "loyalty.tier = \"g`, gold, true, []string{`loyalty.tier = \"gold\"`, `loyalty.tier = \"gold\" `}},
		{`segq -c loyalty.tier\ =\ `, gold, true, []string{`\ \"gold\"`}},
		{`segq -c 'x = "O`, []Candidate{{`x = "O'Neil"`, ""}}, true, []string{`x = "O'\''Neil"`, `x = "O'\''Neil" `}},
		{`segq -c 'x = `, []Candidate{{`x = "a b"`, "9"}, {`x = "c"`, "1"}}, true, []string{`x = "a b"`, `x = "c"`}},
		{`segq -c 'x = "`, []Candidate{{`x = "a b"`, "9"}, {`x = "c"`, ""}}, true, []string{" ", `"a b"  9`, `"c"`}},
		{`segq x`, nil, false, nil},
	} {
		if diff := cmp.Diff(c.want, Split(c.line, breaks).Replies(c.found, c.more, 80)); diff != "" {
			t.Errorf("%s\n%s", c.line, diff)
		}
	}
}
