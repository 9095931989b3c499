package record

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Encode returns r as JSON, on one line without its end, in the present version.
func Encode(r *Record) ([]byte, error) {
	r.V = Version
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(r)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// Decode reads a record of any version. The error says that it is no record. (Names are
// read in any case: version 0 wrote those of values in capitals.)
func Decode(data []byte) (*Record, error) {
	r := &Record{}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("this is not the record of an answer: %w", err)
	}
	for i := range r.Funnel { // of before there was a so_far
		r.Funnel[i].SoFar = r.Funnel[i].Cumulative
	}
	return r, nil
}
