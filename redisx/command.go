package redisx

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Version is the version of the protocol: the v of a command.
const Version = 1

// MaxCommand is the most bytes that a command may have as JSON.
const MaxCommand = 64 << 10

// Command is what a client asks for. As JSON it is what goes through the queue;
// a client in any language may LPUSH one to the ingress list.
type Command struct {
	V  int    `json:"v"`
	ID string `json:"id"`
	// Op is what to do. The handler answers query, and what else is asked of a query:
	// breakdown, funnel, near, lift, sample, rows and export; of several, rules, overlap and memberships; of one or several, why; of segments that are kept, save and diff; and schema.
	// The worker itself answers ping, and cancel, of the job called Target.
	Op     string `json:"op"`
	Target string `json:"target,omitempty"`
	// Tenant is who the command belongs to, and Class how urgent it is:
	// interactive, normal or batch. Within a tenant's queue of a class, a smaller
	// Priority goes first.
	Tenant   string `json:"tenant,omitempty"`
	Class    string `json:"class,omitempty"`
	Priority int    `json:"prio,omitempty"`
	// DeadlineMS is how long after its arrival the command is of use, in
	// milliseconds; 0 for always.
	DeadlineMS int64 `json:"deadline_ms,omitempty"`
	// Tries is how often the command is tried at most while it meets errors that
	// may pass; 0 for the default of 2.
	Tries int `json:"tries,omitempty"`
	// Query, Name, Segments, Params, Now, Sample and Seed are for the handler. Segments
	// are the queries that others ask about, by name; what they say is part of what is
	// asked.
	Query    string            `json:"query,omitempty"`
	Name     string            `json:"name,omitempty"`
	Segments map[string]string `json:"segments,omitempty"`
	Params   Params            `json:"params,omitempty"`
	Now      string            `json:"now,omitempty"`
	Sample   int               `json:"sample,omitempty"`
	Seed     uint64            `json:"seed,omitempty"`
	// Snapshot names the data that the answer is to come from, "" for what the queue has: with any other
	// the job fails at once.
	Snapshot string `json:"snapshot,omitempty"`
	// Values asks to describe the values of queries that are not conditions, in addition to counting
	// the profiles for which they hold.
	Values bool `json:"values,omitempty"`
	// By is the field of a breakdown, a.b.c, of which it gives the Top most frequent values, 0 for
	// DefaultTop; and of a lift the fields, with commas between them, or all, of whose values it gives
	// the first Top, 0 for all.
	By  string `json:"by,omitempty"`
	Top int    `json:"top,omitempty"`
	// Queries are the audiences of an overlap, or the rules that one job answers; Names are
	// names for the answers to rules, one for each or none.
	Queries []string `json:"queries,omitempty"`
	Names   []string `json:"names,omitempty"`
	// Set names a set of rules that is kept ([Client.Keep]) in place of Queries, for what is asked of many, and
	// SetVersion its version, 0 for the latest.
	Set        string `json:"set,omitempty"`
	SetVersion int    `json:"set_version,omitempty"`
	// SegmentVersions are the versions of those of Segments that were taken from what is kept.
	SegmentVersions map[string]int `json:"segment_versions,omitempty"`
	// To is where an export goes: one of Kinds, published as the segment Name, or file, to
	// a file of that name. Rate is that of a Bloom filter, TTLMS after how many milliseconds
	// the segment goes; 0 for the defaults.
	To    string  `json:"to,omitempty"`
	Rate  float64 `json:"rate,omitempty"`
	TTLMS int64   `json:"ttl_ms,omitempty"`
	// Fresh says that nothing may be there yet where an export goes: it fails rather than take its place.
	Fresh bool `json:"fresh,omitempty"`
	// Personal are fields of which the asker wants no notes that tell their values, beside those of the
	// worker's own: crm.email, crm.*, memberNo, and !crm.status for one that is none.
	Personal []string `json:"personal,omitempty"`
	// Profile is the id of the one that why is about; Explain asks of many rules what decided each.
	Profile string `json:"profile,omitempty"`
	Explain bool   `json:"explain,omitempty"`
	// Document is the profile that qualify is about, which is in no data: the text of a JSON object.
	Document string `json:"document,omitempty"`
	Columns
	Keeping
	Comparing
}

// Classes are the classes of commands, most urgent first. They share the workers
// by weight, 8 to 3 to 1, so that none starves.
var Classes = []string{interactive, "normal", "batch"}

// interactive is the class of what somebody waits for.
const interactive = "interactive"

// ops are the operations that a command may name.
var ops = []string{"query", "breakdown", "funnel", "near", "lift", "sample", "rows", "export", "rules", "overlap", "memberships", "why", "qualify", "diff", "save", "schema", "ping", "cancel"}

// DefaultSeed is the seed of samples where a command has none.
const DefaultSeed = 1

// MaxSample is how many ids one answer has at most.
const MaxSample = 1_000_000

// maxMillis is the longest time of a command in milliseconds, 100 years. What is further
// away is beyond the numbers of Go's durations, and of the Lua of the embedded broker.
const maxMillis = 100 * 365 * 24 * int64(time.Hour/time.Millisecond)

// MaxOverlap is how many audiences are compared at most: each with each other.
const MaxOverlap = 64

// MaxPersonal is how many patterns of personal fields a command has at most.
const MaxPersonal = 256

// The values that a breakdown has at most.
const (
	DefaultTop = 1000 // where a command does not say
	MaxTop     = 100_000
)

// ToFile is where an export goes that goes to no segment.
const ToFile = "file"

// asksQuery says whether an operation is about one query, and asksField whether about
// a field.
func asksQuery(op string) bool {
	return slices.Contains([]string{"query", "breakdown", "funnel", "near", "lift", "sample", "rows", "export", "save"}, op)
}

