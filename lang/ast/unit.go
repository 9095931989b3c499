package ast

// Unit is a unit of time. Units from Month on are calendar units: their length
// depends on where they start.
type Unit uint8

// The units that PQL names, shortest first.
const (
	NoUnit Unit = iota
	Millisecond
	Second
	Minute
	Hour
	Day
	Week
	Month
	Quarter
	Year
	Decade
	Century
	Millennium
)

var unitNames = [...]string{
	"", "millisecond", "second", "minute", "hour", "day", "week", "month",
	"quarter", "year", "decade", "century", "millennium",
}

var unitPlurals = map[string]Unit{
	"centuries": Century, "millennia": Millennium, "millenniums": Millennium,
	"millenium": Millennium, "milleniums": Millennium,
}

// String returns the singular name of u.
func (u Unit) String() string { return unitNames[u] }

// UnitNamed returns the unit that word names, singular or plural, and whether
// there is one. The old misspelling "millenium" counts.
func UnitNamed(word string) (Unit, bool) {
	if u, ok := unitPlurals[word]; ok {
		return u, true
	}
	for u := Millisecond; u <= Millennium; u++ {
		if n := unitNames[u]; word == n || word == n+"s" {
			return u, true
		}
	}
	return NoUnit, false
}
