package search_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/exec/search"
	"github.com/segq/segq/lang/check"
)

var (
	field   = &check.Field{Name: "text", Type: check.StringType}
	profile = check.ObjectOf(field)
)

func constant(v any) check.Node {
	t := check.StringType
	if _, ok := v.([]any); ok {
		t = check.ListOf(t)
	}
	return &check.Const{Info: check.Info{T: t}, V: v}
}

// drawnText draws a text with much in common with others: words, wide runes, runes whose
// folding is odd, bytes that are not UTF-8, and what mail addresses look like.
func drawnText() *rapid.Generator[string] {
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("aabkKsS\u212aſßéÉ日@.%_0")), 0, 12, -1)
	bytes := rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]byte{'a', 'b', 0, 0x7f, 0x80, 0xe2, 0x84, 0xaa, 0xff}), 0, 12), func(b []byte) string { return string(b) })
	mails := rapid.Map(rapid.IntRange(0, 300), func(n int) string {
		return "https://" + "user" + string(rune('a'+n%7)) + string(rune('0'+n%10)) + "@Example" + string(rune('0'+n%3)) + ".com"
	})
	return rapid.OneOf(letters, bytes, mails, rapid.SampledFrom([]string{"", "a", "aa", "aaaaaaaaaaaaaaaaaaaaaaaaaa", "abcdefgh", "abcdefghi"}))
}

// table is a column of drawn texts, some rows of which are null.
func table(t *rapid.T) (*column.Snapshot, *column.Texts) {
	values := rapid.SliceOfN(drawnText(), 0, 100).Draw(t, "values")
	values = slices.Repeat(values, rapid.SampledFrom([]int{1, 2, 20}).Draw(t, "times")) // more than a word of bits
	c := &column.Texts{Offsets: []uint32{0}, Valid: column.NewBitmap(len(values))}
	for i, v := range values {
		if rapid.IntRange(0, 9).Draw(t, "null") > 0 {
			c.Valid.Set(i)
			c.Bytes = append(c.Bytes, v...)
		}
		c.Offsets = append(c.Offsets, uint32(len(c.Bytes)))
	}
	return &column.Snapshot{Schema: profile, Root: &column.Struct{N: len(values), Fields: []column.Column{c}}}, c
}

// part draws something to look for: a piece of a text of the column, across two rows too,
// in one case or the other, or anything.
func part(t *rapid.T, c *column.Texts) string {
	if len(c.Bytes) == 0 || rapid.IntRange(0, 3).Draw(t, "own") == 0 {
		return drawnText().Draw(t, "part")
	}
	from := rapid.IntRange(0, len(c.Bytes)-1).Draw(t, "from")
	piece := string(c.Bytes[from:min(len(c.Bytes), from+rapid.IntRange(1, 30).Draw(t, "size"))])
	if rapid.Bool().Draw(t, "row") && c.Len() > 0 {
		piece = c.At(rapid.IntRange(0, c.Len()-1).Draw(t, "of"))
	}
	return piece
}

// call draws a test.
func call(t *rapid.T, c *column.Texts) *check.Call {
	text := &check.Member{Info: check.Info{T: check.StringType}, X: &check.Slot{Info: check.Info{T: profile}}, F: field}
	op := rapid.SampledFrom([]check.Op{check.Eq, check.Ne, check.Equals, check.NotEquals, check.In, check.NotIn, check.StartsWith, check.NotStartsWith,
		check.EndsWith, check.NotEndsWith, check.Contains, check.NotContains, check.Like, check.Matches}).Draw(t, "op")
	n := &check.Call{Info: check.Info{T: check.BoolType}, Op: op, Args: []check.Node{text}}
	switch op {
	case check.In, check.NotIn:
		var items []any
		for range rapid.IntRange(0, 12).Draw(t, "items") {
			if items = append(items, part(t, c)); rapid.IntRange(0, 5).Draw(t, "null item") == 0 {
				items = append(items, nil)
			}
		}
		n.Args = append(n.Args, constant(items))
	case check.Equals, check.NotEquals:
		n.Fold = rapid.Bool().Draw(t, "fold")
		for range rapid.IntRange(1, 6).Draw(t, "texts") {
			n.Args = append(n.Args, constant(part(t, c)))
		}
	case check.Like:
		sides := rapid.SampledFrom([]string{"", "%", "_", "%%", `\%`})
		n.Args = append(n.Args, constant(sides.Draw(t, "before")+part(t, c)+sides.Draw(t, "after")+part(t, c)[:0]+sides.Draw(t, "end")))
	case check.Matches:
		sides := rapid.SampledFrom([]string{"", "^", ".*", "$", "(a|b)", "[a-k]+", "(?i)"})
		n.Args = append(n.Args, constant(sides.Draw(t, "before")+regexp.QuoteMeta(strings.ToValidUTF8(part(t, c), "\ufffd"))+sides.Draw(t, "after")))
	default:
		n.Fold = op != check.Eq && op != check.Ne && rapid.Bool().Draw(t, "fold")
		n.Args = append(n.Args, constant(part(t, c)))
	}
	return n
}

