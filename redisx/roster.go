package redisx

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

var scriptRoster = script("roster")

// Roster is who works for a namespace at one moment.
type Roster struct {
	// Epoch changes when Redis loses its data.
	Epoch string
	// Snapshot names the data that answers come from, "" where no worker says, and StandIn what
	// that stands in for, nil for nothing.
	Snapshot string
	StandIn  *StandIn
	// Listening is how many workers are connected and wait for requests. Those of older versions do not, and nor
	// does one whose connection was lost a moment ago: it says nothing of who that is.
	Listening int
	// Workers are those that gave a sign of life in the last half minute, by their names.
	Workers []Seen
}

// Seen is a worker as it was seen last.
type Seen struct {
	Name string
	// Quiet is how long ago its last sign of life is, and Every how far apart these are when all is well.
	Quiet, Every time.Duration
	// Lease is how long it has what it runs without one.
	Lease time.Duration
	// Snapshot names its data, "" where it does not say, and Running is how many jobs it has.
	Snapshot string
	Running  int
	// Holding is what it has told of its data.
	Holding
}

// Silent says whether the worker should have given a sign of life since, twice.
func (s *Seen) Silent() bool { return s.Quiet > 2*s.Every+time.Second }

const (
	// rosterFor is how long a silent worker is told of.
	rosterFor = 2 * silent
	// beatsALease is how many signs of life a worker gives in the time of a lease, and usualLease how long that is
	// for one that does not say.
	beatsALease = 5
	usualLease  = 15 * time.Second
)

// Roster reads who works for the namespace, in one round trip.
func (c *Client) Roster(ctx context.Context) (Roster, error) {
	reply, err := c.run(ctx, c.control, scriptRoster, rosterFor.Milliseconds()).Slice()
	if err != nil {
		return Roster{}, fmt.Errorf("cannot read who works: %w", err)
	}
	const head, each = 4, 7
	if len(reply) < head || (len(reply)-head)%each != 0 {
		return Roster{}, errors.New("redis did not return who works")
	}
	listening, _ := reply[3].(int64)
	reply[3] = ""
	f, ok := texts(reply)
	if !ok {
		return Roster{}, errors.New("redis did not return who works")
	}
	r := Roster{Epoch: f[0], Snapshot: f[1], StandIn: readStandIn(f[2]), Listening: int(listening)}
	for w := range slices.Chunk(f[head:], each) {
		r.Workers = append(r.Workers, readSeen(w))
	}
	slices.SortFunc(r.Workers, func(a, b Seen) int { return cmp.Compare(a.Name, b.Name) })
	return r, nil
}

// readSeen reads what the script tells of a worker.
func readSeen(f []string) Seen {
	s := Seen{Name: f[0]}
	quiet, _ := strconv.ParseInt(f[1], 10, 64)
	lease, snapshot, _ := strings.Cut(f[2], ":")
	ms, _ := strconv.ParseInt(lease, 10, 64)
	s.Quiet = time.Duration(quiet) * time.Millisecond
	s.Lease = cmp.Or(time.Duration(ms)*time.Millisecond, usualLease)
	s.Every = s.Lease / beatsALease
	s.Snapshot = snapshot
	if f[3] != "" {
		s.Holding, _ = readHolding(f[3], f[4])
		s.readData(f[5])
	}
	s.Running, _ = strconv.Atoi(f[6])
	return s
}
