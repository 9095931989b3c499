package values

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/repl/show"
)

// Op is the name of the request for values.
const Op = "values"

// Question asks for the values of a field, or the keys of a map, that what was typed fits, the best first, at
// most Limit of them.
type Question struct {
	Field
	Typed string `json:"typed,omitempty"`
	Limit int    `json:"limit"`
}

// Answer is what is known of a field. As JSON it is the answer to a request.
type Answer struct {
	Values []Value `json:"values"`
	// More is how many others fit.
	More int `json:"more,omitempty"`
	// All is how many different values there are, told or not; -1 where that is not known.
	All int `json:"all"`
	// Of so many places for a value so many have one.
	Places int `json:"places"`
	Filled int `json:"filled"`
	// Pending says that it is being found out, so that it is worth asking again.
	Pending bool `json:"pending,omitempty"`
	// Personal says that the values of this field are not told.
	Personal bool `json:"personal,omitempty"`
	// Snapshot names the data.
	Snapshot string `json:"snapshot"`
}

// Value is a value and how many profiles have it.
type Value struct {
	Text  string `json:"text"`
	Count int64  `json:"count"`
}

// What a question may be.
const (
	mostNames = 64
	mostTyped = 1 << 10
	// MostValues is how many values one answer has at most.
	MostValues = 1000
)

// ReadQuestion reads a question that anybody may have asked.
func ReadQuestion(body []byte) (q Question, err error) {
	if err := json.Unmarshal(body, &q); err != nil {
		return q, fmt.Errorf("the question cannot be read: %w", err)
	}
	if len(q.Path) == 0 || len(q.Path) > mostNames || len(q.Typed) > mostTyped {
		return q, errors.New("the question is too long, or names no field")
	}
	q.Limit = max(0, min(q.Limit, MostValues))
	return q, nil
}

// Ranked returns those of values that what was typed fits, and how many more there are.
func Ranked(values []lang.Value, typed string, limit int) (best []Value, more int) {
	ranked, more := lang.RankValues(values, typed, limit)
	best = make([]Value, len(ranked))
	for i, v := range ranked {
		best[i] = Value(v)
	}
	return best, more
}

// Lang returns values as the language has them.
func Lang(values []Value) []lang.Value {
	out := make([]lang.Value, len(values))
	for i, v := range values {
		out[i] = lang.Value(v)
	}
	return out
}

// Note says in a line what there is: "4 values, 36.4 % null"; "" where nothing is known.
func (a Answer) Note(f Field) string {
	if a.Personal {
		return "personal: its values are not shown"
	}
	note := ""
	if a.All >= 0 {
		one := "value"
		if f.Keys {
			one = "key"
		}
		note = show.Count(a.All) + " " + one
		if a.All != 1 {
			note += "s"
		}
	}
	if null := nullShare(a.Places, a.Filled); null != "" && !f.Keys {
		if note != "" {
			note += ", "
		}
		note += null
	}
	return note
}

// nullShare says how many places have no value, "" where all have one.
func nullShare(places, filled int) string {
	if places <= 0 || filled >= places {
		return ""
	}
	share := fmt.Sprintf("%.1f", 100*float64(places-filled)/float64(places))
	switch {
	case filled == 0:
		share = "100"
	case share == "0.0":
		share = "< 0.1"
	case share == "100.0":
		share = "> 99.9"
	}
	return share + " % null"
}
