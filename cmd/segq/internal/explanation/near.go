package explanation

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/repl/show"
)

// mostAlike and mostSpelt are among how many values one is looked for that has other marks, and
// one that is misspelt.
const mostAlike, mostSpelt = 50_000, 20_000

// nearest returns the value that may have been meant by s, "" for none: one that differs in
// capitals alone, or else in spaces and marks, or accents, or else has it as one of its words, or
// differs in some letters. Values come most
// frequent first, and of those that are equally near the first is taken.
func nearest(s string, values []column.ValueCount) string {
	for _, v := range values {
		if strings.EqualFold(v.Text, s) {
			return v.Text
		}
	}
	bare := letters(s)
	for _, v := range values[:min(len(values), mostAlike)] {
		if len(v.Text) > 4*len(s) || len(s) > 4*len(v.Text) {
			continue
		}
		if alike(bare, letters(v.Text)) {
			return v.Text
		}
	}
	if whole := containing(bare, values); whole != "" {
		return whole
	}
	if len(values) > mostSpelt || len(bare) < fewLetters {
		return ""
	}
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = v.Text
	}
	return spelling.Nearest(s, names)
}

// fewLetters is how many letters a text needs for one to be misspelt: other codes are other codes.
const fewLetters = 4

// containing returns the most frequent value that has a text among its whole words; "" for none.
func containing(bare []rune, values []column.ValueCount) string {
	if len(bare) < fewLetters-1 {
		return ""
	}
	part := string(bare)
	for _, v := range values[:min(len(values), mostAlike)] {
		words := strings.FieldsFunc(strings.ToLower(v.Text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		for _, w := range words {
			if len(words) > 1 && (w == part || w == part+"s") {
				return v.Text
			}
		}
	}
	return ""
}

// letters returns the letters and digits of a text, in lower case, without combining marks.
func letters(s string) []rune {
	var out []rune
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, unicode.ToLower(r))
		}
	}
	return out
}

// alike says whether texts have the same letters, where one that is not ASCII is as good as any that
// is: an ü as good as a u.
func alike(a, b []rune) bool {
	if len(a) != len(b) || len(a) == 0 {
		return false
	}
	foreign := 0
	for i := range a {
		switch {
		case a[i] == b[i]:
		case (a[i] < unicode.MaxASCII) != (b[i] < unicode.MaxASCII):
			foreign++
		default:
			return false
		}
	}
	return 2*foreign < len(a)
}

// noKey says that no map has a key that is asked for, and which it has.
func (l *look) noKey(n check.Node, sc *scope) bool {
	get, ok := mapRead(n).(*check.Call)
	if !ok || get.Op != check.Get {
		return false
	}
	if l.noKey(get.Args[0], sc) {
		return true
	}
	p, ok := l.place(get.Args[0], sc)
	key, constant := get.Args[1].(*check.Const)
	if !ok || !constant || p.empty() {
		return false
	}
	name, _ := key.V.(string)
	keys := p.keys()
	for _, k := range keys {
		if k.Text == name {
			return false
		}
	}
	said := fmt.Sprintf("no %s has the key %s in %s", sc.unit(), literal(name), p.path)
	told := l.tellable(p, keys)
	if p.list != "" && l.answer.Total > personal.SmallTable {
		told = nil // one profile may have many such maps
	}
	if near := nearest(name, told); near != "" {
		var edits []edit
		if text := l.written(get.Args[1]); text != "" && (text[0] == '"' || text[0] == '\'') {
			edits = []edit{{key.At, literal(near)}}
		} else if text == name && len(letters(near)) == len(near) {
			edits = []edit{{key.At, near}}
		}
		l.note(said+"; there is "+literal(near), edits...)
		return true
	}
	switch {
	case len(told) > 0 && len(keys) <= mostValues:
		said += is("a key of "+p.path, told, keys)
	case len(told) > 0:
		said += fmt.Sprintf("; %s has %s different keys", p.path, show.Count(len(keys)))
	}
	l.note(said)
	return true
}

// mapRead returns the node below n that may read a map, of whose values n is a part.
func mapRead(n check.Node) check.Node {
	for {
		switch x := n.(type) {
		case *check.Member:
			n = x.X
		case *check.Gather:
			n = x.X
		case *check.Iterate:
			n = x.X
		default:
			return n
		}
	}
}

// keys returns the keys of the maps at a place, most frequent first.
func (p place) keys() []column.ValueCount {
	c, ok := p.col.(*column.Map)
	if !ok {
		return nil
	}
	in := place{col: c.Keys}
	if p.rows != nil {
		in.rows = []int{}
		for i := range p.each() {
			for k := c.Offsets[i]; k < c.Offsets[i+1]; k++ {
				in.rows = append(in.rows, int(k))
			}
		}
	}
	values, _ := in.texts()
	return values
}