func asksField(op string) bool { return op == "breakdown" || op == "lift" }

// takesSet says whether an operation is about rules, which a set may hold.
func takesSet(op string) bool {
	return slices.Contains([]string{"rules", "memberships", "qualify", "why", "near"}, op)
}

// hasValues says whether the answer to an operation has room for values.
func hasValues(op string) bool { return op == "query" || op == "sample" || op == "rules" }

// normal fills in what was left out and checks the rest. A command without an id
// gets one, and is then only delivered at least once: the id is what tells a
// repetition from a second command.
func (c *Command) normal() error {
	if c.V == 0 {
		c.V = Version
	}
	if c.ID == "" {
		c.ID = uuid.NewString()
	}
	if c.Tenant == "" {
		c.Tenant = "default"
	}
	if c.Class == "" {
		c.Class = "normal"
	}
	if c.Seed == 0 {
		c.Seed = DefaultSeed
	}
	c.DeadlineMS = min(c.DeadlineMS, maxMillis)
	if err := c.checkForm(); err != nil {
		return err
	}
	if err := c.checkOp(); err != nil {
		return err
	}
	return c.checkParts()
}

// checkForm says what is wrong with what all commands have.
func (c *Command) checkForm() error {
	switch {
	case c.V != Version:
		return fmt.Errorf("version %d of the protocol is not known: this is version %d", c.V, Version)
	case !slices.Contains(ops, c.Op):
		return fmt.Errorf("op %q is not known: use %s", c.Op, strings.Join(ops, ", "))
	case !slices.Contains(Classes, c.Class):
		return fmt.Errorf("class %q is not known: use %s", c.Class, strings.Join(Classes, ", "))
	case c.Priority < -1000 || c.Priority > 1000:
		return fmt.Errorf("prio %d: use -1000 to 1000", c.Priority)
	case c.Sample > MaxSample || c.Sample*max(1, len(c.Queries)) > MaxSample:
		return fmt.Errorf("sample %d of %d queries: at most %d ids in one command; an export has all", c.Sample, max(1, len(c.Queries)), MaxSample)
	case c.DeadlineMS < 0:
		return errors.New("deadline_ms is negative")
	case c.Now != "" && !c.hasNow():
		return fmt.Errorf("now %q is not a time: write it like 2026-11-01T00:00:00Z", c.Now)
	case c.Tries < 0 || c.Tries > 10:
		return fmt.Errorf("tries %d: use 1 to 10, or 0 for the default", c.Tries)
	case nesting(map[string]any(c.Params)) > maxNesting:
		return fmt.Errorf("params are nested more than %d deep", maxNesting-1)
	case len(c.Personal) > MaxPersonal:
		return fmt.Errorf("%d personal fields: use up to %d", len(c.Personal), MaxPersonal)
	case len(c.Names) > 0 && len(c.Names) != len(c.Queries):
		return fmt.Errorf("%d names for %d queries", len(c.Names), len(c.Queries))
	}
	return nil
}

// checkOp says what is wrong with what the operation of a command needs, or does not know.
func (c *Command) checkOp() error {
	switch {
	case c.Op == "near" && c.Set != "" && c.Name == "":
		return errors.New("a near command with a set needs the name of one of its rules")
	case asksQuery(c.Op) && strings.TrimSpace(c.Query) == "" && (c.Op != "near" || c.Set == ""):
		return fmt.Errorf("a %s command needs a query", c.Op)
	case asksField(c.Op) && c.By == "":
		return fmt.Errorf("a %s command needs the path of a field in by", c.Op)
	case c.By != "" && !asksField(c.Op):
		return fmt.Errorf("by is for breakdown and lift, not for %s", c.Op)
	case c.Top != 0 && c.Op != "breakdown" && c.Op != "lift":
		return fmt.Errorf("top is for breakdown and lift, not for %s", c.Op)
	case c.Top < 0 || c.Top > MaxTop:
		return fmt.Errorf("top %d: use 1 to %d, or 0 for the default of %d", c.Top, MaxTop, DefaultTop)
	case c.Values && !hasValues(c.Op):
		return fmt.Errorf("values are for query, sample and rules, not for %s", c.Op)
	case c.Op == "overlap" && (len(c.Queries) < 2 || len(c.Queries) > MaxOverlap):
		return fmt.Errorf("an overlap command needs 2 to %d queries", MaxOverlap)
	case c.Op == "rules" && len(c.Queries) == 0 && c.Set == "":
		return errors.New("a rules command needs queries, or a set")
	case c.Op == "memberships" && len(c.Queries) == 0 && c.Set == "":
		return errors.New("a memberships command needs queries, or a set")
	case c.Op == "memberships" && c.To != "" && c.To != ToFile:
		return fmt.Errorf("memberships go to a file, and not to %q", c.To)
	case c.Fresh && c.Op != "export" && c.Op != "diff":
		return fmt.Errorf("fresh is for export and diff, not for %s", c.Op)
	}
	return nil
}

// checkParts says all that is wrong with the parts of a command that have rules of their own.
func (c *Command) checkParts() error {
	names := []error{validName("id", c.ID), validName("tenant", c.Tenant), c.checkColumns(), c.checkSet(), c.checkWhy(), c.checkDocument(), c.checkKeeping(), c.checkComparing()}
	if c.Snapshot != "" {
		names = append(names, validName("snapshot", c.Snapshot))
	}
	if c.Op == "export" {
		names = append(names, c.checkExport())
	}
	if c.Op == "memberships" {
		names = append(names, validName("name", c.Name))
	}
	if c.Op == "cancel" {
		names = append(names, validName("target", c.Target))
	}
	return errors.Join(names...)
}
