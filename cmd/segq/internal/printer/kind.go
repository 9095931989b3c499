package printer

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/redisx/record"
)

// kind is what the columns of records in csv and tsv are for: of the parts that a record may have,
// those of one run are of one kind.
type kind struct {
	// columns are those of a part, cells what a record has for them, a line each.
	columns []string
	cells   func(r *record.Record) [][]string
	// before are the columns of what the part is of, nil for those of counts.
	before []string
	// count says that the columns are those of counts, which have a line each.
	count bool
	// bare leaves out what a record says beside its part.
	bare bool
}

// Values is the [Layout.Kind] of records that may hold values, rowsKind of those with rows.
const Values, rowsKind = "values", "rows"

// Why is the [Layout.Kind] of records about one profile.
const Why = "why"

// Changes is the [Layout.Kind] of records of memberships that were compared.
const Changes = "changes"

// kinds are the columns of parts by the name of the kind; what else there is are counts.
var kinds = map[string]kind{
	Values:      {columns: []string{"part", "at", "value", "low", "high", "count", "share"}, cells: valueCells, before: audienceBefore},
	"breakdown": {columns: []string{"by", "value", "count", "share", "null", "distinct"}, cells: breakdownCells, before: audienceBefore},
	"funnel":    {columns: []string{"position", "clause", "alone", "so_far", "kept", "without", "costs_most"}, cells: funnelCells, before: audienceBefore},
	"near":      {columns: []string{"position", "clause", "part", "becomes", "adds", "count", "best", "loosened_query"}, cells: nearCells, before: audienceBefore},
	"lift": {
		columns: []string{"field", "value", "null", "count", "all", "share", "base", "index", "low", "high", "p", "p_corrected", "small", "compared"},
		cells:   liftCells,
		before:  audienceBefore,
	},
	"overlap": {columns: []string{"part", "in", "name", "query", "second", "count", "share", "share_second", "jaccard"}, cells: overlapCells, before: overlapBefore},
	"qualify": {columns: []string{"profile", "rule"}, cells: qualifyCells},
	"schema":  {columns: []string{"path", "type"}, cells: schemaCells},
	"export":  {columns: []string{"to", "published", "version", "bits", "hashes", "file", "bytes", "rows", "holds"}, cells: exportCells},
	// A line for each audience, with the file of all.
	"memberships": {columns: []string{"audience", "profiles", "file", "bytes", "rows", "holds"}, cells: membershipCells},
	// A line for each audience, with the file of memberships, if there is one, and those of what has changed.
	Changes: {columns: []string{"audience", "before", "entered", "left", "stayed", "now", "without_id", "file", "changes_file", "summary_file", "holds"}, cells: changeCells},
	"diff":  {columns: []string{"saved", "version", "from", "from_version", "before", "now", "entered", "left", "stayed", "entered_ids", "left_ids", "file", "bytes", "rows", "holds"}, cells: diffCells},
	"save":  {columns: []string{"saved", "version", "fresh", "members", "place"}, cells: savedCells},
	Why: {
		columns: []string{"profile", "rule", "rule_query", "in", "position", "depth", "kind", "clause", "verdict", "values", "elements", "held"},
		cells:   whyCells,
		before:  whyBefore,
	},
}

// kindOf returns the name of the kind of a record, "" for one that may be of any.
func kindOf(r *record.Record) string {
	for name, has := range map[string]bool{
		Values: r.Values != nil, "breakdown": r.Breakdown != nil, "funnel": r.Funnel != nil, "near": r.Near != nil, "lift": r.Lift != nil || r.Compared > 0,
		"overlap": r.Overlap != nil, "schema": r.Schema != nil, "export": r.Export != nil && r.Rules == nil && r.Diff == nil, "memberships": r.Export != nil && r.Rules != nil && r.Changes == nil, Changes: r.Changes != nil, rowsKind: r.Rows != nil,
		"qualify": r.Qualify != nil, Why: r.Why != nil, "diff": r.Diff != nil, "save": r.Saved != nil,
	} {
		if has {
			return name
		}
	}
	return ""
}

// columnsOf returns the kind called name; the columns of rows are those of a record.
func columnsOf(name string, r *record.Record) *kind {
	if name == rowsKind && r.Rows != nil {
		k := &kind{cells: rowCells}
		for _, c := range r.Rows.Columns {
			k.columns = append(k.columns, c.Name)
		}
		return k
	}
	if k, ok := kinds[name]; ok {
		return &k
	}
	return &kind{count: true}
}

