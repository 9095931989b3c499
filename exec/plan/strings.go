package plan

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/search"
	"github.com/segq/segq/lang/check"
)

// A test of one string column against constants has one answer for each string of the
// dictionary, and becomes a set of codes. What is a plain search is made by package search,
// whose opinion on patterns, case and escapes is tested to be that of the reference
// evaluator; that is asked everything else, once for every string.

// textField is the only field of a dictionary seen as a table.
var textField = &check.Field{Name: "text", Type: check.StringType}

// textType is the type of its rows.
var textType = check.ObjectOf(textField)

// textIn returns the node for: the string at p is one of texts.
func (c *compiler) textIn(p place, texts []string, text string) id {
	d := column.Stored(p.col).(*column.Strings).Dict
	codes := make([]int64, 0, len(texts))
	for _, s := range texts {
		if code, found := d.Find(s); found {
			codes = append(codes, int64(code))
		}
	}
	slices.Sort(codes)
	var spans []span
	for _, code := range codes {
		spans = appendSpan(spans, span{code, code})
	}
	return c.in(p, valueSet{spans: spans}, text)
}

// stringTest compiles any test of one string column against constants.
func (c *compiler) stringTest(n *check.Call, e *env) (id, error) {
	var over *place
	c.copied = 0
	test, ok := c.overText(n, e, &over)
	switch {
	case !ok:
		return 0, unsupported("it is not a test of one column against constants")
	case over == nil:
		return c.once(test, "it fails"), nil
	}
	switch stored := column.Stored(over.col).(type) {
	case *column.Texts:
		return c.textTest(test, *over, stored)
	case *column.Strings:
		set, err := c.predicate(test, stored.Dict)
		if err != nil {
			return 0, err
		}
		return c.in(*over, set, describe(test)), nil
	}
	panic("plan: a column without texts")
}

// mostCopied is how large an expression over a string may be when every let in it is
// written out, which may double it each time.
const mostCopied = 20_000

// overText returns n with the one string column that it reads replaced by the field
// of textType, and says whether there is no other and nothing else but constants
// and operations on plain values. over is that column, once it is known.
func (c *compiler) overText(n check.Node, e *env, over **place) (check.Node, bool) {
	n, e = e.deref(n)
	if c.copied++; c.copied > mostCopied {
		return nil, false
	}
	if p, ok := c.place(n, e); ok {
		if _, none := p.col.(*column.Nulls); none {
			return &check.Const{Info: check.Info{T: n.Type()}}, true
		}
		if !ofTexts(p.col) || *over != nil && ((*over).scope != p.scope || (*over).col != p.col) {
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

// ofTexts says whether c is a column of strings.
func ofTexts(c column.Column) bool {
	switch column.Stored(c).(type) {
	case *column.Strings, *column.Texts:
		return true
	}
	return false
}

// pollEvery is how many strings are tested between two looks at the context.
const pollEvery = 1024

// predicate returns the codes of the strings of a dictionary, and whether of null,
// for which test, an expression over textType, holds.
func (c *compiler) predicate(test check.Node, d *column.Dict) (valueSet, error) {
	key := fmt.Sprintf("%p %s", d, c.identities.Of(test)) // there are no segments in it
	if check.UsesNow(test) {
		key += fmt.Sprint(" ", c.now.UnixNano())
	}
	if set, ok := c.planner.recall(key); ok {
		return set, nil
	}
	if set, ok, err := c.searched(test, d); ok {
		if err == nil {
			c.planner.remember(key, set)
		}
		return set, err
	}
	size := d.Len()
	var set valueSet
	ev := eval.NewCond(test, 1, c.dictionary(d), c.now).Evaluator()
	ev.Stop = func() bool { return c.ctx.Err() != nil }
	for row := range size + 1 {
		if row%pollEvery == 0 && c.ctx.Err() != nil {
			return set, c.ctx.Err()
		}
		is, err := ev.Cond(row)
		switch {
		case err != nil && c.ctx.Err() != nil:
			return set, c.ctx.Err()
		case err != nil:
			return set, unsupported(err.Error())
		case is && row == size:
			set.null = true
		case is:
			set.spans = appendSpan(set.spans, span{int64(row), int64(row)})
		}
	}
	c.planner.remember(key, set)
	return set, nil
}

// searched answers a test of a text against constants: with a search in the dictionary for
// a beginning, and one through all its bytes for the others.
func (c *compiler) searched(test check.Node, d *column.Dict) (set valueSet, ok bool, err error) {
	call, ok := test.(*check.Call)
	if !ok || len(call.Args) < 2 {
		return valueSet{}, false, nil
	}
	if _, ok := call.Args[0].(*check.Member); !ok {
		return valueSet{}, false, nil
	}
	k, _ := c.constantValue(call.Args[1])
	if prefix, ok := k.(string); ok && !call.Fold {
		switch call.Op {
		case check.StartsWith:
			return valueSet{spans: beginning(d, prefix)}, true, nil
		case check.NotStartsWith:
			return valueSet{spans: complement(beginning(d, prefix), span{0, int64(d.Len()) - 1})}, true, nil
		}
	}
	t, ok := search.New(call, d.Bytes)
	if !ok {
		return valueSet{}, false, nil
	}
	set.spans, err = matching(c.ctx, d, t)
	return set, true, err
}

// beginning returns the codes of the strings that begin with prefix.
func beginning(d *column.Dict, prefix string) []span {
	lo, _ := d.Find(prefix)
	n := sort.Search(d.Len()-int(lo), func(i int) bool { return !strings.HasPrefix(d.At(lo+uint32(i)), prefix) })
	if n == 0 {
		return nil
	}
	return []span{{int64(lo), int64(lo) + int64(n) - 1}}
}

// dictionary returns a dictionary as a table of one column: a row for every string
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
