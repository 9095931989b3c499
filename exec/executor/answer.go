package executor

import (
	"errors"
	"fmt"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/ast"
)

// Answer is what an executor has found in a part. That it is there is the proof that it is whole: it has a checksum, the digest
// of what was asked, and the number of its rows.
type Answer struct {
	V       string `json:"v"`
	Part    int    `json:"part"`
	Attempt string `json:"attempt"`
	Batch   string `json:"batch"`
	Rows    int    `json:"rows"`
	// Outcomes are those of the queries, in their order.
	Outcomes []Outcome `json:"outcomes"`
	// Misfits are the values that were read for it, and did not fit their fields: they are null. What was in the cache was read before.
	Misfits []load.Misfit `json:"misfits,omitempty"`
	// Look is the answer to a batch that asks what the files have.
	Look *Looked `json:"look,omitempty"`
	// Packed is how many columns were not in the cache, OpenMS how long it took to open the part, and MS all.
	Packed int   `json:"packed,omitempty"`
	OpenMS int64 `json:"open_ms"`
	MS     int64 `json:"ms"`
}

// Outcome is what a query has found in a part.
type Outcome struct {
	Count      int               `json:"n"`
	Sample     []string          `json:"sample,omitempty"`
	Groups     []exec.ValueCount `json:"groups,omitempty"`
	Without    int               `json:"without,omitempty"`
	Many       bool              `json:"many,omitempty"`
	Overflowed bool              `json:"overflowed,omitempty"`
	// Bits has a bit for each row, 1 where it matches, in words of 64 from the lowest on, little-endian.
	Bits  []byte `json:"bits,omitempty"`
	Error string `json:"error,omitempty"`
	Kind  string `json:"kind,omitempty"`
}

// The kinds of errors of a query, by which the other side makes them what they were.
const (
	memoryKind   = "memory"
	internalKind = "internal"
)

func outcomeOf(r exec.Result) Outcome {
	var memory *exec.MemoryError
	var fault *ast.Fault
	switch {
	case r.Err == nil:
		return Outcome{Count: r.Count, Sample: r.Sample, Groups: r.Groups, Without: r.Without, Many: r.ManyValues, Overflowed: r.Overflowed}
	case errors.As(r.Err, &memory):
		return Outcome{Error: r.Err.Error(), Kind: memoryKind}
	case errors.As(r.Err, &fault):
		return Outcome{Error: r.Err.Error(), Kind: internalKind}
	}
	return Outcome{Error: r.Err.Error()}
}

// Result returns the outcome as an engine gives it, of a query over so many rows.
func (o *Outcome) Result(id string, rows int) exec.Result {
	r := exec.Result{ID: id, Count: o.Count, Total: rows, Sample: o.Sample, Groups: o.Groups, Without: o.Without, ManyValues: o.Many, Overflowed: o.Overflowed}
	if o.Error != "" {
		r.Err = fmt.Errorf("on an executor: %s", o.Error)
	}
	return r
}

func (a *Answer) encode() (string, error) {
	a.V = version
	return encode(a)
}

// DecodeAnswer reads an answer to so many queries of a batch of that digest. What is no such answer, whole and of this
// version, is an error, a [RefusedError] where the executor says why it has none.
func DecodeAnswer(text, batch string, queries int) (*Answer, error) {
	if err := Refusal(text); err != nil {
		return nil, err
	}
	a := &Answer{}
	if err := decode(text, a); err != nil {
		return nil, fmt.Errorf("it is no answer: %w", err)
	}
	switch {
	case a.V != version:
		return nil, fmt.Errorf("it is of another segq, in version %s", a.V)
	case a.Batch != batch:
		return nil, errors.New("it is the answer to something else")
	case len(a.Outcomes) != queries:
		return nil, fmt.Errorf("it answers %d queries of %d", len(a.Outcomes), queries)
	case a.Rows < 0:
		return nil, fmt.Errorf("it has %d rows", a.Rows)
	}
	for _, o := range a.Outcomes {
		if o.Count < 0 || o.Count > a.Rows {
			return nil, fmt.Errorf("it counts %d of %d rows", o.Count, a.Rows)
		}
		if o.Bits != nil && len(o.Bits) != 8*words(a.Rows) {
			return nil, fmt.Errorf("it has %d bytes of bits for %d rows", len(o.Bits), a.Rows)
		}
	}
	return a, nil
}
