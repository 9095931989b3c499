package lang

import (
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/parse"
)

// mostParts is how many beginnings of a statement are tried.
const mostParts = 8

// SoFar says what of a statement that is being typed is complete, with the cursor at a byte offset of the
// text: whole is all of its expression if that is a query and checks accepts it, else the longest beginning of which
// this is so, up to an "and", an "or" or a comma; checks may be nil. clause is the operand of the "and"s of whole in
// which the cursor is, which is whole where there is but one. Each is empty where there is none, and
// parses by itself where there is one. There is none in a text of which [CanGoOn] says that it is wrong.
//
// Of `a = 1 and b` all is complete: if nothing has the name b, it is for checks to say so.
func SoFar(text string, cursor int, checks func(part string) bool) (whole, clause ast.Span) {
	defer ast.Guard(func(*ast.Fault) { whole, clause = ast.Span{}, ast.Span{} })
	return soFar(text, max(0, min(cursor, len(text))), checks)
}

// soFar is SoFar without the guard.
func soFar(text string, cursor int, checks func(part string) bool) (whole, clause ast.Span) {
	piece, ok := parse.PieceAt(text, cursor)
	if !ok || !CanGoOn(text) {
		return ast.Span{}, ast.Span{}
	}
	d := newDraft(text, cursor, piece)
	for tries, i := 0, len(d.ends)-1; i >= 0 && tries < mostParts; i-- {
		part, complete := d.part(i)
		if !complete {
			continue
		}
		tries++
		x, base := piece.X, 0
		if x == nil || part != piece.Body {
			x, _ = parse.Query(text[part.Start:part.End])
			base = part.Start
		}
		if x != nil && (checks == nil || checks(text[part.Start:part.End])) {
			return part, d.clause(x, base, part)
		}
	}
	return ast.Span{}, ast.Span{}
}

// Whole says whether a part of a text, such as [SoFar] gives, is all of a statement.
func Whole(text string, part ast.Span) (all bool) {
	defer ast.Guard(func(*ast.Fault) { all = false })
	piece, ok := parse.PieceAt(text, part.Start)
	return ok && piece.X != nil && piece.Body == part
}

// draft is a statement that is being typed. Its first token is the one after the brackets before all else
// that are still open.
type draft struct {
	text   string
	cursor int
	tokens []parse.Token
	first  int
	// ends are the tokens before which the statement could have ended, the number of tokens at last.
	ends []int
	// failed is where its error is, -1 for none.
	failed int
}

func newDraft(text string, cursor int, piece parse.Piece) *draft {
	d := &draft{text: text, cursor: cursor, failed: -1}
	for _, t := range parse.Tokens(text[piece.Body.Start:piece.Body.End]) {
		if t.Kind != parse.Comment {
			t.At.Start, t.At.End = t.At.Start+piece.Body.Start, t.At.End+piece.Body.Start
			d.tokens = append(d.tokens, t)
		}
	}
	if piece.X == nil {
		d.failed = piece.Failed
		d.skipOpen()
	}
	d.findEnds()
	return d
}

func (d *draft) word(i int) string { return d.text[d.tokens[i].At.Start:d.tokens[i].At.End] }

// skipOpen moves first behind the brackets before all else that are never closed.
func (d *draft) skipOpen() {
	var open []int
	for i := range d.tokens {
		switch d.word(i) {
		case "(", "[", "{":
			open = append(open, i)
		case ")", "]", "}":
			open = open[:max(0, len(open)-1)]
		}
	}
	for d.first < len(open) && open[d.first] == d.first && d.word(d.first) == "(" {
		d.first++
	}
}

// findEnds notes where the statement could have ended.
func (d *draft) findEnds() {
	depth, between := 0, false
	for i := d.first; i < len(d.tokens); i++ {
		switch d.word(i) {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		case "between":
			between = between || depth == 0 && d.tokens[i].Kind == parse.Keyword
		case "and", "AND", "or", "OR", ",":
			if depth == 0 && i > d.first && !between {
				d.ends = append(d.ends, i)
			}
			between = between && depth > 0
		}
	}
	n := len(d.tokens)
	if n-1 > d.first && d.failed >= 0 && depth == 0 && d.typing(n-1) {
		d.ends = append(d.ends, n-1) // a keyword, perhaps
	}
	if n > d.first {
		d.ends = append(d.ends, n)
	}
}

// typing says whether token i is a word that ends at the cursor.
func (d *draft) typing(i int) bool {
	t := d.tokens[i]
	return t.At.End == d.cursor && (t.Kind == parse.Ident || t.Kind == parse.Keyword || t.Kind == parse.Quoted)
}

// part returns the beginning of the statement that ends at ends[i], and whether it may be complete.
func (d *draft) part(i int) (ast.Span, bool) {
	end := d.ends[i]
	at := ast.Span{Start: d.tokens[d.first].At.Start, End: d.tokens[end-1].At.End}
	n := len(d.tokens)
	switch {
	case end == n && d.failed >= 0 && d.first == 0: // this is what has failed
		return at, false
	case end < n && d.failed >= 0 && d.tokens[end].At.Start > max(d.failed, 0) && d.first == 0:
		return at, false
	case end == n-1 && d.typing(n-1) && i > 0 && d.bare(d.before(i), end): // is it the keyword that is wrong?
		return at, false
	}
	return at, true
}

// before returns the last end before end i that is an operator or a comma.
func (d *draft) before(i int) int { return d.ends[i-1] }

// bare says whether between two ends there is nothing but a path.
func (d *draft) bare(from, to int) bool {
	for i := from + 1; i < to; i++ {
		switch t := d.tokens[i]; {
		case t.Kind == parse.Ident || t.Kind == parse.Quoted:
		case strings.Contains(".^!", d.word(i)) || strings.EqualFold(d.word(i), "not"):
		case t.Kind == parse.Keyword && !ast.Reserved(d.word(i)):
		default:
			return false
		}
	}
	return true
}

// clause returns the operand of the ands of x in which the cursor is. x is the part at whole, its spans count from base.
func (d *draft) clause(x ast.Expr, base int, whole ast.Span) ast.Span {
	if d.cursor < whole.Start || d.cursor > whole.End && !d.blank(whole.End, d.cursor) {
		return ast.Span{}
	}
	at := d.cursor - base
	if b, ok := x.(*ast.Binary); !ok || b.Op != "and" {
		return whole
	}
	for {
		b, ok := x.(*ast.Binary)
		switch {
		case !ok || b.Op != "and":
			s := x.Span()
			return ast.Span{Start: s.Start + base, End: s.End + base}
		case at <= b.OpAt.Start:
			x = b.L
		case at >= b.OpAt.End:
			x = b.R
		default:
			return ast.Span{}
		}
	}
}

// blank says whether there are nothing but white space, comments and closing brackets between two places.
func (d *draft) blank(from, to int) bool {
	for _, t := range d.tokens {
		if t.At.Start >= from && t.At.Start < to {
			return false
		}
	}
	return true
}
