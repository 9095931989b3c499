package forget

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/segq/segq/redisx/record"
)

// Mention is a part of what goes through the queue that has the id. Mine says that it is that of the person; else it may
// be of others.
type Mention struct {
	What string
	Mine bool
}

// asked is what of a command may have an id; the rest are words of the protocol.
type asked struct {
	Profile  string            `json:"profile"`
	Document string            `json:"document"`
	Query    string            `json:"query"`
	Queries  []string          `json:"queries"`
	Select   string            `json:"select"`
	Segments map[string]string `json:"segments"`
	Params   json.RawMessage   `json:"params"`
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Names    []string          `json:"names"`
}

// Command finds the id in a command of the queue.
func (s Search) Command(text []byte) (all []Mention) {
	var c asked
	if err := json.Unmarshal(text, &c); err != nil {
		return s.damaged(string(text), "it mentions it")
	}
	if c.Profile == s.ID {
		all = append(all, Mention{"it asks about this profile", true})
	} else if kind := s.Alike(c.Profile); kind != "" {
		all = append(all, Mention{"it asks about " + c.Profile + ", which is the same where ids are " + kind, false})
	}
	all = append(all, s.document(c.Document)...)
	queries := append(append([]string{c.Query, c.Select}, c.Queries...), slices.Collect(maps.Values(c.Segments))...)
	if slices.ContainsFunc(queries, func(q string) bool { return q != "" && s.Query(q) }) || s.params(c.Params, queries) {
		all = append(all, Mention{"its query names it", true})
	}
	if slices.ContainsFunc(append(append([]string{c.ID, c.Name}, c.Names...), slices.Collect(maps.Keys(c.Segments))...), s.inText) {
		all = append(all, Mention{"its name has it", false})
	}
	return all
}

// document finds the id in the profile that a command brings.
func (s Search) document(text string) []Mention {
	if text == "" {
		return nil
	}
	value, err := decodeLine([]byte(text))
	if err != nil {
		return s.damaged(text, "its profile mentions it")
	}
	object, _ := value.(map[string]any)
	name := s.idIn(func(name string) bool { _, has := object[name]; return has })
	switch {
	case name != "" && s.isID(object[name]):
		return []Mention{{"its profile", true}}
	case s.namesIn(value):
		return []Mention{{"its profile mentions it", false}}
	}
	return nil
}

// damaged finds the id in what cannot be read.
func (s Search) damaged(text, what string) []Mention {
	if Mentions(text, s.ID) {
		return []Mention{{what, false}}
	}
	return nil
}

// params says whether a value that a query is asked with is the id: a text, or a number that the id is compared with.
func (s Search) params(text json.RawMessage, queries []string) bool {
	if len(text) == 0 {
		return false
	}
	value, err := decodeLine(text)
	if err != nil || !s.namesIn(value) {
		return err != nil && Mentions(string(text), s.ID)
	}
	return !isNumber(s.ID) || slices.ContainsFunc(queries, s.comparesParam)
}

// Answer finds the id in a record.
func (s Search) Answer(text []byte) (all []Mention) {
	r, err := record.Decode(text)
	if err != nil {
		return s.damaged(string(text), "its answer mentions it")
	}
	sample := slices.Clone(r.Sample)
	for _, rule := range r.Rules {
		sample = append(sample, rule.Sample...)
	}
	if r.Diff != nil {
		sample = append(append(sample, r.Diff.EnteredIDs...), r.Diff.LeftIDs...)
	}
	if slices.Contains(sample, s.ID) {
		all = append(all, Mention{"the sample of its answer", true})
	} else if i := slices.IndexFunc(sample, func(id string) bool { return s.Alike(id) != "" }); i >= 0 {
		all = append(all, Mention{"the sample of its answer has " + sample[i] + ", which is the same where ids are " + s.Alike(sample[i]), false})
	}
	if r.Why != nil && r.Why.Profile == s.ID || r.Qualify != nil && s.isRaw(r.Qualify.ID) {
		all = append(all, Mention{"its answer is about it", true})
	} else if r.Why != nil && s.Alike(r.Why.Profile) != "" {
		all = append(all, Mention{"its answer is about " + r.Why.Profile + ", which is the same where ids are " + s.Alike(r.Why.Profile), false})
	}
	if r.Rows != nil {
		all = append(all, s.rows(r.Rows)...)
	}
	if len(all) == 0 && s.elsewhere(r) {
		all = append(all, Mention{"its answer mentions it", false})
	}
	return all
}

