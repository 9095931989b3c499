package history

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// version is that of the records that are written here.
const version = 1

// record is a line of the file. One with Text is an input, one with Of the outcome of an input that another
// line holds, and one with File the first of a file.
type record struct {
	V    int    `json:"v"`
	File string `json:"file,omitempty"`
	ID   string `json:"id,omitempty"`
	Of   string `json:"of,omitempty"`

	Time     *time.Time `json:"time,omitempty"`
	Kind     Kind       `json:"kind,omitempty"`
	Text     string     `json:"text,omitempty"`
	Key      string     `json:"key,omitempty"`
	Dataset  string     `json:"dataset,omitempty"`
	Snapshot string     `json:"snapshot,omitempty"`

	State     State   `json:"state,omitempty"`
	Count     *int64  `json:"count,omitempty"`
	Total     *int64  `json:"total,omitempty"`
	Exact     *bool   `json:"exact,omitempty"`
	ElapsedMS float64 `json:"elapsed_ms,omitempty"`
}

// line returns the record as JSON with a line end. HTML is left as it is, for those who search the file.
func (r record) line() []byte {
	r.V = version
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(r) // texts and numbers always have JSON
	return b.Bytes()
}

// Line returns the entry as one line of JSON, in the form that the file has.
func (e *Entry) Line() []byte { return e.record().line() }

func (e *Entry) record() record {
	at := e.Time.UTC()
	return record{
		ID: e.ID, Time: &at, Kind: e.Kind, Text: e.Text, Key: e.Key, Dataset: e.Dataset, Snapshot: e.Snapshot,
	}.ended(e.Outcome)
}

func (r record) ended(o Outcome) record {
	r.State = o.State
	if o.State == Done {
		r.Count, r.Total, r.Exact = &o.Count, &o.Total, &o.Exact
		r.ElapsedMS = float64(o.Elapsed.Microseconds()) / 1000
	}
	return r
}

// outcome is the reverse of ended. What is done has a count.
func (r record) outcome() Outcome {
	if r.State == Done && r.Count != nil && r.Total != nil {
		return Outcome{Done, *r.Count, *r.Total, r.Exact != nil && *r.Exact, time.Duration(r.ElapsedMS * float64(time.Millisecond))}
	}
	if r.State == Done {
		return Outcome{}
	}
	return Outcome{State: r.State}
}

// entry returns the input that a record holds, nil for one that holds none.
func (r record) entry() *Entry {
	if r.ID == "" || r.Text == "" || r.Time == nil || r.Kind != Query && r.Kind != Command {
		return nil
	}
	e := &Entry{
		ID: r.ID, Kind: r.Kind, Text: r.Text, Key: r.Key, Time: *r.Time, Dataset: r.Dataset, Snapshot: r.Snapshot,
		Outcome: r.outcome(), folded: strings.ToLower(r.Text),
	}
	if e.Key == "" {
		e.Key = KeyOf(e.Kind, e.Text)
	}
	return e
}
