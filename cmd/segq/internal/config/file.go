package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// maxFile is far more than anybody writes into a configuration file.
const maxFile = 1 << 20

// node is a key of a file with its value or, if it is a table, with what is in it.
type node struct {
	key          string
	line, column int
	kind         unstable.Kind // Table for all forms of tables
	text         string        // of a plain value
	below        []*node       // the keys of a table, the elements of a list
}

// readFile reads a file into a tree. The error says what is wrong with its form, and where.
func readFile(name string) (*node, error) {
	f, err := os.Open(name)
	if err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return nil, fmt.Errorf("cannot read the configuration: %w; is HOME (or XDG_CONFIG_HOME) that of this user? --no-config does without", err)
		}
		return nil, fmt.Errorf("cannot read the configuration: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot read %s: %w", name, err)
	case len(text) > maxFile:
		return nil, fmt.Errorf("%s is no configuration file: it has more than %d MB", name, maxFile>>20)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	var whole map[string]any // what the parser of the tree lets pass: keys that are there twice
	var wrong *toml.DecodeError
	if err := toml.Unmarshal(text, &whole); errors.As(err, &wrong) {
		line, column := wrong.Position()
		message := strings.TrimPrefix(wrong.Error(), "toml: ")
		if meant := bareValue(text, line); meant != "" {
			message = meant
		}
		return nil, &Problem{Origin{File: name, Line: line, Column: column}, message}
	} else if err != nil {
		return nil, &Problem{Origin{File: name, Line: 1}, strings.TrimPrefix(err.Error(), "toml: ")}
	}
	return treeOf(text), nil
}

// bareLine is a key with a value that is a text without its quotes.
var bareLine = regexp.MustCompile(`^\s*([A-Za-z0-9_.-]+)\s*=\s*([A-Za-z~/.][^"'#=\[\]{}]*?)\s*(?:#.*)?$`)

// bareValue says how the value of a line is written that is a word without quotes, "" for other lines. What
// may be an address, with a password in it, is not repeated.
func bareValue(text []byte, line int) string {
	lines := strings.Split(string(text), "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	found := bareLine.FindStringSubmatch(strings.TrimSuffix(lines[line-1], "\r"))
	if found == nil {
		return ""
	}
	key, value := found[1], quoted(found[2])
	switch word := strings.ToLower(found[2]); {
	case slices.Contains([]string{"true", "yes", "on"}, word):
		value = "true"
	case slices.Contains([]string{"false", "no", "off"}, word):
		value = "false"
	case strings.ContainsAny(word, ":@"):
		return "a text is written in quotes: " + key + ` = "…"`
	default:
		return "a text is written in quotes: " + key + " = " + value
	}
	return "write " + key + " = " + value
}

// treeOf returns the tree of a text that is TOML.
func treeOf(text []byte) *node {
	p := &unstable.Parser{}
	p.Reset(text)
	root := &node{kind: unstable.Table}
	table := root
	for p.NextExpression() {
		switch x := p.Expression(); x.Kind {
		case unstable.Table:
			table = root.at(p, x.Key())
			table.kind = unstable.Table
		case unstable.ArrayTable:
			table = root.at(p, x.Key())
			table.kind = unstable.Array
		case unstable.KeyValue:
			table.put(p, x)
		}
	}
	return root
}

// put adds a key with its value.
func (n *node) put(p *unstable.Parser, x *unstable.Node) {
	n.at(p, x.Key()).take(p, x.Value())
}

// at returns the node of a key with dots, making it if need be.
func (n *node) at(p *unstable.Parser, key unstable.Iterator) *node {
	for key.Next() {
		name := string(key.Node().Data)
		n = n.child(name, p.Shape(key.Node().Raw).Start)
	}
	return n
}

// child returns the node of a key, making it if need be.
func (n *node) child(key string, at unstable.Position) *node {
	for _, c := range n.below {
		if c.key == key {
			return c
		}
	}
	if n.kind == unstable.Invalid {
		n.kind = unstable.Table // by a key with dots
	}
	c := &node{key: key, line: at.Line, column: at.Column}
	n.below = append(n.below, c)
	return c
}

// take makes n hold a value.
func (n *node) take(p *unstable.Parser, x *unstable.Node) {
	n.kind, n.text = x.Kind, string(x.Data)
	below := x.Children()
	switch x.Kind {
	case unstable.InlineTable:
		n.kind = unstable.Table
		for below.Next() {
			n.put(p, below.Node())
		}
	case unstable.Array:
		for below.Next() {
			if below.Node().Kind == unstable.Comment {
				continue
			}
			element := &node{line: n.line, column: n.column}
			element.take(p, below.Node())
			n.below = append(n.below, element)
		}
	}
}

// kindName is what people call a value.
func (n *node) kindName() string {
	switch n.kind {
	case unstable.String:
		return "a text"
	case unstable.Bool:
		return "true or false"
	case unstable.Integer:
		return "a whole number"
	case unstable.Float:
		return "a number"
	case unstable.Array:
		return "a list"
	case unstable.Table:
		return "a table"
	}
	return "a date"
}
