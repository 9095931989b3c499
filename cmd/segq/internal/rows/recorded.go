package rows

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// Recorded returns the fields of the rows of a record, and their columns. The error says what is
// no value of its column: the record is damaged, or from a version that knows other types.
func Recorded(r *record.Rows) ([]*check.Field, []column.Column, error) {
	fields, columns := make([]*check.Field, len(r.Columns)), make([]column.Column, len(r.Columns))
	for k, c := range r.Columns {
		t, err := typeOf(c)
		if err != nil {
			return nil, nil, fmt.Errorf("the column %s: %w", c.Name, err)
		}
		values := make([]json.RawMessage, len(r.Rows))
		for i, row := range r.Rows {
			if len(row) != len(r.Columns) {
				return nil, nil, fmt.Errorf("row %d has %d values for %d columns", i+1, len(row), len(r.Columns))
			}
			values[i] = row[k]
		}
		fields[k] = &check.Field{Name: c.Name, Type: t, Index: k}
		if columns[k], err = columnOf(t, values); err != nil {
			return nil, nil, fmt.Errorf("the column %s: %w", c.Name, err)
		}
	}
	return fields, columns, nil
}

// Replay writes the rows of a record. The fields are those of the writer.
func Replay(w Writer, n int, columns []column.Column) error {
	if n == 0 {
		return nil
	}
	p := w.Begin()
	if err := p.Add(n, columns); err != nil {
		return err
	}
	if err := p.End(); err != nil {
		return err
	}
	return p.Emit()
}

func typeOf(c record.RowColumn) (*check.Type, error) {
	text := c.Parts
	if len(text) == 0 {
		text = column.AppendJSONString(nil, c.Type)
	}
	t := &check.Type{}
	return t, json.Unmarshal(text, t)
}

// absent says whether there is no value.
func absent(v json.RawMessage) bool { return len(v) == 0 || string(v) == "null" }

// columnOf returns values of a type as a column.
func columnOf(t *check.Type, values []json.RawMessage) (column.Column, error) {
	valid := validity(values)
	switch t.Kind {
	case check.Bool:
		c := &column.Bools{Valid: valid, Bits: column.NewBitmap(len(values)), N: len(values)}
		for i, v := range values {
			if string(v) == "true" {
				c.Bits.Set(i)
			} else if string(v) != "false" && !absent(v) {
				return nil, fmt.Errorf("%.40s is not true or false", v)
			}
		}
		return c, nil
	case check.Int:
		c := &column.Ints{Valid: valid}
		var err error
		c.I64, err = each(values, func(v json.RawMessage) (int64, error) { return strconv.ParseInt(string(v), 10, 64) })
		return c, err
	case check.Float:
		c := &column.Floats{Valid: valid}
		var err error
		c.V, err = each(values, floatOf)
		return c, err
	case check.Timestamp:
		c := &column.Timestamps{Valid: valid}
		var err error
		c.V, err = each(values, instantOf)
		return c, err
	case check.String, check.Interval:
		texts, err := each(values, textOf)
		return textsOf(valid, texts), err
	case check.List, check.Map:
		return entriesOf(t, valid, values)
	case check.Object:
		return objectsOf(t, valid, values)
	}
	return &column.Nulls{N: len(values)}, nil
}

// validity returns where there are values, nil for everywhere.
func validity(values []json.RawMessage) column.Bitmap {
	valid, whole := column.NewBitmap(len(values)), true
	for i, v := range values {
		if absent(v) {
			whole = false
		} else {
			valid.Set(i)
		}
	}
	if whole {
		return nil
	}
	return valid
}

