package lang

import (
	"slices"
	"strings"
	"sync"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// Role is what a word is where it stands.
type Role uint8

// The roles.
const (
	NoRole       Role = iota // no word, or one that nothing is known of
	KeywordRole              // and, occurs, days
	FunctionRole             // startsWith(
	FieldRole                // a field that there is, or the key of a map
	VariableRole             // the E of select E from xEvent
	LabelRole                // the name of a query, or of a step
	UnknownRole              // neither field nor variable nor function, as far as they are known
)

// Roles returns the role of each of the tokens of a text, which need not be finished, or right. A word that is
// still being typed is mostly unknown; who shows that should leave out the one at the cursor.
// Without fields no word is a field or unknown.
func Roles(text string, tokens []parse.Token, fields *Fields) []Role {
	r := roler{text: text, tokens: tokens, fields: fields, roles: make([]Role, len(tokens))}
	defer ast.Guard(func(*ast.Fault) {}) // what was read so far has its roles
	r.all()
	return r.roles
}

// all goes through the text.
func (r *roler) all() {
	r.frames = []frame{{item: true, base: profileSpot, declares: -1}}
	r.declare()
	for i := range r.tokens {
		if r.tokens[i].Kind != parse.Comment {
			r.token(i)
			r.last = i
			r.seen = true
		}
	}
}

// frame is what is known inside of a bracket.
type frame struct {
	item     bool // names are looked up in base
	base     spot
	before   spot   // what is before the bracket
	call     string // the function whose arguments it holds
	vars     []variable
	declares int // the variable whose list is being read, -1 for none
	commas   int
}

type variable struct {
	name string
	spot spot
}

// declare adds a variable, in the place of an older one of that name, and returns which it is.
func (f *frame) declare(name string) int {
	i := slices.IndexFunc(f.vars, func(v variable) bool { return v.name == name })
	if i < 0 {
		i = len(f.vars)
		f.vars = append(f.vars, variable{})
	}
	f.vars[i] = variable{name: name}
	return i
}

// roler goes through a text once.
type roler struct {
	text   string
	tokens []parse.Token
	fields *Fields
	roles  []Role
	frames []frame
	// declared are the names before a from: a sum names its variables before it declares them.
	declared map[string]bool

	last    int // the token before, comments left out
	seen    bool
	operand bool // an operand ends before this token
	cur     spot // what it leads to
	levels  int  // carets before a dot
}

func (r *roler) word(i int) string {
	if i < 0 || i >= len(r.tokens) {
		return ""
	}
	return r.text[r.tokens[i].At.Start:r.tokens[i].At.End]
}

// before returns the token before this one.
func (r *roler) before() string {
	if !r.seen {
		return ""
	}
	return r.word(r.last)
}

// next returns the token after i that is no comment.
func (r *roler) next(i int) string {
	for i++; i < len(r.tokens); i++ {
		if r.tokens[i].Kind != parse.Comment {
			return r.word(i)
		}
	}
	return ""
}

func (r *roler) top() *frame { return &r.frames[len(r.frames)-1] }

func (r *roler) token(i int) {
	w := r.word(i)
	switch r.tokens[i].Kind {
	case parse.Ident, parse.Quoted, parse.Function, parse.Keyword:
		r.name(i, w)
	case parse.Punct:
		r.punct(w)
	case parse.Operator:
		f := r.top()
		if let := w == "=" && r.seen && r.roles[r.last] == VariableRole; f.declares >= 0 && !let {
			f.vars[f.declares].spot = spot{} // it is computed
			f.declares = -1
		}
		r.ended(spot{}, false)
	default:
		r.ended(spot{}, true)
	}
}

// ended notes that an operand has ended, or that there is none.
func (r *roler) ended(at spot, operand bool) {
	r.cur, r.operand = at, operand
	if f := r.top(); operand && f.declares >= 0 {
		f.vars[f.declares].spot = at.elem()
	}
}

func (r *roler) punct(w string) {
	switch w {
	case "(", "[", "{":
		r.open(w)
	case ")", "]", "}":
		r.close()
	case "^":
		if r.before() != "^" {
			r.levels = 0
		}
		r.levels++
	case ".":
		if r.before() != "^" {
			r.levels = 0
		}
	case ",":
		f := r.top()
		if f.commas++; f.commas == 1 && f.call == "chain" {
			f.item, f.base = true, r.cur.elem()
		}
		f.declares = -1
		r.ended(spot{}, false)
	case ";":
		r.frames = []frame{{item: true, base: profileSpot, declares: -1}}
		r.ended(spot{}, false)
	default:
		r.top().declares = -1
		r.ended(spot{}, false)
	}
}

// open begins a bracket.
func (r *roler) open(w string) {
	f := frame{before: r.cur, declares: -1}
	switch called := strings.ToLower(r.before()); {
	case w == "[" && r.operand:
		f.item, f.base = true, r.cur.elem()
	case w == "(" && r.seen && r.roles[r.last] == FunctionRole:
		f.call = r.before()
		if slices.Contains(itemFunctions, f.call) && r.operand {
			f.item, f.base = true, r.cur.elem()
		}
	case w == "(" && called == "chain":
		f.call = "chain"
	}
	if f.call == "" && w == "[" && f.item {
		f.call = "filter"
	}
	r.frames = append(r.frames, f)
	r.cur, r.operand = spot{}, false
}

// close ends a bracket.
func (r *roler) close() {
	f := *r.top()
	if len(r.frames) > 1 {
		r.frames = r.frames[:len(r.frames)-1]
	}
	var at spot
	switch f.call {
	case "filter", "topN", "bottomN", "distinct", "intersection":
		at = f.before
	case "head":
		at = f.before.elem()
	case "get", "values":
		at = f.before.entry()
	}
	r.ended(at, true)
}

// name gives a word its role.
func (r *roler) name(i int, w string) {
	name := strings.Trim(w, "`")
	kind := r.tokens[i].Kind
	before := r.before()
	call := r.next(i) == "(" && kind == parse.Function
	switch {
	case before == "@" || before == "$":
		r.ended(spot{}, true)
	case before == "." && call:
		r.function(i, name)
	case before == "." && r.levels > 0:
		r.looked(i, r.outer(r.levels), name)
		r.levels = 0
	case before == ".":
		r.looked(i, r.cur, name)
	case r.label(i):
		r.roles[i] = LabelRole
		r.ended(spot{}, false)
	case call:
		r.ended(spot{}, false)
		r.function(i, name)
	case kind != parse.Keyword:
		r.bare(i, name)
	case !ast.Reserved(w) && !r.operand && before != "this" && before != "last" && before != "next" && r.known(name):
		r.bare(i, name)
	default:
		r.keyword(i, w)
	}
}

// function gives the name of a function its role; the receiver stays what it is.
func (r *roler) function(i int, name string) {
	r.roles[i] = UnknownRole
	if functionNames()[name] {
		r.roles[i] = FunctionRole
	}
}

// functionNames are the names of all functions.
var functionNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, f := range check.Functions() {
		names[f.Name] = true
	}
	return names
})

