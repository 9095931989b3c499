package dataset

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime/debug"

	"github.com/segq/segq/cmd/segq/internal/machine"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/exec/lookup"
)

// shares are the parts of --memory, in bytes.
type shares struct {
	// all is what the process may hold, and told whether a flag said so.
	all  int64
	told bool
	// loading is what may be held while the data is loaded, columns what it may be then,
	// queries what all queries may hold beside it, and query what one of them may.
	loading, columns, queries, query int64
	// beside returns what the data holds that is asked meanwhile, nil for none.
	beside func() int64
}

// with returns the parts of memory where other data is asked meanwhile.
func (s shares) with(p *prior) shares {
	if p != nil {
		s.loading, s.beside = s.columns, p.held // there are queries
	}
	return s
}

// defaultShare is how much of what there is segq takes where nobody says otherwise.
const defaultShare = 0.75

// shareMemory divides memory, and asks the garbage collector to keep within it. While
// data is loaded there are no queries; but what the collector has not found yet takes
// room too.
func shareMemory(memory Size) shares {
	s := shares{all: int64(memory), told: memory > 0}
	if !s.told {
		there := machine.Memory()
		if there <= 0 {
			return s // a system that does not tell
		}
		s.all = int64(defaultShare * float64(there))
	}
	s.loading, s.columns, s.queries, s.query = s.all-s.all/8, s.all-s.all/4, s.all/4, s.all/16
	if os.Getenv("GOMEMLIMIT") == "" { // else somebody has thought about it
		debug.SetMemoryLimit(s.all)
	}
	return s
}

// held returns what the data holds that is asked meanwhile.
func (s shares) held() int64 {
	if s.beside == nil {
		return 0
	}
	return s.beside()
}

// explain says of an error that more memory would have helped, and how much.
func (s shares) explain(err error) error {
	if made := (*lookup.MemoryError)(nil); errors.As(err, &made) {
		needs := max(int64(1.25*madeShare*4/3*float64(made.Needs)), s.all+s.all/2)
		return fmt.Errorf("the columns of lookups that are asked for need about %s of memory, and --memory is %s, which leaves %s for those; give --memory %s if there is as much, or ask for fewer of them at a time",
			amount(made.Needs), amount(s.all), amount(made.Limit), roundUp(needs))
	}
	if own := (*lookupMemoryError)(nil); errors.As(err, &own) {
		return s.explainLookup(own)
	}
	var full *load.MemoryError
	if !errors.As(err, &full) {
		return err
	}
	part, what := 8.0/7, "loading the data needs"
	switch {
	case full.Columns:
		part, what = 4.0/3, "the loaded data needs"
	case s.beside != nil:
		part = 4.0 / 3
	}
	about := "about"
	if full.AtLeast {
		about = "more than"
	}
	all := "--memory is " + amount(s.all)
	if !s.told {
		all += " (by default, three quarters of what there is)"
	}
	beside := ""
	if s.held() > 0 {
		beside = " beside the data that is being asked"
	}
	// What was foretold is a guess, and what is known so far may be little: half as much
	// again, so that nobody goes up in small steps.
	needs := max(int64(1.25*part*float64(full.Needs+s.held())), s.all+s.all/2)
	return &explained{full, fmt.Sprintf("%s %s %s of memory, and %s, which leaves %s for that%s; give --memory %s if there is as much, or less data",
		what, about, amount(full.Needs), all, amount(full.Limit), beside, roundUp(needs))}
}

// explained is an error of memory in words that say what would help.
type explained struct {
	full  *load.MemoryError
	words string
}

// Error returns the words.
func (e *explained) Error() string { return e.words }

// Unwrap returns the error that is explained.
func (e *explained) Unwrap() error { return e.full }

// Figures tell in --stats what the run held, in bytes: the columns; loading them at
// its peak, as counted; the process at its peak, as the system says; and --memory.
type Figures struct {
	Columns int64 `json:"columns_bytes"`
	Loading int64 `json:"loading_peak_bytes"`
	Process int64 `json:"process_peak_bytes,omitempty"`
	Allowed int64 `json:"memory_bytes,omitempty"`
	// Remote is how many bytes came from elsewhere, and Requests how many requests it took.
	Remote   int64 `json:"remote_bytes,omitempty"`
	Requests int64 `json:"remote_requests,omitempty"`
}

// Figures returns those of the dataset.
func (d *Dataset) Figures() *Figures {
	report, remote := d.table.Report(), object.Total()
	return &Figures{
		Columns: report.Columns, Loading: report.Peak, Process: machine.ProcessPeak(), Allowed: d.memory.all,
		Remote: remote.Bytes, Requests: remote.Requests,
	}
}

// amount returns bytes in words.
func amount(bytes int64) string {
	for _, u := range sizeUnits {
		if n := float64(bytes) / float64(int64(1)<<u.shift); n >= 1 {
			if n < 10 && u.shift > 0 {
				return fmt.Sprintf("%.1f %s", n, u.name)
			}
			return fmt.Sprintf("%.0f %s", n, u.name)
		}
	}
	return "nothing"
}

// roundUp returns bytes as a value of --memory that is no smaller.
func roundUp(bytes int64) string {
	unit := sizeUnits[1] // MB
	if bytes >= 10<<30 {
		unit = sizeUnits[0]
	}
	return fmt.Sprintf("%.0f%s", math.Ceil(float64(bytes)/float64(int64(1)<<unit.shift)), unit.name)
}
