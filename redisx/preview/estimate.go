package preview

import (
	"bytes"
	"encoding/json"
	"math"
	"time"

	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/estimate"
	"github.com/segq/segq/redisx/record"
)

// Estimate is what is known of a job at one moment. The names of the fields up to
// Error are those of the estimate of Adobe's Segmentation Service API ("Previews and
// estimates"), whose scripts can read it: while the job runs the size is an estimate
// with its error, and when it is done the count itself.
type Estimate struct {
	PreviewID string `json:"previewId" doc:"The id of the preview"`
	State     string `json:"state" enum:"NEW,RUNNING,RESULT_READY,FAILED" doc:"NEW while it waits, RUNNING, RESULT_READY when the answer is there, or FAILED"`
	// The sizes count profiles.
	EstimatedSize        int64   `json:"estimatedSize" doc:"Profiles in the audience: an estimate while the job runs, the count when the answer is there"`
	NumRowsToRead        int64   `json:"numRowsToRead" doc:"Profiles that are read for the answer"`
	TotalRows            int64   `json:"totalRows" doc:"Profiles of the data"`
	ProfilesReadSoFar    int64   `json:"profilesReadSoFar"`
	ProfilesMatchedSoFar int64   `json:"profilesMatchedSoFar"`
	StandardError        float64 `json:"standardError" doc:"Standard error of estimatedSize, in profiles; 0 for a count"`
	ConfidenceInterval   string  `json:"confidenceInterval" doc:"Confidence of low and high"`
	Error                *Fault  `json:"error,omitempty" doc:"Why the job failed"`
	Low                  int64   `json:"low" doc:"Lower end of the interval of estimatedSize"`
	High                 int64   `json:"high" doc:"Upper end of the interval of estimatedSize"`
	Exact                bool    `json:"exact" doc:"Whether estimatedSize is a count"`
	Cached               bool    `json:"cached" doc:"Whether the answer comes from the cache"`
	JobState             string  `json:"jobState" doc:"The state of the job in the queue" enum:"queued,delayed,suspect,running,done,truncated,failed,cancelled,expired,dead"`
	PartitionsDone       int     `json:"partitionsDone"`
	PartitionsTotal      int     `json:"partitionsTotal"`
	BytesLoaded          int64   `json:"bytesLoaded,omitempty" doc:"Bytes of the data that were read for the preview so far, where it has to wait for them"`
	BytesToLoad          int64   `json:"bytesToLoad,omitempty" doc:"Bytes of the data that are read for it"`
	Name                 string  `json:"name,omitempty"`
	Op                   string  `json:"op"`
	Class                string  `json:"class"`
	Created              string  `json:"created" format:"date-time"`
	Started              string  `json:"started,omitempty" format:"date-time"`
	Finished             string  `json:"finished,omitempty" format:"date-time"`
	Snapshot             string  `json:"snapshot,omitempty" doc:"Fingerprint of the data that was counted"`
	RowsSkipped          *int    `json:"rowsSkipped,omitempty" doc:"Rows of the data that could not be read and are not counted, when the answer is there"`
	Answer               any     `json:"answer,omitempty" doc:"The whole record of the answer, when it is there"`
}

// Fault says what is wrong with a job. Line and column, which count from 1, are those
// of the query, or of the list of select where In is that.
type Fault struct {
	Description string `json:"description"`
	Code        string `json:"code,omitempty"`
	In          string `json:"in,omitempty" enum:"select" doc:"What line and column are in: the list of select, or, left out, the query"`
	Line        int    `json:"line,omitempty"`
	Column      int    `json:"column,omitempty"`
	Hint        string `json:"hint,omitempty"`
}

// stateOf returns Adobe's name of a state.
func stateOf(s redisx.State) string {
	switch s {
	case redisx.Queued, redisx.Delayed, redisx.Suspect:
		return "NEW"
	case redisx.Running:
		return "RUNNING"
	case redisx.Done:
		return "RESULT_READY"
	}
	return "FAILED"
}

