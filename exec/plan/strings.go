package plan

import (
	"fmt"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/lang/check"
)

// A test of one string column against constants has one answer for each string.
// It is asked of the reference evaluator, once for every string of the
// dictionary, and becomes a set of codes: this is how the engine never has a
// second opinion on patterns, case or escapes.

// predicate is the answer of a test for every code, and for null.
type predicate struct {
	codes  column.Bitmap
	ofNull bool
}

// textField is the only field of a dictionary seen as a table.
var textField = &check.Field{Name: "text", Type: check.StringType}

// textType is the type of its rows.
var textType = check.ObjectOf(textField)

// codesIn gives the node for: the string at p is one of texts.
func (c *compiler) codesIn(p place, texts []string, text string) id {
	col := p.col.(*column.Strings)
	set := column.NewBitmap(max(col.Dict.Len(), 1))
	for _, s := range texts {
		if code, found := col.Dict.Find(s); found {
			set.Set(int(code))
		}
	}
	return c.codes(p, set, text)
}

// codes gives the node for: the code of the string at p is in set.
func (c *compiler) codes(p place, set column.Bitmap, text string) id {
	col := p.col.(*column.Strings)
	n := node{scope: p.scope, col: col, text: text}
	ones := set.Ones()
	switch {
	case ones == 0:
		return never
	case ones == col.Dict.Len():
		return c.valid(p)
	}
	lo := 0
	for !set.Get(lo) {
		lo++
	}
	hi := lo
	for hi+1 < col.Dict.Len() && set.Get(hi+1) {
		hi++
	}
	if hi-lo+1 == ones {
		n.op, n.lo, n.hi = opCodes, int64(lo), int64(hi)
		return c.leaf(n)
	}
	n.op, n.bits = opMember, set
	if col.Codes.U8 != nil && len(set) < 4 {
		n.bits = append(set, make([]uint64, 4-len(set))...)
	}
	return c.leaf(n)
}

// stringTest compiles any test of one string column against constants.
func (c *compiler) stringTest(n *check.Call, e *env) (id, error) {
	var over *place
	test, ok := c.overText(n, e, &over)
	switch {
	case !ok:
		return 0, unsupported("it is no test of one column against constants")
	case over == nil:
		return c.once(test, "it fails"), nil
	}
	p, err := c.predicate(test, over.col.(*column.Strings).Dict)
	if err != nil {
		return 0, err
	}
	in := c.codes(*over, p.codes, describe(test))
	if p.ofNull {
		return c.or(in, c.graph.not(c.valid(*over)))
	}
	return in, nil
}

// overText gives n with the one string column that it reads replaced by the field
// of textType, and says whether there is no other and nothing else but constants
// and operations on plain values. over is that column, once it is known.
func (c *compiler) overText(n check.Node, e *env, over **place) (check.Node, bool) {
	n, e = e.deref(n)
	if p, ok := c.place(n, e); ok {
		if _, none := p.col.(*column.Nulls); none {
			return &check.Const{Info: check.Info{T: n.Type()}}, true
		}
		_, text := p.col.(*column.Strings)
		if !text || *over != nil && ((*over).scope != p.scope || (*over).col != p.col) {
			return nil, false
		}
		*over = &p
		profile := &check.Slot{Info: check.Info{T: textType}}
		return &check.Member{Info: check.Info{T: check.StringType}, X: profile, F: textField}, true
	}
	switch n := n.(type) {
	case *check.Const:
		return n, true
	case *check.Call:
		call := *n
		call.Args = make([]check.Node, len(n.Args))
		for i, a := range n.Args {
			var ok bool
			if call.Args[i], ok = c.overText(a, e, over); !ok {
				return nil, false
			}
		}
		return &call, true
	}
	return nil, false
}

// pollEvery is how many strings are tested between two looks at the context.
const pollEvery = 1024

// predicate answers test, an expression over textType, for every string of a
// dictionary.
func (c *compiler) predicate(test check.Node, d *column.Dict) (predicate, error) {
	key := fmt.Sprintf("%p %s", d, keyOf(test))
	if p, ok := c.predicates[key]; ok {
		return p, nil
	}
	size := d.Len()
	p := predicate{codes: column.NewBitmap(max(size, 1))}
	ev := eval.NewCond(test, 1, c.dictionary(d), c.now).Evaluator()
	ev.Stop = func() bool { return c.ctx.Err() != nil }
	for row := range size + 1 {
		if row%pollEvery == 0 && c.ctx.Err() != nil {
			return p, c.ctx.Err()
		}
		is, err := ev.Cond(row)
		switch {
		case err != nil && c.ctx.Err() != nil:
			return p, c.ctx.Err()
		case err != nil:
			return p, unsupported(err.Error())
		case is && row == size:
			p.ofNull = true
		case is:
			p.codes.Set(row)
		}
	}
	c.predicates[key] = p
	return p, nil
}

// dictionary gives a dictionary as a table of one column: a row for every string
// and a last one that is null.
func (c *compiler) dictionary(d *column.Dict) *column.Snapshot {
	if s := c.dictionaries[d]; s != nil {
		return s
	}
	size := d.Len()
	valid := column.NewBitmap(size + 1)
	codes := make([]uint32, size+1)
	for i := range size {
		codes[i] = uint32(i)
		valid.Set(i)
	}
	texts := &column.Strings{Valid: valid, Codes: column.Codes{U32: codes}, Dict: d}
	s := &column.Snapshot{Schema: textType, Root: &column.Struct{Fields: []column.Column{texts}, N: size + 1}}
	c.dictionaries[d] = s
	return s
}
