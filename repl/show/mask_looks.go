package show

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/segq/segq/redisx/record"
)

// looks says whether a value of a field looks as if it said who somebody is.
func (w *masking) looks(path, value string) bool { return w.Looks != nil && w.Looks(path, value) }

// looked masks those of the values of a query that look so.
func (w *masking) looked(v *record.Values, query string) *record.Values {
	out, path := *v, ""
	if paths := w.Named(query); len(paths) == 1 {
		path = paths[0]
	}
	out.Top, out.Examples = w.lookedCounts(v.Top, path), slices.Clone(v.Examples)
	for i, example := range v.Examples {
		out.Examples[i] = w.lookedText(path, example)
	}
	return &out
}

func (w *masking) lookedCounts(values []record.ValueCount, path string) []record.ValueCount {
	out := slices.Clone(values)
	for i, v := range values {
		if w.looks(path, v.Value) {
			out[i].Value = Masked
			w.noteOne(path)
		}
	}
	return out
}

// lookedText masks a text, or what of it looks so if it is JSON. What is cut in the middle cannot be read, and is masked as a whole.
func (w *masking) lookedText(path, text string) string {
	if len(text) > 0 && (text[0] == '[' || text[0] == '{') && json.Valid([]byte(text)) {
		return string(w.lookedJSON(path, json.RawMessage(text)))
	}
	if !w.looks(path, text) {
		return text
	}
	w.noteOne(path)
	return Masked
}

// lookedJSON masks the texts of a value, and the keys of its objects, that look so. Others stay as they are written.
func (w *masking) lookedJSON(path string, v json.RawMessage) json.RawMessage {
	if w.Looks == nil || !bytes.ContainsRune(v, '"') {
		return v
	}
	if !json.Valid(v) {
		if w.looks(path, string(v)) {
			w.noteOne(path)
			return maskedJSON
		}
		return v
	}
	var out []byte
	found := false
	for rest := []byte(v); len(rest) > 0; {
		start := bytes.IndexByte(rest, '"')
		if start < 0 {
			out = append(out, rest...)
			break
		}
		end := start + 1
		for ; rest[end] != '"'; end++ {
			if rest[end] == '\\' {
				end++
			}
		}
		text, literal := "", rest[start:end+1]
		if json.Unmarshal(literal, &text) == nil && w.looks(path, text) {
			literal, found = maskedJSON, true
		}
		out, rest = append(append(out, rest[:start]...), literal...), rest[end+1:]
	}
	if !found {
		return v
	}
	w.noteOne(path)
	return out
}

// noteOne notes a field, or that nobody knows which.
func (w *masking) noteOne(path string) {
	if path == "" {
		path = "addresses"
	}
	w.note(path)
}
