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

// unitWords are all words for the units.
var unitWords = map[string]Unit{
	"centuries": Century, "millennia": Millennium, "millenniums": Millennium,
	"millenium": Millennium, "milleniums": Millennium,
}

func init() {
	for u := Millisecond; u <= Millennium; u++ {
		unitWords[unitNames[u]], unitWords[unitNames[u]+"s"] = u, u
	}
}

// String returns the singular name of u.
func (u Unit) String() string { return unitNames[u] }

// UnitNamed returns the unit that word names, singular or plural, and whether
// there is one. The old misspelling "millenium" counts.
func UnitNamed(word string) (Unit, bool) {
	u, ok := unitWords[word]
	return u, ok
}
