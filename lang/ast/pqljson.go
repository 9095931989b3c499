package ast

import "encoding/json"

// The interchange form pql/json is a query's tree as JSON. Adobe published its
// nodes with the schemas of offer management (https://github.com/adobe/xdm,
// extensions/adobe/experience/offer-management): fnApply, fnCreate, literal,
// fieldLookup, quantification, select, varDecl, varRef and parameterReference.
// What these do not cover has a node of segq's own: aggregation, let, chain,
// occurs, calendar and parameter.

// jsonNode is any node of pql/json; Type says which fields count.
type jsonNode struct {
	Type string `json:"nodeType"`

	// fnApply: Fn of Params; Postfix says that the first stood before the dot.
	// aggregation: Fn of Body over Decls.
	Fn      string      `json:"fnName,omitempty"`
	Params  []*jsonNode `json:"params,omitempty"`
	Postfix bool        `json:"postfix,omitempty"`

	// fnCreate: a function of Names; without any, in the scope of an element.
	Names []string  `json:"paramNames,omitempty"`
	Body  *jsonNode `json:"body,omitempty"`

	// literal: a scalar in Value, or the parts of a List or an XDMObject.
	Literal string          `json:"literalType,omitempty"`
	Value   json.RawMessage `json:"value,omitempty"`
	Items   []*jsonNode     `json:"items,omitempty"`
	Keys    []string        `json:"keys,omitempty"`

	// fieldLookup: Field of Object; without one, of the scope that lies Up levels
	// further out.
	Field  string    `json:"fieldName,omitempty"`
	Object *jsonNode `json:"object,omitempty"`
	Up     int       `json:"up,omitempty"`

	// parameterReference: the parameter at Position, from 1 on; 0 is the element
	// in scope. varRef and parameter: Var, in braces as a Context. let: Var is From in Body.
	Position *int      `json:"position,omitempty"`
	Var      string    `json:"varName,omitempty"`
	Context  bool      `json:"context,omitempty"`
	From     *jsonNode `json:"from,omitempty"`
	Where    *jsonNode `json:"where,omitempty"`

	// select, quantification (Quantifier "some" or "all"), aggregation.
	Quantifier string      `json:"quantifier,omitempty"`
	Decls      []*jsonNode `json:"varDecls,omitempty"`

	// chain: Object ordered by From.
	Steps []jsonStep `json:"steps,omitempty"`

	// occurs: Object in Window. calendar: Which and Unit.
	Window *jsonWindow `json:"window,omitempty"`
	Which  string      `json:"which,omitempty"`
	Unit   string      `json:"unit,omitempty"`
}

// jsonStep is a step of a chain.
type jsonStep struct {
	Label string      `json:"label"`
	What  *jsonNode   `json:"what"`
	When  *jsonWindow `json:"when,omitempty"`
	Count *jsonNode   `json:"count,omitempty"`
	Where *jsonNode   `json:"where,omitempty"`
}

// jsonWindow is a [Window].
type jsonWindow struct {
	Op        string    `json:"comparison,omitempty"`
	N         int64     `json:"count,omitempty"`
	Unit      string    `json:"unit,omitempty"`
	Dir       string    `json:"direction,omitempty"`
	On        bool      `json:"on,omitempty"`
	Reference *jsonNode `json:"reference"`
	To        *jsonNode `json:"to,omitempty"`
}
