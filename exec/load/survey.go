package load

import (
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/segq/segq/lang/check"
)

// Whole numbers among dates are instants only if all of them are milliseconds of
// the years 1900 to 2099, and at least nine in ten are further from 1970 than the
// seconds of these years would be: smaller ones are rather years, days or seconds,
// larger ones microseconds.
const (
	firstInstant = -2_208_988_800_000
	lastInstant  = 4_102_444_800_000 - 1
	mostSeconds  = 4_102_444_800
)

// survey counts the scalars of a path by kind.
type survey struct {
	bools, ints, floats, times, iso, plain int
	whole, huge                            int   // numbers beyond int64, and beyond float64
	declared                               kinds // where there are no values
	cells                                  cellCounts
	pieces                                 []piece
}

func surveyOf(pieces []piece) *survey {
	s := &survey{pieces: pieces}
	for _, p := range pieces {
		n := p.node
		s.declared |= n.seen
		if n.whole != nil {
			s.count(n.whole, n.group)
			continue
		}
		s.cells.add(n.counts)
		if n.small != nil {
			s.countKind(n.small.kind, n.small.count)
			continue
		}
		s.bools += len(n.bools.values)
		s.ints += len(n.ints.values)
		s.floats += len(n.floats.values)
		s.times += len(n.times.values)
		if n.odd != nil {
			for _, code := range n.odd.large.values {
				if wholeText(n.dict.at(code)) {
					s.whole++
				} else {
					s.huge++
				}
			}
		}
		iso := n.isoTexts()
		s.iso += iso + len(n.isos.values)
		s.plain += len(n.texts.values) - iso
	}
	return s
}

// wholeText says whether a number has neither point nor exponent.
func wholeText(b []byte) bool {
	for _, c := range b {
		if c == '.' || c|0x20 == 'e' {
			return false
		}
	}
	return true
}

// isoTexts counts the texts of n that are dates.
func (n *node) isoTexts() int {
	switch {
	case n.seen&kindISO == 0:
		return 0
	case n.seen&kindText == 0:
		return len(n.texts.values)
	}
	count := 0
	for _, code := range n.texts.values {
		if n.dict.iso.Get(int(code)) {
			count++
		}
	}
	return count
}

func (s *survey) numbers() int { return s.ints + s.floats + s.whole + s.huge }
func (s *survey) dates() int   { return s.times + s.iso }
func (s *survey) all() int     { return s.bools + s.numbers() + s.dates() + s.plain }

// natural returns the type of the values: that of all of them, else text. Of whole
// numbers most of which are beyond int64 it is text as well, which keeps them.
func (s *survey) natural() *check.Type {
	all := s.all()
	switch {
	case all == 0:
		return declaredType(s.declared)
	case s.bools == all:
		return check.BoolType
	case s.numbers() == all && s.floats == 0 && s.whole > s.ints:
		return check.StringType
	case s.numbers() == all && s.floats == 0 && s.ints > 0:
		return check.IntType
	case s.numbers() == all:
		return check.FloatType
	case s.dates() == all, s.dates() > 0 && s.dates()+s.ints == all && s.plausible():
		return check.TimestampType
	}
	return check.StringType
}

// declaredType is the type that a format gives to a column without values.
func declaredType(seen kinds) *check.Type {
	switch {
	case seen&kindInstant != 0:
		return check.TimestampType
	case seen&kindBool != 0:
		return check.BoolType
	case seen&kindFloat != 0:
		return check.FloatType
	case seen&kindInt != 0:
		return check.IntType
	case seen&kindString != 0:
		return check.StringType
	}
	return check.AnyType
}

// plausible says whether the whole numbers may be milliseconds since 1970.
func (s *survey) plausible() bool {
	small := 0
	for _, p := range s.pieces {
		for _, v := range p.node.ints.values {
			if v < firstInstant || v > lastInstant {
				return false
			}
			if -mostSeconds <= v && v <= mostSeconds {
				small++
			}
		}
	}
	return small*10 <= s.ints
}

// mixture tells, of a text that is not text in all its values, in how many it is
// not what most of the others are, and what to write; the zero where there is no
// such. Of an untold field no value is shown.
func (s *survey) mixture(a at, t *check.Type, untold bool) check.Mixture {
	if t.Kind != check.String {
		return check.Mixture{}
	}
	kind, main := "number", s.numbers()+s.cells.numbers
	if dates := s.dates() + s.cells.times; dates > main {
		kind, main = "timestamp", dates
	}
	if bools := s.bools + s.cells.bools; bools > main {
		kind, main = "boolean", bools
	}
	rest := s.all() - main
	if hint := s.cells.written(a.path, a.typed(), kind, untold); rest == 0 && hint != "" {
		return check.Mixture{Hint: hint, Path: a.typed()}
	}
	if main == 0 || rest == 0 {
		return check.Mixture{}
	}
	among, are := "rows", "are not "+kind+"s"
	if a.inner {
		among = "values"
	}
	if rest == 1 {
		are = "is not a " + kind
	}
	say := ""
	if kind == "number" && s.cells.commas > 0 && !s.cells.certain {
		say = " with --decimal , or --decimal ."
	}
	example := ""
	if !untold {
		example = s.example(kind)
	}
	hint := fmt.Sprintf("%s is text, because %s of its %s %s %s%s: %s%s reads the %ss, and makes the rest null",
		a.path, thousands(rest), thousands(s.all()), among, are, example, typeFlag(a.typed(), kind), say, kind)
	return check.Mixture{Hint: hint, False: s.falseText(), Path: a.typed()}
}

// falseText returns how false is spelled where it is among the values; "" where it is
// not.
func (s *survey) falseText() string {
	for _, p := range s.pieces {
		n := p.node
		if slices.Contains(n.bools.values, false) {
			return "false"
		}
		if n.counts.bools == 0 {
			continue
		}
		for _, code := range n.codes() {
			if b := n.dict.at(code); soleKind(b) == cellBool && !isTrue(b) {
				return string(b)
			}
		}
	}
	return ""
}

// example shows the first text that is not of the kind.
func (s *survey) example(kind string) string {
	digits := slices.ContainsFunc(s.pieces, func(p piece) bool { return p.node.nonText })
	for _, p := range s.pieces {
		n := p.node
		for _, code := range n.codes() {
			text := n.dict.at(code)
			if kind == kindName[soleKind(text)] {
				continue
			}
			if digits && n.binary { // so they are read
				text = hex.AppendEncode(nil, text)
			}
			return fmt.Sprintf(" (%s)", quoted(text))
		}
	}
	return ""
}

var kindName = map[cellKinds]string{cellNumber: "number", cellTime: "timestamp", cellComma: "number", cellDay: "timestamp", cellBool: "boolean"}
