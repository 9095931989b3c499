package record

// Breakdown is the number of matching profiles by the value of a field.
type Breakdown struct {
	By     string       `json:"by"`
	Values []ValueCount `json:"values"`
	// Without is the number of those that have no value.
	Without int `json:"without"`
}

// Clause is what one clause of a query does to its audience: the profiles that it holds
// for, those that it and all before it hold for, and those that all others hold for.
type Clause struct {
	Clause     string `json:"clause"`
	Alone      int    `json:"alone"`
	Cumulative int    `json:"cumulative"`
	Without    int    `json:"without"`
}

// Lift is how much more frequent a value is in an audience than among all profiles.
// Index is Share as a percentage of Base; P is the probability of a difference as large by
// chance.
type Lift struct {
	Value string  `json:"value"`
	Count int     `json:"count"`
	All   int     `json:"all"`
	Share float64 `json:"share"`
	Base  float64 `json:"base"`
	Index float64 `json:"index"`
	P     float64 `json:"p"`
}

// Overlap is what audiences have in common. Both and Jaccard hold a row an audience; Only
// is the number of profiles in an audience and in no other.
type Overlap struct {
	Both    [][]int     `json:"both"`
	Jaccard [][]float64 `json:"jaccard"`
	Only    []int       `json:"only"`
	All     int         `json:"all"`
	Any     int         `json:"any"`
}

// Export says where the profiles of an export are.
type Export struct {
	To   string `json:"to"`
	Name string `json:"name"`
	// Version, Bits and Hashes are those of a published segment.
	Version string `json:"version,omitempty"`
	Bits    uint64 `json:"bits,omitempty"`
	Hashes  int    `json:"hashes,omitempty"`
	// File is below the folder of the tenant, with so many bytes.
	File  string `json:"file,omitempty"`
	Bytes int64  `json:"bytes,omitempty"`
}

// Field is one field of the data: its path as queries write it, and its type.
type Field struct {
	Path string `json:"path"`
	Type string `json:"type"`
}

// Rule is the answer to one of the rules of a job. What all of them have in common is in
// the job's record.
type Rule struct {
	Name          string            `json:"name,omitempty"`
	Status        string            `json:"status"`
	Count         *int              `json:"count"`
	ElapsedMS     float64           `json:"elapsed_ms"`
	Type          string            `json:"type,omitempty"`
	Sample        []string          `json:"sample,omitempty"`
	Values        *Values           `json:"values,omitempty"`
	ValuesSkipped map[string]int    `json:"values_skipped,omitempty"`
	Segments      map[string]string `json:"segments,omitempty"`
	Truncated     []string          `json:"truncated,omitempty"`
	Warnings      []string          `json:"warnings,omitempty"`
	Error         *Error            `json:"error,omitempty"`
}
