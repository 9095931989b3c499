package show

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// partly masks values of which some fields are personal: of objects, and lists of these, what has the name of such a field; all of any
// other, and where no object has a field of that name, since it may have another there.
func partly(values []json.RawMessage, fields []string) []json.RawMessage {
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = field[strings.LastIndexByte(field, '.')+1:]
	}
	p := parts{names: names, met: map[string]bool{}}
	out := make([]json.RawMessage, len(values))
	for i, v := range values {
		if out[i] = v; !bytes.Equal(v, []byte("null")) {
			out[i] = p.masked(v)
		}
	}
	for _, name := range names {
		if !p.met[name] {
			return wholly(values)
		}
	}
	return out
}

// wholly masks all values that are there.
func wholly(values []json.RawMessage) []json.RawMessage {
	out := slices.Clone(values)
	for i, v := range out {
		if !bytes.Equal(v, []byte("null")) {
			out[i] = maskedJSON
		}
	}
	return out
}

// parts masks fields by their names, and knows which it has met.
type parts struct {
	names []string
	met   map[string]bool
}

// masked masks one value. What is cut in the middle cannot be read, and is masked as a whole.
func (p *parts) masked(v json.RawMessage) json.RawMessage {
	switch v = bytes.TrimSpace(v); {
	case len(v) == 0 || !json.Valid(v):
		return maskedJSON
	case bytes.Equal(v, []byte("null")):
		return v
	case v[0] == '{':
		return p.object(v)
	case v[0] == '[':
		var all []json.RawMessage
		if json.Unmarshal(v, &all) != nil {
			return maskedJSON
		}
		for i := range all {
			all[i] = p.masked(all[i])
		}
		return enclosed('[', all, ']')
	}
	return maskedJSON
}

// object masks the fields of an object, in their order. What is in it is there for itself: only names decide.
func (p *parts) object(v json.RawMessage) json.RawMessage {
	d := json.NewDecoder(bytes.NewReader(v))
	if _, err := d.Token(); err != nil {
		return maskedJSON
	}
	var all []json.RawMessage
	for d.More() {
		key, err := d.Token()
		var below json.RawMessage
		if err == nil {
			err = d.Decode(&below)
		}
		name, ok := key.(string)
		if err != nil || !ok {
			return maskedJSON
		}
		switch {
		case slices.Contains(p.names, name):
			p.met[name] = true
			if !bytes.Equal(below, []byte("null")) {
				below = maskedJSON
			}
		case len(below) > 0 && (below[0] == '{' || below[0] == '[' && bytes.IndexByte(below, '{') > 0):
			below = p.masked(below)
		}
		quoted, _ := json.Marshal(name)
		all = append(all, slices.Concat(quoted, json.RawMessage(":"), below))
	}
	return enclosed('{', all, '}')
}

func enclosed(open byte, all []json.RawMessage, end byte) json.RawMessage {
	out := json.RawMessage{open}
	for i, one := range all {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, one...)
	}
	return append(out, end)
}
