package rules

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// Params are the values of @name that flags give.
type Params struct {
	Given paramFlag
	Read  paramFile
}

// Values returns the values of --params and --param.
func (p *Params) Values() map[string]any {
	values := make(map[string]any, len(p.Read.values)+len(p.Given))
	maps.Copy(values, p.Read.values)
	maps.Copy(values, p.Given)
	return TypedParams(values) // of the types that they have behind a queue
}

// None says whether no flag gives any.
func (p *Params) None() bool { return len(p.Given)+len(p.Read.names) == 0 }

// paramFlag is the flag --param.
type paramFlag map[string]any

// Set takes name=value.
func (p *paramFlag) Set(pair string) error {
	name, value, ok := cutParam(pair)
	switch {
	case !ok:
		return fmt.Errorf("%s must be formatted as name=value", pair)
	case !utf8.ValidString(pair):
		return fmt.Errorf("%s is not valid UTF-8", name)
	case severalParams(pair):
		return fmt.Errorf("%s can be one value or several: use a --param for each, or put a text with such commas in double quotes: %s=\"%s\"", pair, name, value)
	}
	v, err := paramValue(value)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if *p == nil {
		*p = paramFlag{}
	}
	(*p)[name] = v
	return nil
}

// plainPair is a parameter whose value has no "=" of its own.
var plainPair = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*=[^={["][^=]*$`)

// severalParams says whether a text may be meant as several parameters, with commas between.
func severalParams(text string) bool {
	pairs := strings.Split(text, ",")
	return len(pairs) > 1 && !slices.ContainsFunc(pairs, func(p string) bool { return !plainPair.MatchString(p) })
}

// cutParam takes a pair apart. The whole name of a context object has a version, and so a
// "=" of its own: ctx;version=1.
func cutParam(pair string) (name, value string, ok bool) {
	i := strings.IndexByte(pair, '=')
	if i >= 0 && strings.Contains(pair[:i], ";") {
		if j := strings.IndexAny(pair[i+1:], "={[\""); j >= 0 && pair[i+1+j] == '=' {
			i += 1 + j
		}
	}
	if i < 0 {
		return pair, "", false
	}
	return pair[:i], pair[i+1:], true
}

// Type names the flag's value.
func (*paramFlag) Type() string { return "name=value" }

// String returns nothing: the flag has no default.
func (*paramFlag) String() string { return "" }

// paramFile is the flag --params: the files that are still to be read, and the values of
// those that were.
type paramFile struct {
	names  []string
	values map[string]any
}

// Set notes a file. It is read later, when the run can be ended.
func (p *paramFile) Set(name string) error {
	p.names = append(p.names, name)
	return nil
}

// Names are those of the files, until they are read.
func (p *paramFile) Names() []string { return p.names }

// Load reads the files, until ctx ends.
func (p *paramFile) Load(ctx context.Context) error {
	for _, name := range p.names {
		fields, err := readParams(ctx, name)
		if err != nil {
			err = fmt.Errorf("--params %s: %w", name, err)
			if missing := (*fs.PathError)(nil); errors.As(err, &missing) {
				return exit.Data(err)
			}
			return exit.Usage(err)
		}
		if p.values == nil {
			p.values = map[string]any{}
		}
		maps.Copy(p.values, fields)
	}
	p.names = nil
	return nil
}

// readParams reads the file called name as an object of values.
func readParams(ctx context.Context, name string) (map[string]any, error) {
	f, err := load.OpenFile(ctx, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := readText(f)
	if err != nil {
		return nil, err
	}
	v, err := decodeParam([]byte(text))
	if err != nil {
		return nil, err
	}
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New(`it holds no JSON object: write {"name": value}`)
	}
	return fields, nil
}

// Type names the flag's value.
func (*paramFile) Type() string { return "FILE" }

// String returns nothing: the flag has no default.
func (*paramFile) String() string { return "" }

// ParamValue reads the value of a parameter as --param does.
func ParamValue(text string) (any, error) { return paramValue(text) }

// paramValue reads the text of a parameter: true, false and numbers are what
// they look like, an object or a list is JSON, anything else is a string. A text in
// double quotes is a string whatever it looks like.
func paramValue(text string) (any, error) {
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' {
		return text[1 : len(text)-1], nil
	}
	switch {
	case text == "true":
		return true, nil
	case text == "false":
		return false, nil
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["):
		v, err := decodeParam([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("not JSON: %w; put a text that begins like this in double quotes", err)
		}
		return v, nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, nil
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && f-f == 0 {
		return f, nil // what is called Inf or Nan is a text
	}
	return text, nil
}

// decodeParam reads a parameter as JSON.
func decodeParam(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("there is more after its end")
	}
	return jsonParam(v), nil
}

// TypedParams returns parameters that came as JSON their types: a whole number is an
// integer.
func TypedParams(in map[string]any) map[string]any {
	out := make(map[string]any, len(in))
	for name, v := range in {
		out[name] = jsonParam(v)
	}
	return out
}

func jsonParam(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, err := v.Float64()
		if err != nil {
			return v // no number that there is
		}
		return jsonParam(f)
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v)
		}
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = jsonParam(v[i])
		}
		return out
	case map[string]any:
		return TypedParams(v)
	}
	return v
}

// Instant reads an ISO-8601 date or time.
func Instant(text string) (time.Time, bool) {
	ms, ok := check.ParseTimestamp(text)
	return time.UnixMilli(ms).UTC(), ok
}
