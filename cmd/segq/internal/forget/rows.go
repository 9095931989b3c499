package forget

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/repl/show"
)

// Rows is what rows of a file have of a person: how many have the id as theirs, how many others name it elsewhere, and
// what the file is without those of the first. Unread says what could not be looked through, Fieldless that no row has
// the field of ids.
type Rows struct {
	Mine, Others int
	Rest         []byte
	Unread       error
	Fieldless    bool
}

// idNames are what the ids of profiles are called in data and in what is exported, the surest first.
var idNames = []string{"_id", "id", "profile"}

// byteOrderMark may begin a text.
const byteOrderMark = "\ufeff"

// idIn returns which of some names is that of ids, "" where none is. The id of a record of a query is that of the query.
func (s Search) idIn(has func(name string) bool) string {
	if s.Field != "" {
		if has(s.Field) {
			return s.Field
		}
		return ""
	}
	for _, name := range idNames {
		if has(name) && (name == "_id" || !has("query")) {
			return name
		}
	}
	return ""
}

// JSON looks through lines of JSON.
func (s Search) JSON(text []byte) (k Rows) {
	damaged := 0
	k.Fieldless = true
	s.cells.instants = s.isInstant() && s.allInstants(text)
	for line := range bytes.Lines(text) {
		value, err := decodeLine(line)
		switch {
		case err != nil && Mentions(string(line), s.ID):
			k.Others++
		case err != nil:
			damaged++
		case s.record(value, &k):
			continue
		}
		k.Rest = append(k.Rest, line...)
	}
	if damaged > 0 {
		k.Unread = fmt.Errorf("%s: no JSON of its own", show.Plural(damaged, "line", "lines"))
	}
	return k
}

// record counts a value that may be that of a profile, and says whether it is that of the person.
func (s Search) record(value any, k *Rows) (mine bool) {
	object, _ := value.(map[string]any)
	name := s.idIn(func(name string) bool { _, has := object[name]; return has })
	k.Fieldless = k.Fieldless && name == ""
	switch {
	case name != "" && s.isID(object[name]):
		k.Mine++
		return true
	case s.namesIn(value):
		k.Others++
	}
	return false
}

// allInstants says whether the ids of all lines are dates or timestamps.
func (s Search) allInstants(text []byte) bool {
	for line := range bytes.Lines(text) {
		value, _ := decodeLine(line)
		if !s.instantID(value) {
			return false
		}
	}
	return true
}

// instantID says whether a value has a date or a timestamp as its id, or none.
func (s Search) instantID(value any) bool {
	object, _ := value.(map[string]any)
	name := s.idIn(func(name string) bool { _, has := object[name]; return has })
	id, ok := object[name].(string)
	return !ok || Search{ID: id}.isInstant()
}

// Values looks through a list of JSON, or values one behind the other, and takes some out with what is before them; ok says
// whether the text is one of these.
func (s Search) Values(text []byte) (k Rows, ok bool) {
	bare := bytes.TrimPrefix(text, []byte(byteOrderMark))
	values, err := elements(bare)
	if err != nil {
		return k, false
	}
	k.Fieldless = true
	s.cells.instants = s.isInstant()
	for _, v := range values {
		s.cells.instants = s.cells.instants && s.instantID(v.value)
	}
	end := 0 // of the element before
	for i, v := range values {
		begin := end
		end = v.end
		if s.record(v.value, &k) {
			continue
		}
		if k.Mine == i {
			k.Rest, begin = append(k.Rest, bare[:values[0].start]...), v.start // the first that stays
		}
		k.Rest = append(k.Rest, bare[begin:v.end]...)
	}
	if k.Mine == len(values) && k.Mine > 0 {
		k.Rest = append(k.Rest, bare[:values[0].start]...)
	}
	k.Rest = append(k.Rest, bare[end:]...)
	return k, true
}

// element is a value, and where it is.
type element struct {
	value      any
	start, end int
}

// elements reads a list of JSON, or values one behind the other, and nothing else.
func elements(text []byte) (all []element, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	list := bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("["))
	if list {
		_, err = d.Token()
	}
	for err == nil && d.More() {
		var e element
		var raw json.RawMessage
		if err = d.Decode(&raw); err != nil {
			break
		}
		e.end = int(d.InputOffset())
		e.start = e.end - len(raw)
		e.value, err = decodeLine(raw)
		all = append(all, e)
	}
	if err == nil && list {
		_, err = d.Token()
	}
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than the list")
	}
	return all, nil
}

// decodeLine reads a line of JSON; one of blanks is nothing.
func decodeLine(line []byte) (value any, err error) {
	line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte(byteOrderMark)))
	if len(line) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one value")
	}
	return value, nil
}

// isID says whether a value of JSON is the id.
func (s Search) isID(value any) bool {
	switch v := value.(type) {
	case string:
		return v == s.ID || s.cells.instants && s.sameInstant(v)
	case json.Number:
		return v.String() == s.ID || s.sameNumber(v.String())
	case bool:
		return strings.EqualFold(strconv.FormatBool(v), s.ID)
	}
	return false
}

// namesIn says whether a value of JSON has the id in it.
func (s Search) namesIn(value any) bool {
	switch v := value.(type) {
	case string:
		return Mentions(v, s.ID) || s.sameInstant(v)
	case json.Number:
		return s.isID(v)
	case []any:
		return slices.ContainsFunc(v, s.namesIn)
	case map[string]any:
		for key, one := range v {
			if names(key, s.ID) || s.namesIn(one) {
				return true
			}
		}
	}
	return false
}