// each reads values; there is a zero for each that is absent.
func each[T any](values []json.RawMessage, read func(json.RawMessage) (T, error)) (out []T, err error) {
	out = make([]T, len(values))
	for i, v := range values {
		if absent(v) {
			continue
		}
		if out[i], err = read(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// floatOf reads a number, which may be infinite.
func floatOf(v json.RawMessage) (float64, error) {
	var f record.Figure
	if v[0] == '"' {
		err := f.UnmarshalJSON(v)
		return float64(f), err
	}
	return strconv.ParseFloat(string(v), 64)
}

func textOf(v json.RawMessage) (text string, err error) { return text, json.Unmarshal(v, &text) }

func textsOf(valid column.Bitmap, texts []string) *column.Texts {
	c := &column.Texts{Valid: valid, Offsets: make([]uint32, 1, len(texts)+1)}
	for _, text := range texts {
		c.Bytes = append(c.Bytes, text...)
		c.Offsets = append(c.Offsets, uint32(len(c.Bytes)))
	}
	return c
}

// instantOf reads what [column.AppendJSONTime] writes, whose years may have more than four digits.
func instantOf(v json.RawMessage) (int64, error) {
	text, err := textOf(v)
	if err != nil {
		return 0, err
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err == nil {
		return at.UnixMilli(), nil
	}
	dash := strings.IndexByte(text[min(1, len(text)):], '-') + 1
	year, bad := strconv.Atoi(text[:dash])
	if bad != nil {
		return 0, err
	}
	const cycle = 400 // years, after which the calendar begins anew
	like := 2000 + (year%cycle+cycle)%cycle
	if at, err = time.Parse(time.RFC3339Nano, strconv.Itoa(like)+text[dash:]); err != nil {
		return 0, err
	}
	return at.UnixMilli() + int64(year-like)/cycle*146_097*24*60*60*1000, nil
}

// entriesOf returns lists or maps, whose keys keep their order.
func entriesOf(t *check.Type, valid column.Bitmap, values []json.RawMessage) (column.Column, error) {
	offsets := make([]uint32, 1, len(values)+1)
	var elems []json.RawMessage
	var keys []string
	for _, v := range values {
		if !absent(v) {
			k, e, err := parts(v, t.Kind == check.Map)
			if err != nil {
				return nil, err
			}
			keys, elems = append(keys, k...), append(elems, e...)
		}
		offsets = append(offsets, uint32(len(elems)))
	}
	elem, err := columnOf(t.Elem, elems)
	if err != nil || t.Kind == check.List {
		return &column.List{Valid: valid, Offsets: offsets, Elem: elem}, err
	}
	names, err := column.Sorted(context.Background(), textsOf(nil, keys), 1)
	return &column.Map{Valid: valid, Offsets: offsets, Keys: names, Values: elem}, err
}

// objectsOf returns objects. Members that are not there are null.
func objectsOf(t *check.Type, valid column.Bitmap, values []json.RawMessage) (column.Column, error) {
	c := &column.Struct{Valid: valid, N: len(values), Fields: make([]column.Column, len(t.Fields))}
	members := make([][]json.RawMessage, len(t.Fields))
	for k := range members {
		members[k] = make([]json.RawMessage, len(values))
	}
	for i, v := range values {
		if absent(v) {
			continue
		}
		names, parts, err := parts(v, true)
		if err != nil {
			return nil, err
		}
		for k, name := range names {
			if f := t.Field(name); f != nil {
				members[f.Index][i] = parts[k]
			}
		}
	}
	for k, f := range t.Fields {
		var err error
		if c.Fields[k], err = columnOf(f.Type, members[k]); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// parts returns the elements of an array, or the members of an object with their names, in order.
func parts(v json.RawMessage, named bool) (names []string, values []json.RawMessage, err error) {
	d := json.NewDecoder(bytes.NewReader(v))
	opening := json.Delim('[')
	if named {
		opening = '{'
	}
	if begin, err := d.Token(); err != nil || begin != opening {
		return nil, nil, fmt.Errorf("%.40s does not begin with %v", v, opening)
	}
	for d.More() {
		if named {
			name, err := d.Token()
			if err != nil {
				return nil, nil, err
			}
			names = append(names, name.(string)) // the decoder has seen to it
		}
		var one json.RawMessage
		if err := d.Decode(&one); err != nil {
			return nil, nil, err
		}
		values = append(values, one)
	}
	return names, values, nil
}
