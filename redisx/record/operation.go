package record

import "encoding/json"

// Breakdown is the number of matching profiles by the value of a field, most frequent first.
type Breakdown struct {
	By     string       `json:"by"`
	Values []ValueCount `json:"values"`
	// Distinct is how many different values there are; Values may hold fewer.
	Distinct int `json:"distinct"`
	// Without is the number of profiles that have no value.
	Without int `json:"without"`
}

// Clause is what one clause of a query does to its audience: the profiles that it holds
// for, those that it and all before it hold for, and those that all others hold for.
type Clause struct {
	Clause string `json:"clause"`
	Alone  int    `json:"alone"`
	SoFar  int    `json:"so_far"`
	// Cumulative is SoFar under the name that it had first.
	Cumulative int `json:"cumulative"`
	// Kept is the part of those before it, of all profiles for the first, that it keeps.
	Kept    float64 `json:"kept"`
	Without int     `json:"without"`
	// CostsMost marks the clause without which the audience would grow most.
	CostsMost bool `json:"costs_most,omitempty"`
}

// Near is one clause of a query with the profiles for which it does not hold and all others do, and what each loosening
// of a part of it adds to the audience.
type Near struct {
	Clause   string     `json:"clause"`
	Missed   int        `json:"missed"`
	Loosened []Loosened `json:"loosened,omitempty"`
}

// Loosened is a query with one part loosened by one step.
type Loosened struct {
	// Part is what was written, and Becomes what stands there then: ">= 2".
	Part    string `json:"part"`
	Becomes string `json:"becomes"`
	// Query is the whole of it, Count the size of its audience, and Adds how much larger that is.
	Query string `json:"query"`
	Count int    `json:"count"`
	Adds  int    `json:"adds"`
	// Best marks the one that adds most.
	Best bool `json:"best,omitempty"`
}

// Lift is how much more frequent a value of a field is in an audience than among all profiles.
type Lift struct {
	Field string `json:"field"`
	Value string `json:"value"`
	// Null says that it is about the profiles that have no value.
	Null  bool `json:"null,omitempty"`
	Count int  `json:"count"`
	All   int  `json:"all"`
	// Share is the part of the audience that has the value, Base that of all profiles, and
	// Index is Share as a percentage of Base; Low and High are the ends of its 95 % interval.
	Share float64 `json:"share"`
	Base  float64 `json:"base"`
	Index float64 `json:"index"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	// P is the probability of a difference as large by chance, and Corrected the same where so
	// many values were compared.
	P         float64 `json:"p"`
	Corrected float64 `json:"p_corrected"`
	// Small says that few profiles are expected to have the value, so that little can be said.
	Small bool `json:"small,omitempty"`
}

// Overlap is what audiences have in common. Both and Jaccard hold a row an audience; Only
// is the number of profiles in an audience and in no other.
type Overlap struct {
	// Names are what the audiences are called, each in its own way: a name, else the text of the query.
	Names []string `json:"names"`
	// Queries are their rules, as they were written.
	Queries []string    `json:"queries,omitempty"`
	Both    [][]int     `json:"both"`
	Jaccard [][]float64 `json:"jaccard"`
	Only    []int       `json:"only"`
	All     int         `json:"all"`
	Any     int         `json:"any"`
	// Exact are the sets of audiences that some profile is in, and in no other, largest first.
	// There may be more sets, as Distinct says.
	Exact    []Intersection `json:"exact"`
	Distinct int            `json:"distinct"`
}

// Intersection is the number of profiles that are in each of some audiences, and in none of the
// others. In holds the indexes of the audiences.
type Intersection struct {
	In    []int `json:"in"`
	Count int   `json:"count"`
}

// Rows are the profiles that match, in the order of the data.
type Rows struct {
	Columns []RowColumn `json:"columns"`
	// Rows hold a value for each column, as JSON.
	Rows [][]json.RawMessage `json:"rows"`
	// Limited says that there are more.
	Limited bool `json:"limited,omitempty"`
	// Holds names the personal fields whose values are in the rows.
	Holds []string `json:"holds,omitempty"`
}

// RowColumn is a column of rows. Type is written as in [Field].
type RowColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
	// Parts is the type of lists, maps and objects with all that is in it, as workers publish the
	// type of a profile; nothing for other types.
	Parts json.RawMessage `json:"parts,omitempty"`
}

// Export says where the profiles of an export are.
type Export struct {
	To   string `json:"to"`
	Name string `json:"name"`
	// Version, Bits and Hashes are those of a published segment.
	Version string `json:"version,omitempty"`
	Bits    uint64 `json:"bits,omitempty"`
	Hashes  int    `json:"hashes,omitempty"`
	// File is below the folder of the tenant, with so many bytes, and so many Rows where columns
	// or a limit were asked for.
	File  string `json:"file,omitempty"`
	Bytes int64  `json:"bytes,omitempty"`
	Rows  *int   `json:"rows,omitempty"`
	// Holds names the personal fields whose values are where the profiles are.
	Holds []string `json:"holds,omitempty"`
}

// Field is one field of the data: its path as queries write it, and its type.
type Field struct {
	Path string `json:"path"`
	Type string `json:"type"`
	// Filled is the share of profiles with a value, nil where that is not known.
	Filled *float64 `json:"filled,omitempty"`
}

// Rule is the answer to one of the rules of a job. What all of them have in common is in
// the job's record.
type Rule struct {
	Name          string            `json:"name,omitempty"`
	Status        string            `json:"status"`
	Count         *int              `json:"count"`
	ElapsedMS     float64           `json:"elapsed_ms"`
	Type          string            `json:"type,omitempty"`
	Notes         []Note            `json:"notes,omitempty"`
	Sample        []string          `json:"sample,omitempty"`
	Values        *Values           `json:"values,omitempty"`
	ValuesSkipped map[string]int    `json:"values_skipped,omitempty"`
	Segments      map[string]string `json:"segments,omitempty"`
	Truncated     []string          `json:"truncated,omitempty"`
	Warnings      []string          `json:"warnings,omitempty"`
	Error         *Error            `json:"error,omitempty"`
}