var (
	countHeader = []string{
		"id", "index", "name", "query", "status", "count", "total", "exact", "elapsed_ms",
		"snapshot", "now", "cached", "sample", "error_code", "error_message", "error_line", "error_column", "error_hint",
		"rows_skipped", "values_skipped", "segments", "type", "warnings", "notes", "truncated",
		"rule_set", "segment_versions",
	}
	headerBefore = []string{"id", "index", "name", "query", "status", "count", "total"}
	// What a record says of an audience stands beside columns with the same names.
	audienceBefore = []string{"id", "name", "query", "status", "audience_count", "total"}
	whyBefore      = []string{"id", "status"}
	overlapBefore  = []string{"id", "status", "total"}
	headerAfter    = []string{"error_code", "error_message", "error_line", "error_column", "error_hint", "warnings", "notes", "truncated", "snapshot", "now", "rule_set", "segment_versions"}
)

// bareHeader are the columns of counts beside nothing else.
var bareHeader = []string{"name", "query", "status", "count", "total", "exact"}

func (k *kind) header() []string {
	if k.bare && k.count {
		return bareHeader
	}
	if k.bare {
		return k.columns
	}
	if k.count {
		return countHeader
	}
	return slices.Concat(k.ahead(), k.columns, headerAfter)
}

// ahead are the columns ahead of those of the part.
func (k *kind) ahead() []string {
	if k.before == nil {
		return headerBefore
	}
	return k.before
}

// aheadCells are what a record has for them.
func (k *kind) aheadCells(r *record.Record) []string {
	known := map[string]string{
		"id": r.ID, "index": strconv.Itoa(r.Index), "name": r.Name, "query": r.Query, "status": r.Status,
		"count": numberText(r.Count), "audience_count": numberText(r.Count), "total": numberText(r.Total),
	}
	cells := make([]string, len(k.ahead()))
	for i, column := range k.ahead() {
		cells[i] = known[column]
	}
	return cells
}

// lines returns what is written of a record, at least one line. The error says that its rows are
// not those of the header.
func (k *kind) lines(r *record.Record) ([][]string, error) {
	if k.bare {
		return k.bareLines(r), nil
	}
	before := k.aheadCells(r)
	failed := errorCells(r)
	said := []string{strings.Join(r.Warnings, "; "), notesText(r.Notes), strings.Join(r.Truncated, " ")}
	now := r.Now.Format(time.RFC3339Nano)
	versions := []string{ruleSetText(r.RuleSet), pairsText(r.SegmentVersions)}
	if k.count {
		return [][]string{slices.Concat(before, []string{
			strconv.FormatBool(r.Exact), strconv.FormatFloat(r.ElapsedMS, 'f', -1, 64), r.Snapshot, now,
			strconv.FormatBool(r.Cached), list(r.Sample),
		}, failed, []string{numberText(r.RowsSkipped), pairsText(r.ValuesSkipped), pairsText(r.Segments), r.Type}, said, versions)}, nil
	}
	cells := k.cells(r)
	if len(cells) == 0 {
		cells = [][]string{make([]string, len(k.columns))}
	}
	lines := make([][]string, len(cells))
	for i, c := range cells {
		if len(c) != len(k.columns) {
			return nil, fmt.Errorf("the rows of %q have other columns than those before: use --format json or ndjson", r.ID)
		}
		lines[i] = slices.Concat(before, c, failed, said, []string{r.Snapshot, now}, versions)
	}
	return lines, nil
}

// bareLines are the lines of the part of a record alone.
func (k *kind) bareLines(r *record.Record) [][]string {
	if !k.count {
		return k.cells(r)
	}
	return [][]string{{r.Name, r.Query, r.Status, numberText(r.Count), numberText(r.Total), strconv.FormatBool(r.Exact)}}
}

func errorCells(r *record.Record) []string {
	e := record.Error{}
	if r.Error != nil {
		e = *r.Error
	}
	return []string{e.Code, e.Message, placeText(e.Line), placeText(e.Column), e.Hint}
}

func notesText(notes []record.Note) string {
	texts := make([]string, len(notes))
	for i, n := range notes {
		if texts[i] = n.Text; n.Instead != "" {
			texts[i] += ": " + n.Instead
		}
	}
	return strings.Join(texts, "; ")
}

// ruleSetText returns a version of a set of rules as name@version, as commands take it; nothing for none.
func ruleSetText(r *record.RuleSet) string {
	if r == nil {
		return ""
	}
	return fmt.Sprintf("%s@%d", r.Name, r.Version)
}

// pairsText returns a map as name=value, in order of the names.
func pairsText[T any](m map[string]T) string {
	parts := make([]string, 0, len(m))
	for _, name := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s=%v", name, m[name]))
	}
	return strings.Join(parts, " ")
}

// numberText returns a number's text, empty when there is none.
func numberText(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// placeText returns the text of a line or a column, empty for no place.
func placeText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