// Question finds the id in what a record says it was asked.
func (s Search) Question(text []byte) []Mention {
	r, err := record.Decode(text)
	if err != nil {
		return nil // Answer says so
	}
	if r.Query != "" && s.Query(r.Query) {
		return []Mention{{"its query names it", true}}
	}
	return nil
}

// rows finds the id in the rows of an answer.
func (s Search) rows(r *record.Rows) (all []Mention) {
	at := -1
	if name := s.idIn(func(name string) bool { return columnOf(r, name) >= 0 }); name != "" {
		at = columnOf(r, name)
	}
	s.cells.instants = s.isInstant() && at >= 0 && !slices.ContainsFunc(r.Rows, func(row []json.RawMessage) bool {
		var id string
		return at < len(row) && json.Unmarshal(row[at], &id) == nil && id != "" && !Search{ID: id}.isInstant()
	})
	mine, others := false, false
	for _, row := range r.Rows {
		switch {
		case at >= 0 && at < len(row) && s.isRaw(row[at]):
			mine = true
		case slices.ContainsFunc(row, func(cell json.RawMessage) bool {
			value, err := decodeLine(cell)
			return err == nil && s.namesIn(value)
		}):
			others = true
		}
	}
	if mine {
		all = append(all, Mention{"a row of its answer", true})
	}
	if others {
		all = append(all, Mention{"a row of its answer names it in other fields", false})
	}
	return all
}

// columnOf returns which column of rows is called so, -1 for none.
func columnOf(r *record.Rows, name string) int {
	return slices.IndexFunc(r.Columns, func(c record.RowColumn) bool { return c.Name == name })
}

// isRaw says whether a value of JSON is the id.
func (s Search) isRaw(raw json.RawMessage) bool {
	value, err := decodeLine(raw)
	return err == nil && s.isID(value)
}

// elsewhere says whether a text of a record has the id, beside what the command says, too. Its numbers are counts.
func (s Search) elsewhere(r *record.Record) bool {
	rest := *r
	rest.Query, rest.Name, rest.ID, rest.Rows, rest.Sample, rest.Snapshot = "", "", "", nil, nil, ""
	text, err := record.Encode(&rest)
	if err != nil {
		return false
	}
	value, err := decodeLine(text)
	return err == nil && s.textIn(value)
}

// textIn says whether a text among values of JSON has the id, which is all of it where it is a number.
func (s Search) textIn(value any) bool {
	switch v := value.(type) {
	case string:
		return s.inText(v)
	case []any:
		return slices.ContainsFunc(v, s.textIn)
	case map[string]any:
		for key, one := range v {
			// What is compared with is a part of the question.
			if key != "query" && key != "clause" && s.textIn(one) {
				return true
			}
		}
	}
	return false
}

// Other finds the id in a text of the queue that is neither a command nor an answer: a rejected command, or a request.
func (s Search) Other(text []byte) []Mention {
	value, err := decodeLine(text)
	if err != nil {
		return s.damaged(string(text), "it mentions it")
	}
	if rejected, ok := value.(map[string]any); ok {
		if command, ok := rejected["command"].(string); ok && strings.HasPrefix(command, "{") && json.Valid([]byte(command)) {
			return s.Command([]byte(command))
		}
	}
	if s.namesIn(value) {
		return []Mention{{"it mentions it", false}}
	}
	return nil
}
