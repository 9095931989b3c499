package redisx

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrCommand says that a command is not one: what is wrong with it stays so.
var ErrCommand = errors.New("bad command")

// encode checks c, fills in what was left out, and gives its JSON.
func (c *Command) encode() ([]byte, error) {
	if err := c.normal(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCommand, err)
	}
	return plainJSON(c)
}

// encodeNew encodes a command that is to become a job.
func (c *Command) encodeNew() ([]byte, error) {
	b, err := c.encode()
	if err == nil && len(b) > MaxCommand {
		err = fmt.Errorf("%w: %w", ErrCommand, c.tooLong(len(b)))
	}
	return b, err
}

// tooLong is the error of a command of so many bytes. It names what takes them.
func (c *Command) tooLong(size int) error {
	segments := 0
	for name, text := range c.Segments {
		segments += len(name) + len(text)
	}
	switch {
	case segments > size/2:
		return fmt.Errorf("%d bytes of JSON, %d of them of the %d segments that it refers to, and the limit is %d: "+
			"ask fewer rules with one command, shorten long lists, or ask where the data is, without a queue", size, segments, len(c.Segments), MaxCommand)
	case len(c.Document) > size/2:
		return fmt.Errorf("%d bytes of JSON, %d of them the profile, and the limit is %d: POST /qualify of the preview API takes longer ones, and so does segq qualify", size, len(c.Document), MaxCommand)
	case len(c.Queries) > 1 && slices.Contains([]string{"rules", "memberships", "qualify", "why", "diff"}, c.Op):
		return fmt.Errorf("%d bytes of JSON, the limit is %d: keep the %d queries as a set (segq rules put NAME -f FILE), and name it (--set NAME)", size, MaxCommand, len(c.Queries))
	case len(c.Queries) > 1:
		return fmt.Errorf("%d bytes of JSON, the limit is %d: ask the %d queries with several commands", size, MaxCommand, len(c.Queries))
	}
	return fmt.Errorf("%d bytes of JSON, the limit is %d", size, MaxCommand)
}

// Check says what is wrong with a command that a client would submit: the error is an
// [ErrCommand].
func (c Command) Check() error {
	_, err := c.encodeNew()
	return err
}

// kindWords are what a field of a command holds, by the kind of Go that has it.
var kindWords = map[reflect.Kind]string{
	reflect.String: "a text", reflect.Bool: "true or false", reflect.Slice: "a list", reflect.Map: "an object", reflect.Struct: "an object",
	reflect.Int: "a whole number", reflect.Int64: "a whole number", reflect.Uint64: "a whole number from 0 on", reflect.Float64: "a number",
}

// ReadError puts into words of the protocol why a command, or a question beside the queue, could not be read from its
// JSON: which field it is, and what to write there.
func ReadError(err error) error {
	var kind *json.UnmarshalTypeError
	var form *json.SyntaxError
	switch {
	case errors.As(err, &kind):
		field, want := kind.Field, kindWords[kind.Type.Kind()]
		// What a command embeds stands there by the name of its type.
		if outer, inner, ok := strings.Cut(field, "."); ok && outer != strings.ToLower(outer) {
			field = inner
		}
		if field == "" {
			field = "the command"
		}
		if field == "document" {
			want = "the text of a JSON object, in quotes"
		}
		if want == "" {
			want = "another value"
		}
		value, _, _ := strings.Cut(kind.Value, " ") // behind number comes the number
		return fmt.Errorf("%s is to be %s, and is %s", field, want, cmp.Or(map[string]string{"array": "a list", "string": "a text", "object": "an object", "number": "a number", "bool": "true or false"}[value], value))
	case errors.As(err, &form):
		return fmt.Errorf("it is no JSON, at byte %d: %s", form.Offset, strings.TrimPrefix(form.Error(), "json: "))
	}
	return err
}

// decodeCommand reads a command from the wire. That of a job may be longer than what a
// client has sent, by what that left out.
func decodeCommand(raw string) (c Command, err error) {
	if !utf8.ValidString(raw) { // JSON would be read with other characters in their place
		return c, errors.New("the command is not valid UTF-8")
	}
	if err := json.Unmarshal([]byte(raw), &c); err != nil {
		return c, ReadError(err)
	}
	return c, c.normal()
}
