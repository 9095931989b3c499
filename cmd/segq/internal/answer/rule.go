package answer

import (
	"cmp"
	"fmt"

	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// AsRule returns the part of a record that is not the same for all rules of a job.
func AsRule(r *record.Record) record.Rule {
	return record.Rule{
		Name: r.Name, Status: r.Status, Count: r.Count, ElapsedMS: r.ElapsedMS,
		Type: r.Type, Sample: r.Sample, Values: r.Values, Notes: r.Notes, Warnings: r.Warnings, Error: r.Error,
		ValuesSkipped: r.ValuesSkipped, Segments: r.Segments, Truncated: r.Truncated,
	}
}

// PerRule returns a record for each rule of a job: that of the job with the rule's answer,
// or the job's alone when it has none. Of a set of rules the answers know the names alone, and there are none
// where it could not be asked.
func PerRule(c redisx.Command, job *record.Record) []*record.Record {
	if c.Set != "" {
		c.Queries, c.Names = make([]string, len(job.Rules)), make([]string, len(job.Rules))
		for i, a := range job.Rules {
			c.Names[i] = a.Name
		}
		if len(job.Rules) == 0 {
			job.Name = cmp.Or(job.Name, c.Set)
			return []*record.Record{job}
		}
	}
	out := make([]*record.Record, len(c.Queries))
	for i := range out {
		r := *job
		r.ID, r.Query, r.Rules = fmt.Sprintf("%s/%d", job.ID, i+1), c.Queries[i], nil
		if len(c.Names) > 0 {
			r.Name = c.Names[i]
		}
		if i < len(job.Rules) {
			a := job.Rules[i]
			r.Status, r.Count, r.Exact = a.Status, a.Count, a.Count != nil
			if r.Count == nil {
				r.Total = nil
			}
			if !r.Cached {
				r.ElapsedMS = a.ElapsedMS
			}
			r.Type, r.Sample, r.Values, r.Warnings, r.Error = a.Type, a.Sample, a.Values, a.Warnings, a.Error
			r.Notes = a.Notes
			r.ValuesSkipped, r.Segments, r.Truncated = a.ValuesSkipped, a.Segments, a.Truncated
			r.SegmentVersions = versionsOf(job.SegmentVersions, a.Segments)
		}
		out[i] = &r
	}
	return out
}

// versionsOf returns the versions of those segments that a rule asks about.
func versionsOf(all map[string]int, asked map[string]string) map[string]int {
	var own map[string]int
	for name, version := range all {
		if _, ok := asked[name]; ok {
			if own == nil {
				own = map[string]int{}
			}
			own[name] = version
		}
	}
	return own
}
