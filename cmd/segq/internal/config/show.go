package config

import (
	"encoding/csv"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Value is what a setting is, and why.
type Value struct {
	// Command is the one for which the value holds, "" for all that have the setting.
	Command string `json:"command,omitempty"`
	Key     string `json:"key"`
	// Text is the value as it is written in a file.
	Text  string `json:"-"`
	Value any    `json:"value"`
	// Default says that nothing but the program has decided it.
	Default bool `json:"default"`
	Origin
}

// Values returns the value of each setting for each command of a fresh tree, those of all
// commands first: where commands have the same from the same place, it is there once.
func (s *Settings) Values(root *cobra.Command) []Value {
	var all []Value
	for _, c := range commandsBelow(root) {
		add := func(key string, v Value) {
			v.Key = key
			if v.Default && !slices.ContainsFunc(all, func(o Value) bool { return o.Key == key && o.Default }) {
				v.Command = "" // the first one that there is
			}
			there := func(o Value) bool { return o.sameAs(v) && (o.Command == "" || o.Command == v.Command) }
			if !slices.ContainsFunc(all, there) {
				all = append(all, v)
			}
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if allowed(f) {
				add(f.Name, s.value(c, f))
			}
		})
		if c == root || c.Annotations[TakesData] != "" {
			if found, _ := s.find(commandName(c), dataKey); found != nil {
				add(dataKey, Value{Command: found.command, Text: listText(maskedAll(found.texts)), Value: maskedAll(found.texts), Origin: found.origin})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Value) int {
		return strings.Compare(a.Command+"\x00"+a.Key, b.Command+"\x00"+b.Key)
	})
	return all
}

// sameAs says whether two values of a key are the same and from the same place.
func (v Value) sameAs(o Value) bool {
	return v.Key == o.Key && v.Text == o.Text && v.Default == o.Default && v.Origin == o.Origin
}

// commandsBelow returns a command and those below it.
func commandsBelow(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		all = append(all, commandsBelow(sub)...)
	}
	return all
}

// value returns what a flag of a command is without a command line.
func (s *Settings) value(c *cobra.Command, f *pflag.Flag) Value {
	found, _ := s.find(commandName(c), f.Name)
	if found == nil {
		var texts []string
		if !isMap(f) && f.Value.Type() != "stringArray" { // which nobody has a default for
			texts = []string{f.Value.String()}
		}
		v := Value{Command: commandName(c), Default: true}
		v.Text, v.Value = valueOf(f, texts)
		return v
	}
	texts := found.texts
	if f.Annotations[keySecret] != nil {
		texts = []string{masked(texts[0])}
	}
	v := Value{Command: found.command, Origin: found.origin}
	v.Text, v.Value = valueOf(f, texts)
	return v
}

// masked hides what is before the host of a URL, if there may be a password, and what follows a
// question mark, where other programs have one.
func masked(url string) string {
	at := strings.LastIndex(url, "@")
	if n := strings.IndexAny(url[at+1:], "?#"); n >= 0 {
		url = url[:at+1+n+1] + "***"
	}
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		scheme, rest = "", url
	} else {
		scheme += "://"
	}
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		user, _, secret := strings.Cut(rest[:at], ":")
		if secret {
			return scheme + user + ":***" + rest[at:]
		}
	}
	return scheme + rest
}

// maskedAll hides it in each of some texts, those that are no URLs being what they are.
func maskedAll(texts []string) []string {
	own := slices.Clone(texts)
	for i, text := range own {
		if isAddress(text) {
			own[i] = masked(text)
		}
	}
	return own
}

// valueOf returns what a flag is set to, as it is written in a file, and as JSON has it.
func valueOf(f *pflag.Flag, texts []string) (string, any) {
	switch f.Value.Type() {
	case "bool":
		v, _ := boolean(texts[0])
		return strconv.FormatBool(v), v
	case "int", "int64", "uint64", "float64":
		return texts[0], json.Number(texts[0])
	case "stringArray":
		return listText(texts), append([]string{}, texts...)
	case "stringToString":
		return pairsText(texts)
	}
	return quoted(texts[0]), texts[0]
}

// pairsText writes what a map is set to as a file does.
func pairsText(texts []string) (string, map[string]string) {
	all := map[string]string{}
	var written []string
	for _, text := range texts {
		pairs, _ := csv.NewReader(strings.NewReader(text)).Read() // it has been read before
		for _, p := range pairs {
			key, value, _ := strings.Cut(p, "=")
			all[key] = value
			written = append(written, quoted(key)+" = "+quoted(value))
		}
	}
	return strings.TrimSuffix("{ "+strings.Join(written, ", "), " ") + " }", all
}

// listText writes a list as a file does.
func listText(texts []string) string {
	all := make([]string, len(texts))
	for i, t := range texts {
		all[i] = quoted(t)
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// quoted writes a text as TOML does.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r < ' ' || r == 0x7f:
			b.WriteString(`\u00` + strconv.FormatInt(int64(r)+0x100, 16)[1:])
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}
