package load

import (
	"math"

	"github.com/segq/segq/lang/check"
)

// namedNumber returns the number that a text of JSON names which JSON has no other way to write: exports and records are written
// so that every program reads them, with Infinity as a text.
func namedNumber(b []byte) (f float64, ok bool) {
	switch string(b) {
	case "Infinity":
		return math.Inf(1), true
	case "-Infinity":
		return math.Inf(-1), true
	case "NaN":
		return math.NaN(), true
	}
	return 0, false
}

// namesNumbers says whether texts that name a number are numbers at a place: where it has to have numbers, or has nothing else.
func (a at) namesNumbers(s *survey) bool {
	switch {
	case s.plain == 0:
		return false
	case a.want.scalar():
		return a.want.kind == "number"
	case a.schema != nil:
		return a.schema.Kind == check.Int || a.schema.Kind == check.Float
	}
	return s.numbers() > 0 && s.numbers()+s.plain == s.all() && s.declared&kindString == 0 && s.onlyNames()
}

// onlyNames says whether all texts name a number.
func (s *survey) onlyNames() bool {
	for _, p := range s.pieces {
		for _, code := range p.node.texts.values {
			if _, ok := namedNumber(p.node.dict.at(code)); !ok {
				return false
			}
		}
	}
	return true
}

// named brings the texts that name a number among the numbers, and leaves out those that name none. It says whether there
// were any.
func (d *decision) named(a at, pieces []piece) bool {
	const found = "a text"
	met := &tallies{}
	for _, p := range pieces {
		p.node.toLanes()
		p.node.takeNamed(func(slot uint32) { met.add(found, p, slot, 1) })
	}
	for _, m := range met.all {
		what := counted(m.count, "text") + " that name"
		if m.count == 1 {
			what += "s"
		}
		d.loader.note("%s: %s a number which JSON cannot write, the first at %s: NaN is read as null, Infinity as a number",
			a.path, what, d.placeOf(m.first, m.slot).Where())
	}
	return len(met.all) > 0
}

// takeNamed is [decision.named] of a node; met is told the slots.
func (n *node) takeNamed(met func(slot uint32)) {
	texts := n.texts
	n.texts = lane[uint32]{}
	for slot, code := range texts.all() {
		f, ok := namedNumber(n.dict.at(code))
		switch {
		case !ok:
			n.texts.add(slot, code)
			continue
		case !math.IsNaN(f):
			if n.digits != nil || len(n.floats.values) == 0 {
				n.digits = append(n.digits, asSpelled)
			}
			n.floats.add(slot, f)
			n.oddities().spelled.add(slot, code)
			n.seen |= kindFloat
		}
		met(slot)
	}
}
