package worker

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx"
)

// exportOf returns the command line that exports to a file what a command in a namespace asks for as
// rows: one that a shell takes as it is. The file is CSV, and called as the query is if a query in a
// text may be called so.
func exportOf(c *redisx.Command, namespace string) string {
	name := "rows"
	if plainName.MatchString(c.Name) && !ast.Reserved(c.Name) {
		name = c.Name
	}
	for c.Segments[name] != "" {
		name += "_"
	}
	words := []string{"segq", "submit", "--wait", "--op", "export", "--to", "file", "--name", name + ".csv"}
	if c.IDs {
		words = append(words, "--ids")
	}
	if c.Select != "" {
		words = append(words, "--select", quoted(c.Select))
	}
	if c.Limit > 0 {
		words = append(words, "--limit", strconv.Itoa(c.Limit))
	}
	if c.Now != "" {
		words = append(words, "--now", quoted(c.Now))
	}
	if c.Tenant != "default" {
		words = append(words, "--tenant", c.Tenant)
	}
	for _, param := range slices.Sorted(maps.Keys(c.Params)) {
		words = append(words, "--param", quoted(param+"="+paramText(c.Params[param])))
	}
	query := onOneStatement(c.Query)
	for _, segment := range slices.Sorted(maps.Keys(c.Segments)) {
		words = append(words, "-c", quoted(segment+": "+onOneStatement(c.Segments[segment])))
	}
	if len(c.Segments) > 0 {
		query = name + ": " + query // among the others it has to have one
	}
	words = append(words, "-c", quoted(query))
	if namespace != "default" {
		words = append(words, "--namespace", quoted(namespace))
	}
	return strings.Join(words, " ")
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,59}$`)

// quoted puts a word between quotes for a shell.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

// onOneStatement keeps a text of several lines together, as a line may end a statement.
func onOneStatement(text string) string {
	text = strings.TrimSpace(text)
	if strings.ContainsAny(text, "\r\n") {
		return "(" + text + "\n)"
	}
	return text
}

// paramText writes the value of a parameter as --param takes it.
func paramText(v any) string {
	if text, ok := v.(string); ok {
		return `"` + text + `"`
	}
	text, err := json.Marshal(v)
	if err != nil { // it came as JSON
		return ""
	}
	return string(text)
}
