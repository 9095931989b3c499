package explanation

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// Values of texts that are told, and that are looked at.
const (
	mostValues   = 6
	mostDistinct = 200_000
	mostConsts   = 3
)

// texts returns the texts at a place, most frequent first; not ok where there are too many.
func (p place) texts() (values []column.ValueCount, ok bool) {
	switch c := column.Stored(p.col).(type) {
	case *column.Strings:
		if c.Dict.Len() > mostDistinct {
			return nil, false
		}
		counts := make([]int64, c.Dict.Len())
		for i := range p.each() {
			_, at := column.At(p.col, i)
			counts[c.Codes.At(at)]++
		}
		for code, n := range counts {
			if n > 0 {
				values = append(values, column.ValueCount{Text: strings.Clone(c.Dict.At(uint32(code))), Count: n})
			}
		}
	case *column.Texts:
		counts := map[string]int64{}
		for i := range p.each() {
			_, at := column.At(p.col, i)
			if counts[c.At(at)]++; len(counts) > mostDistinct {
				return nil, false
			}
		}
		for s, n := range counts {
			values = append(values, column.ValueCount{Text: strings.Clone(s), Count: n})
		}
	}
	slices.SortFunc(values, func(a, b column.ValueCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
	})
	return values, true
}

// noString explains why no text is equal to the constants.
func (l *look) noString(t *test) {
	values, _ := t.p.texts()
	told := l.tellable(t.p, values)
	var missing, known []string
	others := map[int]string{}
	for i, c := range t.values {
		s, ok := c.v.(string)
		if !ok || slices.ContainsFunc(values, func(v column.ValueCount) bool { return v.Text == s }) {
			continue // it is another clause that excludes it
		}
		if missing = append(missing, literal(s)); len(missing) > mostConsts {
			break
		}
		if near, n := l.meant(t, s, told); near != "" {
			others[i] = literal(near)
			known = append(known, t.somebody(literal(near), n))
		}
	}
	if len(missing) == 0 {
		return
	}
	words := t.nobody(listed(missing[:min(len(missing), mostConsts)], "or"))
	if len(missing) > mostConsts {
		words = t.nobody("any of these")
	}
	switch {
	case len(known) > 0:
		l.note(words+"; "+strings.Join(known[:min(len(known), mostConsts)], ", "), t.replaced(others)...)
	default:
		l.note(words + l.among(t, values, told))
	}
}

// meant returns the value that may have been meant by a text, and how many profiles have it; "" for none.
func (l *look) meant(t *test, s string, told []column.ValueCount) (near string, n int) {
	if near = nearest(s, told); near == "" {
		return "", 0
	}
	if n = l.count(t.sc.wrap(t.equals(near))); personal.Few(n, l.answer.Total) {
		return "", 0
	}
	return near, n
}

// among tells what values there are instead, where all of them may be told.
func (l *look) among(t *test, values, told []column.ValueCount) string {
	if len(told) == 0 {
		return ""
	}
	if len(values) > mostValues {
		return fmt.Sprintf("; %s has %s different values", t.p.path, show.Count(len(values)))
	}
	if t.p.list != "" && l.answer.Total > personal.SmallTable { // one profile may have many elements
		conds := make([]check.Node, len(told))
		for i, v := range told {
			conds[i] = t.sc.wrap(t.equals(v.Text))
		}
		counts, kept := l.counts(conds...), told[:0:0]
		for i, n := range counts {
			if !personal.Few(n, l.answer.Total) {
				kept = append(kept, told[i])
			}
		}
		told = kept
	}
	return is(t.p.path, told, values)
}

// is tells some of the values that a field has, if they are most of what it has.
func is(path string, told, values []column.ValueCount) string {
	var words []string
	some, all := int64(0), int64(0)
	for _, v := range told {
		words, some = append(words, show.Fit(literal(v.Text), mostClause)), some+v.Count
	}
	for _, v := range values {
		all += v.Count
	}
	switch {
	case len(told) == len(values):
		return fmt.Sprintf("; %s is %s", path, listed(words, "or"))
	case len(told) == 0 || 10*some < 9*all:
		return ""
	}
	return fmt.Sprintf("; %s is mostly %s", path, listed(words, "or"))
}

// tellable returns the values at a place that may be told.
func (l *look) tellable(p place, values []column.ValueCount) []column.ValueCount {
	return l.rules.Tellable(p.path, values, l.answer.Total)
}

