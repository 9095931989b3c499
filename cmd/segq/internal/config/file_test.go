package config

import (
	"fmt"
	"strings"
	"testing"
)

// lines writes a tree with the places of its keys.
func (n *node) lines(path string) (out string) {
	for _, c := range n.below {
		if c.key == "" {
			out += fmt.Sprintf("%s[] %s\n", path, c.text)
			continue
		}
		out += fmt.Sprintf("%d:%d %s%s %s %s\n", c.line, c.column, path, c.key, c.kind, c.text)
		out += c.lines(path + c.key + ".")
	}
	return out
}

// TestTree reads the forms that keys and tables have in TOML (https://toml.io/en/v1.0.0).
func TestTree(t *testing.T) {
	t.Parallel()
	const text = `a = "x" # a comment
"b c" = [ 'y', # another
  "z" ]
d.e = 1_000
f = { g = true, h.i = 2.5 }

[j.k]
l = 1979-05-27

[j]
m = ""
[[n]]
o = 1
`
	const want = `1:1 a String x
2:1 b c Array 
b c.[] y
b c.[] z
4:1 d Table 
4:3 d.e Integer 1_000
5:1 f Table 
5:7 f.g Bool true
5:17 f.h Table 
5:19 f.h.i Float 2.5
7:2 j Table 
7:4 j.k Table 
8:1 j.k.l LocalDate 1979-05-27
11:1 j.m String 
12:3 n Array 
13:1 n.o Integer 1
`
	if got := treeOf([]byte(text)).lines(""); got != want {
		t.Errorf("the tree is\n%s", got)
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"--load is": true, "--load": true, "--loaded": false, "--load-all": false, "--loaded, --load": true, "load": false,
	} {
		if got := mentions(text, "--load"); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if got := quoted("a\"\\\x01é"); got != `"a\"\\\u0001é"` || strings.Contains(got, "\x01") {
		t.Errorf("quoted as %s", got)
	}
}

func TestBareValue(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"format=csv":                           `a text is written in quotes: format = "csv"`,
		"\n  format = csv # a comment":         "",
		"timeout = \"3s":                       "",
		"strict = yes":                         "write strict = true",
		"strict = False":                       "write strict = false",
		"redis = redis://me:s3cret@host":       `a text is written in quotes: redis = "…"`,
		"redis-password-file = ~/.segq/secret": `a text is written in quotes: redis-password-file = "~/.segq/secret"`,
		"data = [a.parquet]":                   "",
	} {
		if got := bareValue([]byte(text), 1); got != want {
			t.Errorf("%q: %s", text, got)
		}
	}
	if got := bareValue([]byte("x = 1\n  format = csv # a comment"), 2); got != `a text is written in quotes: format = "csv"` {
		t.Error(got)
	}
}
