package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/redisx/record"
)

// snapshots counts from which data the answers of a run come: workers may get other data before it ends, and
// counts over different data do not compare.
type snapshots struct {
	printer.Writer
	names   []string // in the order of the first answer from each
	answers map[string]int
	total   map[string]int
}

// Write writes a record that is counted.
func (s *snapshots) Write(r *record.Record) error {
	s.count(r)
	return s.Writer.Write(r)
}

func (s *snapshots) count(r *record.Record) {
	if r.Status != record.OK || r.Snapshot == "" {
		return
	}
	if s.answers == nil {
		s.answers, s.total = map[string]int{}, map[string]int{}
	}
	if !slices.Contains(s.names, r.Snapshot) {
		s.names = append(s.names, r.Snapshot)
	}
	s.answers[r.Snapshot]++
	if r.Total != nil {
		s.total[r.Snapshot] = *r.Total
	}
}

// mostSnapshots is how many of them are named.
const mostSnapshots = 5

// note says so where the answers come from several.
func (s *snapshots) note(w io.Writer) {
	if len(s.names) < 2 {
		return
	}
	var each []string
	for _, name := range s.names[:min(len(s.names), mostSnapshots)] {
		each = append(each, fmt.Sprintf("%d from %s of %d profiles", s.answers[name], name, s.total[name]))
	}
	more := ""
	if n := len(s.names) - mostSnapshots; n > 0 {
		more = fmt.Sprintf(", and from %d others", n)
	}
	fmt.Fprintf(w, "segq: the answers come from %d snapshots of the data, which was replaced meanwhile, and do not compare: %s%s; with --ndjson the \"snapshot\" of each answer says from which it is; ask again for answers from one\n",
		len(s.names), strings.Join(each, ", "), more)
}

// noteSnapshots says so where records come from several.
func noteSnapshots(w io.Writer, records []*record.Record) {
	s := &snapshots{}
	for _, r := range records {
		s.count(r)
	}
	s.note(w)
}