// verbs are what is said of a text, by operation.
var verbs = map[check.Op]string{
	check.StartsWith: "starts with", check.EndsWith: "ends with", check.Contains: "contains", check.Like: "is like", check.Matches: "matches",
}

// noText explains why no text has a part, or fits a pattern.
func (l *look) noText(t *test) {
	pattern, ok := t.values[0].v.(string)
	if !ok || t.swapped || t.list {
		return
	}
	said := fmt.Sprintf("no %s %s %s", t.p.path, verbs[t.Op], literal(pattern))
	if l.private(t.p.path) {
		l.note(said)
		return
	}
	for _, o := range l.alternatives(t, pattern) {
		if n := l.count(t.sc.wrap(o.cond)); n > 0 {
			l.note(fmt.Sprintf("%s; %s in %s", said, o.text, profiles(n)), o.edits...)
			return
		}
	}
	values, _ := t.p.texts()
	l.note(said + l.among(t, values, l.tellable(t.p, values)))
}

// alternative is a condition that may hold where another does not.
type alternative struct {
	cond  check.Node
	text  string
	edits []edit
}

// alternatives are what may have been meant by a test of parts of a text.
func (l *look) alternatives(t *test, pattern string) (out []alternative) {
	at := t.values[0].at
	with := func(op check.Op, pattern string, fold bool) check.Node {
		c := *t.Call
		c.Op, c.Fold = op, fold
		c.Args = []check.Node{t.x, &check.Const{Info: check.Info{T: check.StringType, At: at}, V: pattern}}
		return &c
	}
	const anyCase = "in another case it is"
	switch t.Op {
	case check.Like:
		if bare := strings.Trim(pattern, "%"); bare == pattern {
			out = append(out, alternative{with(check.Like, "%"+pattern+"%", false), "like compares the whole text: " + literal("%"+pattern+"%") + " is", []edit{{at, literal("%" + pattern + "%")}}})
		}
		out = append(out, alternative{with(check.Matches, "(?is)"+likeAsRegexp(pattern), false), anyCase, l.likeEdits(t, pattern)})
	case check.Matches:
		out = append(out, alternative{with(check.Matches, "(?i)"+pattern, false), anyCase, []edit{{at, literal("(?i)" + pattern)}}})
	default:
		if bare := strings.Trim(pattern, "%*"); bare != pattern && bare != "" {
			out = append(out, alternative{with(t.Op, bare, false), fmt.Sprintf("a %s stands for itself: %s is", strings.Trim(pattern, bare)[:1], literal(bare)), []edit{{at, literal(bare)}}})
		}
		if !t.Fold {
			folded := alternative{with(t.Op, pattern, true), anyCase, nil}
			if end := at.End - l.answer.Start; l.segment == "" && end >= 0 && end < len(l.answer.Text) && l.answer.Text[end] == ')' {
				folded.edits = []edit{{at, literal(pattern) + ", false"}}
			}
			out = append(out, folded)
		}
		if bare := strings.TrimSpace(pattern); bare != pattern && bare != "" {
			out = append(out, alternative{with(t.Op, bare, t.Fold), literal(bare) + " is", []edit{{at, literal(bare)}}})
		}
	}
	return out
}

// likeAsRegexp writes the pattern of a like as that of a matches.
func likeAsRegexp(pattern string) string {
	var b strings.Builder
	b.WriteString(`\A`)
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped:
			b.WriteString(regexp.QuoteMeta(string(r)))
		case r == '%':
			b.WriteString(`.*`)
		case r == '_':
			b.WriteString(`.`)
		case r != '\\':
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
		escaped = !escaped && r == '\\'
	}
	return b.String() + `\z`
}

// likeEdits writes a simple like as a test that does not regard case.
func (l *look) likeEdits(t *test, pattern string) []edit {
	bare, x := strings.Trim(pattern, "%"), l.written(t.x)
	if x == "" || strings.ContainsAny(bare, `%_\`) {
		return nil
	}
	before, after := strings.HasPrefix(pattern, "%"), strings.HasSuffix(pattern, "%")
	name := "equals"
	switch {
	case before && after:
		name = "contains"
	case before:
		name = "endsWith"
	case after:
		name = "startsWith"
	}
	return []edit{{t.At, fmt.Sprintf("%s.%s(%s, false)", x, name, literal(bare))}}
}
