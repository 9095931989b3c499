package config

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2/unstable"
	"github.com/spf13/pflag"
)

// texts returns a value as the texts that its flag is set to, one after another. It is not ok if the
// value is of another type than the flag's.
func (n *node) texts(f *pflag.Flag) (texts []string, ok bool) {
	switch f.Value.Type() {
	case "bool":
		return []string{n.text}, n.kind == unstable.Bool
	case "int", "int64", "uint64":
		return n.number()
	case "float64":
		return []string{n.text}, n.kind == unstable.Integer || n.kind == unstable.Float
	case "string", "duration":
		return []string{n.text}, n.kind == unstable.String
	case "stringArray":
		return n.list()
	case "stringToString":
		return n.pairs()
	}
	if n.kind == unstable.Integer { // sizes, numbers of rows
		return n.number()
	}
	return []string{n.text}, n.kind == unstable.String
}

// number returns a whole number without the ornaments that TOML allows.
func (n *node) number() ([]string, bool) {
	if n.kind != unstable.Integer {
		return nil, false
	}
	i, err := strconv.ParseInt(n.text, 0, 64)
	if err != nil {
		return []string{n.text}, true // it is too large, which the flag will say
	}
	return []string{strconv.FormatInt(i, 10)}, true
}

// list returns the texts of a list, or a text as the only one.
func (n *node) list() (texts []string, ok bool) {
	if n.kind == unstable.String {
		return []string{n.text}, true
	}
	for _, e := range n.below {
		if e.kind != unstable.String {
			return nil, false
		}
		texts = append(texts, e.text)
	}
	return texts, n.kind == unstable.Array
}

// pairs returns the keys of a table with their texts, as a flag takes them.
func (n *node) pairs() (texts []string, ok bool) {
	if n.kind != unstable.Table {
		return nil, false
	}
	var all []string
	for _, e := range n.below {
		if e.kind != unstable.String || e.key == "" || strings.Contains(e.key, "=") {
			return nil, false
		}
		all = append(all, e.key+"="+e.text)
	}
	if len(all) == 0 {
		return nil, true
	}
	var line strings.Builder
	w := csv.NewWriter(&line)
	_ = w.Write(all) // a builder takes everything
	w.Flush()
	return []string{strings.TrimSuffix(line.String(), "\n")}, true
}

// boolean reads a truth value.
func boolean(text string) (value, ok bool) {
	value, err := strconv.ParseBool(text)
	return value, err == nil
}

// expected says what a flag takes.
func expected(f *pflag.Flag) string {
	values := OneOf(f)
	switch f.Value.Type() {
	case "bool":
		return "true or false"
	case "int", "int64", "uint64":
		return "a whole number" + within(f)
	case "float64":
		return "a number"
	case "duration":
		return `a time such as "30s" or "5m"`
	case "stringArray":
		return "a list of texts"
	case "stringToString":
		return `a table of texts, such as { field = "` + values[0] + `" }`
	}
	if len(values) > 0 {
		return "one of " + strings.Join(values, ", ")
	}
	if name := f.Value.Type(); name != "string" {
		return "a text or a number, as for --" + f.Name + " " + name
	}
	return "a text"
}

// within says which numbers a flag takes.
func within(f *pflag.Flag) string {
	switch from, to := bounds(f); {
	case to > 0:
		return fmt.Sprintf(" from %d to %d", from, to)
	case from > -1<<31:
		return fmt.Sprintf(", %d or more", from)
	}
	return ""
}

// try sets a flag to texts and says what is wrong with them, "" for nothing.
func try(f *pflag.Flag, texts []string) string {
	for _, text := range texts {
		if err := f.Value.Set(text); err != nil {
			return shown(f, text) + ": " + why(f, err)
		}
		if values := OneOf(f); len(values) > 0 && !isMap(f) && !slices.Contains(values, text) {
			return shown(f, text) + ": write " + expected(f)
		}
	}
	if !inBounds(f) {
		return shown(f, f.Value.String()) + ": write " + expected(f)
	}
	if values := OneOf(f); isMap(f) && len(values) > 0 && len(texts) > 0 {
		return badPair(texts[0], values)
	}
	return ""
}

func isMap(f *pflag.Flag) bool { return f.Value.Type() == "stringToString" }

// shown is a value as it may be told.
func shown(f *pflag.Flag, text string) string {
	if f.Annotations[keySecret] != nil {
		return "has a wrong value"
	}
	return "is " + strconv.Quote(text)
}

// why says what a flag has against a text: in its own words where it has some.
func why(f *pflag.Flag, err error) string {
	switch f.Value.Type() {
	case "bool", "int", "int64", "uint64", "float64", "duration", "stringToString":
		return "write " + expected(f)
	}
	return err.Error()
}

// inBounds says whether the number that a flag has is one that it may have.
func inBounds(f *pflag.Flag) bool {
	from, to := bounds(f)
	switch f.Value.Type() {
	case "duration":
		d, err := time.ParseDuration(f.Value.String())
		return err == nil && d >= 0
	case "int", "int64", "uint64":
		n, err := strconv.ParseInt(f.Value.String(), 10, 64)
		return err != nil || n >= int64(from) && (to == 0 || n <= int64(to))
	}
	return true
}

// badPair finds a pair of a map whose value is not one of values.
func badPair(line string, values []string) string {
	pairs, err := csv.NewReader(strings.NewReader(line)).Read()
	if err != nil {
		return "is " + strconv.Quote(line) + ": write key=value, with commas between them"
	}
	for _, p := range pairs {
		if key, value, _ := strings.Cut(p, "="); !slices.Contains(values, value) {
			return fmt.Sprintf("of %s is %q: write one of %s", key, value, strings.Join(values, ", "))
		}
	}
	return ""
}
