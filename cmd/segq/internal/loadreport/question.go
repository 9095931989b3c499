package loadreport

import "encoding/json"

// Op is the name of the request for the report of a worker.
const Op = "load"

// Question asks a worker for the report of its data. Snapshot names the data that is asked about, "" for any: a worker that has
// other data says but that.
type Question struct {
	Snapshot string `json:"snapshot,omitempty"`
	// Again says that the report was pending: one that was made meanwhile will do.
	Again bool `json:"again,omitempty"`
}

// Answer is the report. Pending says that it is on its way, since counting takes a while: it is worth asking again.
type Answer struct {
	Report   *Report `json:"report,omitempty"`
	Pending  bool    `json:"pending,omitempty"`
	Snapshot string  `json:"snapshot"`
}

// Fitting encodes an answer in so many bytes at most: names of files are left out, and then fields and rows, as often half of them as
// it takes.
func (a Answer) Fitting(most int) ([]byte, error) {
	if a.Report == nil {
		return json.Marshal(a)
	}
	r := *a.Report
	all := len(r.Fields)
	r.Files = make([]File, len(a.Report.Files)) // how many they are is told of them
	for a.Report = &r; ; {
		text, err := json.Marshal(a)
		if err != nil || len(text) <= most || len(r.Fields)+len(r.Rejects)+len(r.Notes)+len(r.Files) == 0 {
			return text, err
		}
		r.Fields, r.Rejects = r.Fields[:len(r.Fields)/2], r.Rejects[:len(r.Rejects)/2]
		r.Notes, r.Files = r.Notes[:len(r.Notes)/2], r.Files[:len(r.Files)/2]
		r.Left = all - len(r.Fields)
	}
}
