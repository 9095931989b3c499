package load

import (
	"math/bits"

	"github.com/segq/segq/exec/load/arrow"
	"github.com/segq/segq/exec/load/parquet"
)

// clockUnits is a set of units that times of day and durations are numbers of.
type clockUnits uint8

const (
	clockSeconds clockUnits = 1 << iota
	clockMillis
	clockMicros
	clockNanos
)

// String names the first of the units.
func (u clockUnits) String() string {
	return [...]string{"seconds", "milliseconds", "microseconds", "nanoseconds"}[bits.TrailingZeros8(uint8(u))]
}

// clocks are the units of a field.
type clocks struct {
	units clockUnits
	file  string // the first that has it
	noted bool
}

// clock takes in the units of a field in a file, and notes where they are not the same everywhere: the numbers are those
// of the files, so that equal times differ.
func (l *loader) clock(field string, units clockUnits, file string) {
	if units == 0 {
		return
	}
	c := l.clocks[field]
	if c == nil {
		if l.clocks == nil {
			l.clocks = map[string]*clocks{}
		}
		c = &clocks{units: units & -units, file: file}
		l.clocks[field] = c
	}
	if other := units &^ c.units; other != 0 && !c.noted {
		c.noted = true
		l.note("%s has times of day or durations in several units, %s in %s and %s in %s: they are compared as the numbers that they are, and equal times differ",
			field, c.units, c.file, other, file)
	}
}

// arrowClock returns the unit of times of day and of durations; 0 for other types.
func arrowClock(t arrow.Type) clockUnits {
	if t.Kind != arrow.Time && t.Kind != arrow.Duration {
		return 0
	}
	return clockSeconds << t.Unit
}

// avroClocks are the logical types of times of day.
var avroClocks = map[string]clockUnits{"time-millis": clockMillis, "time-micros": clockMicros}

// clock takes in the units of the times of day of a file.
func (p *plan) clock(l *loader, file string) {
	for _, leaf := range p.leaves {
		if e := leaf.element; e.Logical == parquet.Time && e.Unit != parquet.NoUnit {
			l.clock(leaf.name, clockMillis<<(e.Unit-parquet.Millis), file)
		}
	}
}