// estimateOf tells a job, with its result when it has one.
func estimateOf(j redisx.Job, result []byte) *Estimate {
	e := &Estimate{
		PreviewID: j.ID, State: stateOf(j.State), JobState: string(j.State), ConfidenceInterval: "95%",
		Name: j.Command.Name, Op: j.Command.Op, Class: j.Class, PartitionsTotal: len(j.Partitions),
		Created: stamp(j.Created), Started: stamp(j.Started), Finished: stamp(j.Finished),
		Cached: j.Source == redisx.SourceCache, Snapshot: j.Snapshot, BytesLoaded: j.Load.Done, BytesToLoad: j.Load.Total,
	}
	parts := make([]estimate.Partition, len(j.Partitions))
	for i, p := range j.Partitions {
		parts[i] = estimate.Partition{Total: int64(p.Total), Rows: int64(p.Rows), Matched: int64(p.Matched)}
		e.TotalRows += int64(p.Total)
		e.ProfilesReadSoFar += int64(p.Rows)
		e.ProfilesMatchedSoFar += int64(p.Matched)
		if p.Done {
			e.PartitionsDone++
		}
	}
	e.NumRowsToRead = e.TotalRows
	if e.Op != "rules" && e.Op != "overlap" { // which have no size in common
		e.project(parts)
		e.Exact = j.State == redisx.Done && e.TotalRows > 0 && e.ProfilesReadSoFar == e.TotalRows
	}
	if e.State == "FAILED" {
		e.Error = &Fault{Description: reason(j), Code: j.Code}
	}
	if len(result) > 0 {
		e.answer(j, result)
	}
	return e
}

// project fills in the size from counters: with the error of the estimate where there
// is enough to tell it, else within the bounds that are certain.
func (e *Estimate) project(parts []estimate.Partition) {
	e.Low, e.High = e.ProfilesMatchedSoFar, e.ProfilesMatchedSoFar+e.TotalRows-e.ProfilesReadSoFar
	if e.ProfilesReadSoFar > 0 {
		e.EstimatedSize = int64(math.Round(float64(e.ProfilesMatchedSoFar) / float64(e.ProfilesReadSoFar) * float64(e.TotalRows)))
	}
	if p, ok := estimate.Project(parts); ok {
		e.EstimatedSize, e.StandardError = int64(math.Round(p.Count)), p.Error
		e.Low, e.High = int64(math.Floor(p.Low)), int64(math.Ceil(p.High))
	}
}

// answer fills in what the record of a job says.
func (e *Estimate) answer(j redisx.Job, result []byte) {
	r, err := record.Decode(result)
	if err == nil && r.V < record.Version {
		result, err = record.Encode(r) // in the names of today
	}
	var whole map[string]any // a later version may say more than is known here
	d := json.NewDecoder(bytes.NewReader(result))
	d.UseNumber() // a float has not the digits of every whole number
	if err != nil || d.Decode(&whole) != nil {
		return
	}
	whole["id"], whole["name"], whole["query"] = j.ID, j.Command.Name, j.Command.Query
	if e.Cached { // as it was made for the first who asked
		at := j.Created
		if asked, ok := redisx.Instant(j.Command.Now); ok {
			at = asked
		}
		whole["now"], whole["elapsed_ms"] = stamp(at), 0.0
	}
	e.Cached = e.Cached || r.Cached
	whole["cached"] = e.Cached
	e.Answer, e.Snapshot, e.RowsSkipped = whole, r.Snapshot, r.RowsSkipped
	if r.Count != nil && r.Total != nil && e.State == "RESULT_READY" {
		count, total := int64(*r.Count), int64(*r.Total)
		e.EstimatedSize, e.Low, e.High, e.Exact, e.StandardError = count, count, count, true, 0
		e.TotalRows, e.NumRowsToRead, e.ProfilesReadSoFar, e.ProfilesMatchedSoFar = total, total, total, count
	}
	if f := r.Error; f != nil {
		e.Error = &Fault{Description: f.Message, Code: f.Code, In: f.In, Line: f.Line, Column: f.Column, Hint: f.Hint}
	}
}

// reason says why a job ended without an answer.
func reason(j redisx.Job) string {
	switch {
	case j.Error != "":
		return j.Error
	case j.State == redisx.Cancelled:
		return "the preview was cancelled"
	}
	return "the job is " + string(j.State)
}

// stamp writes a time as RFC 3339, "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}
