package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/segq/segq/lang/ast"
)

// ruleJSON is a rule in a JSON rule file: segq's own form, {"id", "name",
// "pql"}, or a segment definition as Adobe's segmentation API gives it
// (https://developer.adobe.com/experience-platform-apis/references/segmentation/),
// whose query is expression.value.
type ruleJSON struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	PQL        string      `json:"pql"`
	Expression *Expression `json:"expression"`
}

// Expression is the query of a segment definition: PQL as text in pql/text,
// as a tree, or the text of one, in pql/json.
type Expression struct {
	Type   string          `json:"type"`
	Format string          `json:"format"`
	Value  json.RawMessage `json:"value"`
}

// query returns the expression as PQL text.
func (e *Expression) query() (string, error) {
	if e.Type != "" && e.Type != "PQL" {
		return "", fmt.Errorf("has an expression of type %q: only PQL can be read", e.Type)
	}
	text, tree := "", e.Value
	isText := json.Unmarshal(e.Value, &text) == nil
	switch e.Format {
	case "", "pql/text":
		if !isText {
			return "", errors.New("has an expression whose value is not a text")
		}
		return text, nil
	case "pql/json":
		if isText {
			tree = json.RawMessage(text)
		}
		x, err := ast.UnmarshalPQL(tree)
		if err != nil {
			return "", fmt.Errorf("has an expression that cannot be read: %w", err)
		}
		return ast.Format(x), nil
	}
	return "", fmt.Errorf("has an expression in %q: only pql/text and pql/json can be read", e.Format)
}

// query returns the rule's PQL.
func (r *ruleJSON) query() (string, error) {
	switch e := r.Expression; {
	case r.PQL != "" && e != nil:
		return "", errors.New(`has both "pql" and "expression"`)
	case r.PQL != "":
		return r.PQL, nil
	case e == nil:
		return "", errors.New(`has neither "pql" nor "expression"`)
	default:
		return e.query()
	}
}

// IsFile says whether a text is a JSON rule file: an array of objects, or
// objects one after another. No PQL query begins with these bytes and is JSON
// up to the end of its first object.
func IsFile(text string) bool {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "["); ok {
		text = strings.TrimSpace(rest)
	}
	if !strings.HasPrefix(text, "{") {
		return false
	}
	var first map[string]json.RawMessage
	if json.NewDecoder(strings.NewReader(text)).Decode(&first) != nil {
		return false
	}
	return first["pql"] != nil || first["expression"] != nil
}

// splitRules takes a JSON rule file apart. Each rule becomes a source of its
// own, so that a place in an error is a place in the rule.
func splitRules(s Source) ([]Written, error) {
	var rules []ruleJSON
	d := json.NewDecoder(bytes.NewReader([]byte(s.Text)))
	if strings.HasPrefix(strings.TrimSpace(s.Text), "[") {
		if err := d.Decode(&rules); err != nil {
			return nil, fmt.Errorf("%s is not a rule file: %w", s.Name, err)
		}
	}
	for {
		var r ruleJSON
		if err := d.Decode(&r); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("%s is not a rule file: rule %d: %w", s.Name, len(rules)+1, err)
		}
		rules = append(rules, r)
	}
	var all []Written
	for i, r := range rules {
		label := r.ID
		if label == "" {
			label = fmt.Sprintf("rule %d", i+1)
		}
		text, err := r.query()
		if err != nil {
			return nil, fmt.Errorf("%s: %s %w", s.Name, label, err)
		}
		for _, w := range Statements(Source{s.Name + ":" + label, text}) {
			w.ID, w.Name = r.ID, r.Name
			all = append(all, w)
		}
	}
	return all, nil
}
