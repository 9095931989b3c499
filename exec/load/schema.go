package load

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/spelling"
)

// WriteSchema writes the fields of t, a line each: its path, a tab and its type, what is in
// objects, lists and maps below. [ReadSchema] reads it.
func WriteSchema(w io.Writer, t *check.Type) error {
	b := bufio.NewWriter(w)
	if len(t.Fields) == 0 {
		fmt.Fprintln(b, noFields)
	}
	writeFields(b, "", t)
	return b.Flush()
}

// noFields is the schema of what has none: an empty file is rather one that was not written to its end.
const noFields = "# no fields"

func writeFields(b *bufio.Writer, above string, t *check.Type) {
	for _, f := range t.Fields {
		path := WrittenPath(above, f.Name)
		fmt.Fprintf(b, "%s\t%s\n", path, f.Type)
		inside, maps := insideOf(f.Type)
		if inside.Kind == check.Object {
			writeFields(b, path+strings.Repeat("{}", maps), inside)
		}
	}
}

// insideOf returns what is in a type that is of lists and maps, and in how many maps that is.
func insideOf(t *check.Type) (inside *check.Type, maps int) {
	for t.Kind == check.List || t.Kind == check.Map {
		if t.Kind == check.Map {
			maps++
		}
		t = t.Elem
	}
	return t, maps
}

// SchemaError says what is wrong with a schema, and in which line.
type SchemaError struct {
	Line    int
	message string
}

// Error returns the line and what is wrong.
func (e *SchemaError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.message) }

// ReadSchema reads what [WriteSchema] writes. Lines that are empty or begin with # are
// ignored, and any white space may be before a type.
func ReadSchema(r io.Reader) (*check.Type, error) {
	top := &schemaField{kind: check.ObjectOf()}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxSchemaLine)
	line, fields, none := 0, 0, false
	for lines.Scan() {
		line++
		text := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		none = none || text == noFields
		if text == "" || text[0] == '#' {
			continue
		}
		if !utf8.ValidString(text) {
			return nil, &SchemaError{line, "it is not UTF-8"}
		}
		if fields++; fields > maxWidth {
			return nil, &SchemaError{line, fmt.Sprintf("it is the field after %d others, which are as many as a table can have", maxWidth)}
		}
		if err := top.read(text); err != nil {
			return nil, &SchemaError{line, err.Error()}
		}
	}
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return nil, &SchemaError{line + 1, "it is too long to be a field"}
		}
		return nil, err
	}
	if len(top.fields) == 0 && !none {
		return nil, errors.New("it names no field: a line of a schema is a field and its type, as segq schema prints them")
	}
	return top.typed(top.kind), nil
}

// maxSchemaLine is the length of a line of a schema. A name may be long, a schema is no data.
const maxSchemaLine = 1 << 20

// schemaField is a field of a schema that is being read.
type schemaField struct {
	name   string
	kind   *check.Type // without what is in objects
	fields []*schemaField
	byName map[string]*schemaField
}

// read takes in a line.
func (s *schemaField) read(line string) error {
	steps, rest, err := cutPath(line, stopIn(line))
	if err != nil {
		return err
	}
	word := strings.TrimSpace(rest)
	if word == "" || rest[0] != ' ' && rest[0] != '\t' {
		return fmt.Errorf("expected a field, a tab and its type, as segq schema prints them; found %s", quoted([]byte(line)))
	}
	t, err := typeNamed(word)
	if err != nil {
		return err
	}
	if steps[len(steps)-1].value {
		return errors.New("what is in a map is said by its type: map<string>")
	}
	for {
		name := steps[0].name
		if steps = steps[1:]; len(steps) == 0 {
			return s.add(name, t)
		}
		if s = s.byName[name]; s == nil {
			return fmt.Errorf("the field that %s is in has to come before it", quotedName(name))
		}
		inside, maps := insideOf(s.kind)
		for ; maps > 0 && len(steps) > 0 && steps[0].value; maps-- {
			steps = steps[1:]
		}
		if maps > 0 || len(steps) == 0 || steps[0].value || inside.Kind != check.Object {
			return fmt.Errorf("%s is %s: it has no such field", quotedName(name), s.kind)
		}
	}
}

func (s *schemaField) add(name string, t *check.Type) error {
	if s.byName[name] != nil {
		return fmt.Errorf("the field %s is there twice", quotedName(name))
	}
	if s.byName == nil {
		s.byName = map[string]*schemaField{}
	}
	f := &schemaField{name: name, kind: t}
	s.byName[name] = f
	s.fields = append(s.fields, f)
	return nil
}

// typed returns the type of the field with what is in it.
func (s *schemaField) typed(t *check.Type) *check.Type {
	switch t.Kind {
	case check.List:
		return check.ListOf(s.typed(t.Elem))
	case check.Map:
		return check.MapOf(s.typed(t.Elem))
	case check.Object:
		fields := make([]*check.Field, len(s.fields))
		for i, f := range s.fields {
			fields[i] = &check.Field{Name: f.name, Type: f.typed(f.kind)}
		}
		return check.ObjectOf(fields...)
	}
	return t
}

// schemaTypes are the types without parts that a schema may have.
var schemaTypes = []*check.Type{
	check.BoolType, check.IntType, check.FloatType, check.StringType, check.TimestampType, {Kind: check.Object}, check.AnyType,
}

// typeNamed returns the type of a word such as list<string>.
func typeNamed(word string) (*check.Type, error) {
	depth := 0
	for inside := word; ; depth++ {
		of, isList := strings.CutPrefix(inside, "list<")
		if !isList {
			var isMap bool
			if of, isMap = strings.CutPrefix(inside, "map<"); !isMap {
				break
			}
		}
		of, ok := strings.CutSuffix(of, ">")
		if !ok {
			return nil, fmt.Errorf("the type %s lacks a >", quoted([]byte(word)))
		}
		inside = of
		if depth == maxDepth {
			return nil, fmt.Errorf("a type is nested at most %d levels deep", maxDepth)
		}
	}
	names := make([]string, len(schemaTypes))
	inner := strings.TrimRight(word[strings.LastIndexByte(word, '<')+1:], ">")
	for i, t := range schemaTypes {
		if names[i] = t.String(); names[i] == inner {
			return within(t, word), nil
		}
	}
	return nil, fmt.Errorf("%s is no type: %s, and list<…> and map<…> of them", quoted([]byte(inner)), spelling.Choices(inner, names))
}

// within returns the type of a word, the innermost of which is t.
func within(t *check.Type, word string) *check.Type {
	of, isList := strings.CutPrefix(word, "list<")
	if isList {
		return check.ListOf(within(t, of))
	}
	if of, isMap := strings.CutPrefix(word, "map<"); isMap {
		return check.MapOf(within(t, of))
	}
	return t
}

// stopIn returns what a path ends with in a line: a tab, or a blank where there is none.
func stopIn(line string) string {
	if strings.Contains(line, "\t") {
		return "\t"
	}
	return " "
}