// keyword gives a keyword its role.
func (r *roler) keyword(i int, w string) {
	r.roles[i] = KeywordRole
	switch w {
	case "this":
		r.ended(r.outer(0), true)
		return
	case "true", "false", "now", "today", "yesterday", "tomorrow":
		r.ended(spot{}, true)
		return
	case "from", "FROM":
		r.cur, r.operand = spot{}, false
		return
	}
	r.top().declares = -1
	r.ended(spot{}, false)
}

// label says whether token i names a query, a step or the key of an object.
func (r *roler) label(i int) bool {
	if r.next(i) != ":" {
		return false
	}
	switch r.before() {
	case "", ";", "[", ",", "{":
		return true
	case "from", "FROM", ".":
		return false
	}
	gap := r.text[r.tokens[r.last].At.End:r.tokens[i].At.Start]
	return len(r.frames) == 1 && strings.Contains(gap, "\n")
}

// bare gives a name at the start of a path its role: what it declares, a variable, or a field of the item.
func (r *roler) bare(i int, name string) {
	next, before := r.next(i), r.before()
	if next == "from" || next == "FROM" || before == "let" || before == "LET" {
		f := r.top()
		f.declares = f.declare(name)
		r.roles[i] = VariableRole
		r.cur, r.operand = spot{}, false
		return
	}
	if r.parameter(i) {
		if n := len(r.frames); n > 1 {
			r.frames[n-2].declare(name)
		}
		r.roles[i] = VariableRole
		r.ended(spot{}, true)
		return
	}
	at, role := r.lookup(name)
	if role == UnknownRole && r.declared[name] {
		at, role = spot{}, VariableRole
	}
	r.roles[i] = role
	r.ended(at, true)
}

// declare notes the names that are declared anywhere.
func (r *roler) declare() {
	r.declared = map[string]bool{}
	for i, t := range r.tokens {
		if w := r.word(i); i > 0 && t.Kind == parse.Keyword && (w == "from" || w == "FROM") {
			r.declared[strings.Trim(r.word(i-1), "`")] = true
		}
	}
}