// Blocks of any rows are answered as the reference evaluator answers them, but for nulls.
func TestBlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		snap, c := table(t)
		n := call(t, c)
		test, ok := search.New(n, c.Bytes)
		if !ok {
			t.Fatalf("%s is no test", check.Dump(n))
		}
		cond := eval.NewCond(n, 1, snap, time.UnixMilli(0)).Evaluator()
		start := rapid.IntRange(0, c.Len()).Draw(t, "start")
		end := rapid.IntRange(start, c.Len()).Draw(t, "end")
		rows := end - start
		got := slices.Repeat([]uint64{0xdeadbeefdeadbeef}, (rows+63)/64)
		var need []uint64
		if rapid.Bool().Draw(t, "some") {
			need = rapid.SliceOfN(rapid.Uint64(), len(got), len(got)).Draw(t, "need")
		}
		test.Block(got, c.Bytes, c.Offsets[start:end+1], need)
		if test.Hashable() && need == nil && rapid.Bool().Draw(t, "hashed") {
			hashes := make([]uint16, rows)
			kernel.Hashes(hashes, c.Bytes, c.Offsets[start:end+1])
			test.Hashed(got, hashes, c.Bytes, c.Offsets[start:end+1])
		}
		bits := column.Bitmap(got)
		for i := range rows {
			if c.Null(start+i) || need != nil && !column.Bitmap(need).Get(i) {
				continue
			}
			want, err := cond.Cond(start + i)
			if err != nil {
				t.Fatal(err)
			}
			text := c.At(start + i)
			if bits.Get(i) != want {
				t.Fatalf("%q: %s finds %t, want %t", text, check.Dump(n), !want, want)
			}
		}
		if rows%64 != 0 && got[len(got)-1]>>(rows%64) != 0 {
			t.Fatal("bits past the end")
		}
	})
}

// TestAcross looks for what only two rows together have.
func TestAcross(t *testing.T) {
	c := &column.Texts{Bytes: []byte("abcabc"), Offsets: []uint32{0, 2, 2, 3, 6}}
	for _, test := range []struct {
		op   check.Op
		part string
		want uint64
	}{
		{check.Contains, "bc", 0b1000}, {check.Contains, "ca", 0}, {check.Contains, "c", 0b1100}, {check.Contains, "abcabcabc", 0},
		{check.StartsWith, "abc", 0b1000}, {check.EndsWith, "bc", 0b1000}, {check.Eq, "", 0b0010}, {check.Contains, "", 0b1111}, {check.Matches, "bc", 0b1000},
	} {
		s, ok := search.New(&check.Call{Op: test.op, Args: []check.Node{nil, constant(test.part)}}, nil)
		if !ok {
			t.Fatal(test)
		}
		got := make([]uint64, 1)
		if s.Block(got, c.Bytes, c.Offsets, nil); got[0] != test.want {
			t.Errorf("%s %q: %b, want %b", test.op, test.part, got[0], test.want)
		}
	}
}

// TestManyRows has more rows than are answered at a time, and texts longer than what is
// looked at together.
func TestManyRows(t *testing.T) {
	c := &column.Texts{Offsets: []uint32{0}}
	var want []int
	for i := range 20_000 {
		switch {
		case i%1000 == 7:
			c.Bytes = append(c.Bytes, slices.Repeat([]byte("needle-"), 1500)...)
			want = append(want, i)
		case i%37 == 3:
			c.Bytes = append(c.Bytes, "a needle"...)
			want = append(want, i)
		case i%5 == 0:
			c.Bytes = append(c.Bytes, "need"...)
		case i%5 == 1:
			c.Bytes = append(c.Bytes, "les"...)
		}
		c.Offsets = append(c.Offsets, uint32(len(c.Bytes)))
	}
	s, _ := search.New(&check.Call{Op: check.Contains, Args: []check.Node{nil, constant("needle")}}, c.Bytes)
	found := column.NewBitmap(c.Len())
	s.Block(found, c.Bytes, c.Offsets, nil)
	var got []int
	for i := range c.Len() {
		if found.Get(i) {
			got = append(got, i)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("found %d rows, want %d", len(got), len(want))
	}
}
